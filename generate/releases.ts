import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FactoryError } from '../core/errors';
import {
	markOf,
	NOTE_TYPE,
	versionOf,
	recordRelease,
	releaseDrift,
	type SavedParameters,
	type TemplateRecord,
	type Workflow,
} from '../core/shipped-workflows';
import { checkoutFolder } from '../sandbox/paths';

const asFile = (value: unknown): string => `${JSON.stringify(value, null, '\t')}\n`;

export interface RecordOptions {
	/** What changed, for the people who import it. Raises the version of what changed without it. */
	note?: string;
	saved: SavedParameters;
	say(line: string): void;
}

/** Writes the mark into the shipped workflows, and what each version was into core/shipped-workflows/releases. */
export function recordReleases({ note, saved, say }: RecordOptions): void {
	const root = checkoutFolder();
	const releases = join(root, 'core', 'shipped-workflows', 'releases');
	mkdirSync(releases, { recursive: true });
	for (const file of readdirSync(join(root, 'workflows')).filter((name) => name.endsWith('.json'))) {
		const place = join(root, 'workflows', file);
		const workflow = JSON.parse(readFileSync(place, 'utf8')) as Workflow & { id: string };
		const recorded = join(releases, file);
		const record = existsSync(recorded)
			? (JSON.parse(readFileSync(recorded, 'utf8')) as TemplateRecord)
			: { template: file.replace(/\.json$/, ''), workflowId: workflow.id, releases: [] };
		const told = bringUpToDate(workflow, record, { note, saved });
		if (told) say(`${record.template} ${told}`);
		const first = workflow.nodes.find(({ type }) => type === NOTE_TYPE);
		if (first) first.notes = markOf(record.template, versionOf(workflow));
		writeFileSync(place, asFile(workflow));
		writeFileSync(recorded, asFile(record));
	}
}

function bringUpToDate(
	workflow: Workflow,
	{ template, releases }: TemplateRecord,
	{ note, saved }: Pick<RecordOptions, 'note' | 'saved'>,
): string | undefined {
	const at = releases.findIndex(({ version }) => version === versionOf(workflow));
	const drift = releaseDrift(workflow, releases[at]);
	if (drift.length === 0) {
		// The nodes' defaults may have changed; what is shipped has not.
		releases[at] = recordRelease(workflow, releases[at].notes, saved);
		return undefined;
	}
	if (releases.length > 0 && note === undefined)
		throw new FactoryError(
			'VALUE_REFUSED',
			`${template} changed (${drift.join(', ')}). Say what is new: npm run workflows:record -- --note "...".`,
			{ item: template },
		);
	if (at >= 0) workflow.meta = { ...workflow.meta, templateVersion: raised(versionOf(workflow)) };
	releases.push(recordRelease(workflow, [note ?? 'First version.'], saved));
	return versionOf(workflow);
}

const raised = (version: string): string => {
	const [major, minor] = version.split('.').map(Number);
	return `${major}.${minor + 1}.0`;
};
