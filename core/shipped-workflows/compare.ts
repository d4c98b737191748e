import { FactoryError } from '../errors';
import { releasesSince } from './check';
import { nodeFields, shippedPrint, workingNodes } from './fields';
import { identify, newest, type Identity } from './identify';
import { matchRelease, type Match } from './match';
import type { NodeRecord, Release, Template, Workflow, WorkflowNode } from './types';
import { editLines, fieldName, shown } from './words';

export interface Comparison {
	template: string;
	from: string;
	to: string;
	/** The notes of the versions between, `1.1.0: ...`. */
	notes: string[];
	/** What the template changed since, a line each. */
	changes: string[];
	/** What the person changed, a line each. */
	edits: string[];
	/** All of it, to be read. */
	text: string;
}

/** The template of a workflow, or a refusal that says what to hand over. */
export function requireIdentity(workflow: Workflow, templates: readonly Template[]): Identity {
	const identity = identify(workflow, templates);
	if (identity) return identity;
	throw new FactoryError(
		'VALUE_REFUSED',
		`The workflow "${workflow.name ?? ''}" is not one of this package's. Hand over only those that Check lists.`,
		{ item: 'workflow' },
	);
}

/** What changed between the version a workflow came from and the newest one, and what the person changed. */
export function compareWorkflow(workflow: Workflow, templates: readonly Template[]): Comparison {
	const identity = requireIdentity(workflow, templates);
	const { template, release } = identity;
	const match = matchRelease(workflow, release);
	const to = newest(template);
	const since = releasesSince(template, identity);
	const parts = {
		notes: since.flatMap(({ version, notes }) => notes.map((note) => `${version}: ${note}`)),
		changes: since.length === 0 ? [] : releaseChanges(release, to, template.workflow, match),
		edits: editLines(match),
	};
	const from = identity.version || release.version;
	return { template: template.template, from, to: to.version, ...parts, text: comparisonText(from, to, parts) };
}

function releaseChanges(from: Release, to: Release, shipped: Workflow, match: Match): string[] {
	const added = Object.keys(to.nodes).filter((name) => from.nodes[name]?.type !== to.nodes[name].type);
	const removed = Object.keys(from.nodes).filter((name) => to.nodes[name]?.type !== from.nodes[name].type);
	const kept = Object.keys(to.nodes).filter((name) => !added.includes(name));
	const settings = Object.keys({ ...from.settings, ...to.settings }).filter(
		(name) => from.settings[name] !== to.settings[name],
	);
	return [
		...added.map((name) => `Node "${name}" is new (${to.nodes[name].type})`),
		...removed.map((name) => `Node "${name}" is gone`),
		...kept.flatMap((name) =>
			changedFields(from.nodes[name], to.nodes[name]).map((path) =>
				fieldLine(name, path, match.nodes.get(name), shippedNode(shipped, name)),
			),
		),
		...to.connections.filter((link) => !from.connections.includes(link)).map((link) => `Connection new: ${link}`),
		...from.connections.filter((link) => !to.connections.includes(link)).map((link) => `Connection gone: ${link}`),
		...settings.map((name) => `Workflow setting ${name}: now ${shown(name, to.settings[name])}`),
	];
}

export const shippedNode = (shipped: Workflow, name: string): WorkflowNode | undefined =>
	workingNodes(shipped).find((node) => node.name === name);

/** Fields that two releases of a node do not share. */
export const changedFields = (from: NodeRecord, to: NodeRecord): string[] =>
	[...new Set([...Object.keys(from.fields), ...Object.keys(to.fields)])]
		.sort()
		.filter((path) => shippedPrint(from.fields[path]) !== shippedPrint(to.fields[path]));

function fieldLine(
	name: string,
	path: string,
	own: WorkflowNode | undefined,
	shipped: WorkflowNode | undefined,
): string {
	const [before, after] = [own, shipped].map((node) => (node ? nodeFields(node).get(path) : undefined));
	return `Node "${name}": ${fieldName(path)} becomes ${shown(path, after)}, you have ${shown(path, before)}`;
}

function comparisonText(from: string, to: Release, parts: Pick<Comparison, 'notes' | 'changes' | 'edits'>): string {
	const list = (title: string, lines: string[], none: string): string =>
		lines.length === 0 ? `${title}: ${none}` : `${title}:\n${lines.map((line) => `- ${line}`).join('\n')}`;
	return [
		from === to.version
			? `${to.name}: version ${from}, the newest.`
			: `${to.name}: version ${from}, newest is ${to.version}.`,
		list('What is new', parts.notes, 'nothing'),
		list('What the upgrade changes', parts.changes, 'nothing'),
		list('What you changed', parts.edits, 'nothing'),
	].join('\n\n');
}
