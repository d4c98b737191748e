import { importLeads, type ImportedRow } from '../../../../core/leads';
import { actorOf, itemJson, showFor, tenantField, tenantId, type Operation, type OperationCall } from '../../../shared';
import { textOf } from '../../../shared/text';
import { tagsOf } from './fields';

export const description: Operation['description'] = showFor(
	{ resource: ['instagramOutreach'], operation: ['importLeads'] },
	[
		tenantField(),
		{
			displayName: 'Source',
			name: 'source',
			type: 'string',
			default: 'csv',
			description: 'Where rows that do not say so themselves come from, e.g. post_like, post_comment, follower',
		},
		{
			displayName: 'Tags',
			name: 'tags',
			type: 'string',
			default: '',
			description: 'Tags to put on every lead of this import, separated by commas; Start Run picks leads by them',
		},
		{
			displayName:
				'Each item is a row, at most 10,000 of them: username, full_name, bio, followers_count, following_count, is_private, is_verified, profile_url, source, tags. Headings in Portuguese are understood.',
			name: 'importNotice',
			type: 'notice',
			default: '',
		},
	],
);

export const execute: Operation['execute'] = async (call) =>
	await executeAll([call]).then(([answer]) => settled(answer));

interface Group {
	tenant: string;
	source: string | undefined;
	tags: string[];
	calls: OperationCall[];
}

/** All rows of a tenant at once: a line that stands twice is seen, and the database is asked once. */
export const executeAll = async (calls: OperationCall[]): Promise<Array<object | Error>> => {
	const groups = new Map<string, Group>();
	const answers = new Map<OperationCall, object | Error>();
	for (const call of calls) {
		try {
			const tenant = await tenantId(call.context, call.database, call.itemIndex);
			const source = textOf(call, 'source');
			const tags = tagsOf(textOf(call, 'tags'));
			const key = JSON.stringify([tenant, source, tags]);
			const group = groups.get(key) ?? { tenant, source, tags, calls: [] };
			group.calls.push(call);
			groups.set(key, group);
		} catch (error) {
			answers.set(call, error as Error);
		}
	}
	for (const group of groups.values()) {
		const rows = await imported(group).catch((error: Error) => error);
		group.calls.forEach((call, index) => {
			answers.set(call, rows instanceof Error ? rows : { tenantId: group.tenant, ...rows[index] });
		});
	}
	return calls.map((call) => answers.get(call)!);
};

const imported = async (group: Group): Promise<ImportedRow[]> =>
	await importLeads(
		group.calls[0].database,
		group.tenant,
		group.calls.map(({ context, itemIndex }) => itemJson(context, itemIndex)),
		{ source: group.source, tags: group.tags, actor: actorOf(group.calls[0].context) },
	);

function settled(answer: object | Error): object {
	if (answer instanceof Error) throw answer;
	return answer;
}
