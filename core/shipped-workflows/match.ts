import { RENAMED_SHARE } from './defaults';
import { links, nodeFields, printOf, renameEnds, workingNodes } from './fields';
import type { FieldPrint, NodeRecord, Release, Workflow, WorkflowNode } from './types';

/** A field that is not as shipped. No `value`: the person set it back to n8n's default. */
export interface FieldEdit {
	path: string;
	value?: unknown;
}

/** A workflow laid over the release it came from. */
export interface Match {
	/** The workflow's node by the name it has in the release. */
	nodes: Map<string, WorkflowNode>;
	/** Name in the release by name in the workflow, where they differ. */
	renamed: Map<string, string>;
	/** In the release and not in the workflow. */
	missing: string[];
	/** In the workflow and not in the release. */
	added: WorkflowNode[];
	edits: Map<string, FieldEdit[]>;
	/** Connections with the names of the release. */
	linksAdded: string[];
	linksRemoved: string[];
	settings: FieldEdit[];
	/** Settings of the release that the workflow lacks: n8n's editor leaves all of them out on import. */
	settingsMissing: string[];
}

const asReleased = (print: FieldPrint | undefined, value: unknown): boolean => {
	const seen = value === undefined ? null : printOf(value);
	return print === undefined ? seen === null : [print].flat().includes(seen);
};

/** The fields of a node that are neither as shipped nor as n8n's editor saves them. */
export function fieldEdits(node: WorkflowNode, record: NodeRecord): FieldEdit[] {
	const fields = nodeFields(node);
	const paths = [...new Set([...fields.keys(), ...Object.keys(record.fields)])].sort();
	return paths
		.filter((path) => !asReleased(record.fields[path], fields.get(path)))
		.map((path) => (fields.has(path) ? { path, value: fields.get(path) } : { path }));
}

/** Share of a recorded node's fields that a node has as released. */
const likeness = (node: WorkflowNode, record: NodeRecord): number =>
	1 - fieldEdits(node, record).length / Math.max(Object.keys(record.fields).length, 1);

/** Lays a workflow over a release: by name, then, for what is left, by kind and content. */
export function matchRelease(workflow: Workflow, release: Release): Match {
	const nodes = new Map<string, WorkflowNode>();
	const renamed = new Map<string, string>();
	let open = workingNodes(workflow);
	for (const [name, record] of Object.entries(release.nodes)) {
		const found = open.find((node) => node.name === name && node.type === record.type);
		if (found) nodes.set(name, found);
	}
	open = open.filter((node) => nodes.get(node.name) !== node);
	for (const [name, record] of Object.entries(release.nodes)) {
		if (nodes.has(name)) continue;
		const likest = open
			.filter(({ type }) => type === record.type)
			.map((node) => ({ node, share: likeness(node, record) }))
			.sort((a, b) => b.share - a.share)[0];
		if (!likest || likest.share < RENAMED_SHARE) continue;
		nodes.set(name, likest.node);
		renamed.set(likest.node.name, name);
		open = open.filter((node) => node !== likest.node);
	}
	const theirs = links(workflow.connections).map((link) => renameEnds(link, (name) => renamed.get(name) ?? name));
	return {
		nodes,
		renamed,
		missing: Object.keys(release.nodes).filter((name) => !nodes.has(name)),
		added: open,
		edits: new Map(
			[...nodes]
				.map(([name, node]): [string, FieldEdit[]] => [name, fieldEdits(node, release.nodes[name])])
				.filter(([, edits]) => edits.length > 0),
		),
		linksAdded: theirs.filter((link) => !release.connections.includes(link)),
		linksRemoved: release.connections.filter((link) => !theirs.includes(link)),
		...matchSettings(workflow.settings ?? {}, release.settings),
	};
}

/** The error handler and the time zone are the person's to choose. */
const OWN_SETTINGS = ['errorWorkflow', 'timezone'];

function matchSettings(
	theirs: Record<string, unknown>,
	released: Record<string, unknown>,
): Pick<Match, 'settings' | 'settingsMissing'> {
	const shared = Object.keys(released).filter((name) => theirs[name] !== undefined);
	return {
		settings: shared
			.filter((name) => !OWN_SETTINGS.includes(name) && printOf(theirs[name]) !== printOf(released[name]))
			.map((path) => ({ path, value: theirs[path] })),
		settingsMissing: Object.keys(released).filter((name) => theirs[name] === undefined),
	};
}

/** How much of a release a workflow is: share of its fields that are as released, and of the nodes of both that are the same. */
export function closeness(workflow: Workflow, release: Release): { nodes: number; fields: number } {
	const records = Object.entries(release.nodes);
	const found = records.flatMap(([name, record]) => {
		const node = workingNodes(workflow).find((own) => own.name === name && own.type === record.type);
		return node ? [likeness(node, record)] : [];
	});
	const count = Math.max(records.length, 1);
	return {
		nodes: found.length / Math.max(count, workingNodes(workflow).length),
		fields: found.reduce((sum, share) => sum + share, 0) / count,
	};
}
