import { saveCampaignCosts } from '../../../core/crm';
import {
	actorOf,
	requiredText,
	showFor,
	tenantField,
	tenantId,
	type Operation,
	type OperationCall,
} from '../../shared';
import { cellsOf, csvField, fileOf } from '../fields';

export const description: Operation['description'] = showFor({ operation: ['saveCampaignCosts'] }, [
	tenantField(),
	{
		displayName: 'From',
		name: 'costsFrom',
		type: 'options',
		options: [
			{ name: 'CSV File', value: 'file' },
			{
				name: 'Items',
				value: 'items',
				description: 'Each item a row: campaign_id, campaign_name, day, spend, currency, ad_id',
			},
		],
		default: 'file',
		description: 'Where the costs stand',
	},
	{ ...csvField, displayOptions: { show: { costsFrom: ['file'] } } },
	{
		displayName: 'Platform of the Costs',
		name: 'costPlatform',
		type: 'options',
		options: [
			{ name: 'Facebook', value: 'facebook' },
			{ name: 'Google', value: 'google' },
			{ name: 'LinkedIn', value: 'linkedin' },
			{ name: 'Other', value: 'other' },
		],
		default: 'facebook',
		description: 'For rows that do not say it',
	},
	{
		displayName: 'Currency',
		name: 'currency',
		type: 'string',
		required: true,
		default: 'BRL',
		description: 'For rows that do not say it, three letters; costs of a campaign stay in one',
	},
]);

/** Items are saved together: rows of a campaign and day that stand apart are added up. */
export const executeAll: Operation['executeAll'] = async (calls) => {
	const [first] = calls;
	if (!first) return [];
	if (first.context.getNodeParameter('costsFrom', first.itemIndex) === 'file') {
		return await Promise.all(calls.map(async (call) => await execute(call).catch((error: Error) => error)));
	}
	const tenants = await Promise.all(
		calls.map(async ({ context, itemIndex, database }) => await tenantId(context, database, itemIndex).catch(String)),
	);
	const answers: Array<object | Error> = [];
	for (const tenant of new Set(tenants)) {
		const mine = calls.flatMap((call, index) => (tenants[index] === tenant ? [{ call, index }] : []));
		const together = await saveTogether(mine.map(({ call }) => call)).catch((error: Error) => error);
		mine.forEach(({ index }, place) => (answers[index] = together instanceof Error ? together : together[place]));
	}
	return answers;
};

async function saveTogether(calls: OperationCall[]): Promise<object[]> {
	const [{ context, itemIndex, database }] = calls;
	const tenant = await tenantId(context, database, itemIndex);
	const rows = calls.map((call) => cellsOf(context, call.itemIndex));
	const { problems } = await saveCampaignCosts(database, tenant, rows, defaultsOf(calls[0]), actorOf(context));
	return calls.map((_, place) => {
		const problem = problems.find(({ line }) => line === place + 1)?.reason ?? null;
		return { tenantId: tenant, saved: problem === null, problem };
	});
}

const defaultsOf = (call: OperationCall): { platform: string; currency: string } => ({
	platform: call.context.getNodeParameter('costPlatform', call.itemIndex) as string,
	currency: requiredText(call, 'currency'),
});

export const execute: Operation['execute'] = async (call) => {
	const { context, itemIndex, database } = call;
	const tenant = await tenantId(context, database, itemIndex);
	return {
		tenantId: tenant,
		...(await saveCampaignCosts(database, tenant, await fileOf(call), defaultsOf(call), actorOf(context))),
	};
};
