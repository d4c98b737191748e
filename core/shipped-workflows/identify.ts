import { RECOGNISED_SHARE } from './defaults';
import { NOTE_TYPE } from './fields';
import { closeness } from './match';
import type { Release, Template, Workflow } from './types';

/** Which template a workflow came from, and which of its versions. */
export interface Identity {
	template: Template;
	/** As the workflow says; empty when it says nothing and its content had to be recognised. */
	version: string;
	/** The release it is compared with: of that version, or the likest one where the package has no record of it. */
	release: Release;
	known: boolean;
}

const MARK = /^n8n-nodes-agent-factory (\d\d-[\w-]+) (\d+\.\d+\.\d+)$/m;

/**
 * The mark on a template's sticky note. n8n's editor keeps a node's notes on import and its API takes them; it drops
 * `meta` on import, and its API refuses to write it.
 */
export const markOf = (template: string, version: string): string => `n8n-nodes-agent-factory ${template} ${version}`;

/** Nothing for a workflow that is not of this package. */
export function identify(workflow: Workflow, templates: readonly Template[]): Identity | undefined {
	const marked = markedAs(workflow);
	const named = templates.find(({ template }) => template === marked?.template);
	const template =
		named ?? templates.find(({ workflowId }) => workflowId === workflow.id) ?? recognised(workflow, templates);
	if (!template) return undefined;
	const version = named ? marked!.version : '';
	const release = template.releases.find((known) => known.version === version);
	return { template, version, release: release ?? likest(workflow, template), known: release !== undefined };
}

/** The version that a shipped workflow says it is. */
export const versionOf = ({ meta }: Workflow): string =>
	typeof meta?.templateVersion === 'string' ? meta.templateVersion : '';

function markedAs(workflow: Workflow): { template: string; version: string } | undefined {
	for (const { type, notes } of workflow.nodes) {
		const [, template, version] = (type === NOTE_TYPE && MARK.exec(notes ?? '')) || [];
		if (template) return { template, version };
	}
	const { templateId, templateVersion } = workflow.meta ?? {};
	if (typeof templateId !== 'string' || typeof templateVersion !== 'string') return undefined;
	return { template: templateId, version: templateVersion };
}

function recognised(workflow: Workflow, templates: readonly Template[]): Template | undefined {
	const shares = templates.map((template) => ({
		template,
		share: Math.max(...template.releases.map((release) => closeness(workflow, release).nodes)),
	}));
	const best = shares.sort((a, b) => b.share - a.share)[0];
	return best && best.share >= RECOGNISED_SHARE ? best.template : undefined;
}

/** Of equals the newest. */
const likest = (workflow: Workflow, { releases }: Template): Release =>
	[...releases].reverse().sort((a, b) => closeness(workflow, b).fields - closeness(workflow, a).fields)[0];

export const newest = ({ releases }: Template): Release => releases.at(-1)!;

/** -1, 0 or 1, by the numbers. */
export function compareVersions(a: string, b: string): number {
	const [left, right] = [a, b].map((version) => version.split('.').map(Number));
	const at = [0, 1, 2].find((part) => (left[part] ?? 0) !== (right[part] ?? 0));
	return at === undefined ? 0 : Math.sign((left[at] ?? 0) - (right[at] ?? 0));
}
