import { compareVersions, identify, newest, type Identity } from './identify';
import { matchRelease } from './match';
import type { Release, Template, Workflow } from './types';
import { editLines } from './words';

export const TEMPLATE_STATES = [
	...(['current', 'edited', 'behind', 'behind and edited'] as const),
	...(['newer than the package', 'not imported', 'not a template'] as const),
];
export type TemplateState = (typeof TEMPLATE_STATES)[number];

/** What the list of templates shows of one workflow. */
export interface Check {
	state: TemplateState;
	template: string | null;
	workflowId: string | null;
	workflowName: string;
	published: boolean;
	version: string | null;
	newestVersion: string | null;
	/** What the person changed in their copy. */
	edits: string[];
	/** Settings that n8n's editor left out on import, with what the template has. */
	missingSettings: Record<string, unknown>;
	/** What the newer versions bring. */
	news: string[];
	/** What to do, in a sentence. */
	advice: string;
}

const ADVICE: Record<TemplateState, string> = {
	current: 'Nothing to do.',
	edited: 'Up to date, with changes of your own; an upgrade would keep them.',
	behind: 'Make the new version with Upgrade, and import it or let the workflow write it back.',
	'behind and edited': 'Look at Compare first: Upgrade keeps your changes and lists what it cannot keep.',
	'newer than the package': 'The workflow comes from a newer package than the one installed. Update the package.',
	'not imported': 'Import it from the folder dist/workflows of the package if you want what it does.',
	'not a template': 'Not of this package.',
};

/** Which workflow of the package this is, whether it is behind, and what the person made of it. */
export function checkWorkflow(workflow: Workflow, templates: readonly Template[]): Check {
	const identity = identify(workflow, templates);
	const own = {
		workflowId: workflow.id ?? null,
		workflowName: workflow.name ?? '',
		published: workflow.active === true,
	};
	if (!identity) return { ...own, ...nothingOf('not a template') };
	const { template, release } = identity;
	const match = matchRelease(workflow, release);
	const edits = editLines(match);
	const state = stateOf(identity, edits.length > 0);
	const lacks = match.settingsMissing.length > 0;
	return {
		...own,
		state,
		template: template.template,
		version: identity.version || release.version,
		newestVersion: newest(template).version,
		edits,
		missingSettings: Object.fromEntries(match.settingsMissing.map((name) => [name, release.settings[name]])),
		news: newsSince(template, identity),
		advice: lacks ? `${ADVICE[state]} ${LACKS_SETTINGS}` : ADVICE[state],
	};
}

const LACKS_SETTINGS =
	"It lacks settings of the template, because n8n's editor leaves them out when it imports a file: set them under Settings of the workflow, or use Upgrade.";

/** Templates of which no workflow was found, as lines of the same list. */
export function notImported(found: readonly Check[], templates: readonly Template[]): Check[] {
	const there = new Set(found.map(({ template }) => template));
	return templates
		.filter(({ template }) => !there.has(template))
		.map((template) => ({
			...nothingOf('not imported'),
			...{ template: template.template, newestVersion: newest(template).version },
			...{ workflowId: null, workflowName: newest(template).name, published: false },
		}));
}

const nothingOf = (state: TemplateState): Omit<Check, 'workflowId' | 'workflowName' | 'published'> => ({
	...{ state, template: null, version: null, newestVersion: null, edits: [], missingSettings: {}, news: [] },
	advice: ADVICE[state],
});

function stateOf({ template, version, release, known }: Identity, edited: boolean): TemplateState {
	const there = version === '' || known ? release.version : version;
	const order = compareVersions(there, newest(template).version);
	if (order > 0) return 'newer than the package';
	if (order < 0) return edited ? 'behind and edited' : 'behind';
	return edited ? 'edited' : 'current';
}

/** Releases after the one that the workflow has. */
export const releasesSince = (template: Template, { version, release }: Identity): Release[] =>
	template.releases.filter((later) => compareVersions(later.version, version || release.version) > 0);

const newsSince = (template: Template, identity: Identity): string[] =>
	releasesSince(template, identity).flatMap(({ version, notes }) => notes.map((note) => `${version}: ${note}`));
