import { versionOf } from './identify';
import { links, nodeFields, printOf, shippedPrint, workingNodes } from './fields';
import type { FieldPrint, NodeRecord, Release, Workflow, WorkflowNode } from './types';

/** A node's parameters as n8n's editor saves them: without what equals the default. */
export type SavedParameters = (node: WorkflowNode) => Record<string, unknown>;

/** What is kept of a version. `saved` is null where n8n is not at hand; then only what is shipped is told. */
export function recordRelease(workflow: Workflow, notes: string[], saved: SavedParameters): Release {
	const nodes = workingNodes(workflow)
		.map((node): [string, NodeRecord] => [node.name, recordNode(node, saved(node))])
		.sort(([a], [b]) => (a < b ? -1 : 1));
	return {
		version: versionOf(workflow),
		notes,
		name: workflow.name ?? '',
		nodes: Object.fromEntries(nodes),
		connections: links(workflow.connections),
		settings: workflow.settings ?? {},
	};
}

function recordNode(node: WorkflowNode, savedParameters: Record<string, unknown>): NodeRecord {
	const shipped = nodeFields(node);
	const saved = nodeFields({ ...node, parameters: savedParameters });
	const paths = [...new Set([...shipped.keys(), ...saved.keys()])].sort();
	const print = (from: Map<string, unknown>, path: string): string | null =>
		from.has(path) ? printOf(from.get(path)) : null;
	return {
		type: node.type,
		credentials: Object.keys(node.credentials ?? {}).sort(),
		fields: Object.fromEntries(paths.map((path) => [path, bothPrints(print(shipped, path), print(saved, path))])),
	};
}

const bothPrints = (shipped: string | null, saved: string | null): FieldPrint =>
	shipped !== null && shipped === saved ? shipped : [shipped, saved];

/** What of a shipped workflow differs from the release of its version: lines for the person who changed it. */
export function releaseDrift(workflow: Workflow, release: Release | undefined): string[] {
	if (!release) return ['this version is not recorded'];
	const now = recordRelease(workflow, [], (node) => node.parameters ?? {});
	const names = [...new Set([...Object.keys(now.nodes), ...Object.keys(release.nodes)])];
	const changed = names.filter((name) => shippedPart(now.nodes[name]) !== shippedPart(release.nodes[name]));
	return [
		...changed.map((name) => `node "${name}"`),
		...(now.name === release.name ? [] : ['name']),
		...(printOf(now.connections) === printOf(release.connections) ? [] : ['connections']),
		...(printOf(now.settings) === printOf(release.settings) ? [] : ['settings']),
	];
}

const shippedPart = (node: NodeRecord | undefined): string =>
	printOf(
		node && [
			node.type,
			node.credentials,
			Object.entries(node.fields)
				.map(([path, print]) => [path, shippedPrint(print)])
				.filter(([, print]) => print !== null),
		],
	);
