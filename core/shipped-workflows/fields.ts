import { createHash } from 'node:crypto';
import { HASH_DIGITS } from './defaults';
import type { Connections, FieldPrint, Workflow, WorkflowNode } from './types';

/** What n8n notes about a picked entry for people to read; it says nothing about what the node does. */
const REMEMBERED = new Set(['cachedResultName', 'cachedResultUrl']);

/** Settings of a node that change what it does. The others say where it stands and what it is called. */
export const NODE_SWITCHES = [
	...['typeVersion', 'disabled', 'onError', 'continueOnFail', 'executeOnce', 'alwaysOutputData'],
	...['retryOnFail', 'maxTries', 'waitBetweenTries'],
];

const isObject = (value: unknown): value is Record<string, unknown> =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

/** The same value always as the same text. */
export function canonical(value: unknown): string {
	if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
	if (!isObject(value)) return JSON.stringify(value) ?? 'null';
	const entries = Object.entries(value).filter(([key, inner]) => inner !== undefined && !REMEMBERED.has(key));
	return `{${entries
		.sort(([a], [b]) => (a < b ? -1 : 1))
		.map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`)
		.join(',')}}`;
}

export const printOf = (value: unknown): string =>
	createHash('sha256').update(canonical(value)).digest('hex').slice(0, HASH_DIGITS);

/** Of a field as it is shipped; null when it is not. */
export const shippedPrint = (print: FieldPrint | undefined): string | null =>
	print === undefined || typeof print === 'string' ? (print ?? null) : print[0];

/** Parameters by path: `options.responseCode`. A list is one value; an empty group says nothing. */
export function fieldsOf(parameters: unknown, prefix = ''): Map<string, unknown> {
	const found = new Map<string, unknown>();
	for (const [key, value] of Object.entries(isObject(parameters) ? parameters : {})) {
		if (value === undefined || REMEMBERED.has(key)) continue;
		if (!isObject(value)) found.set(prefix + key, value);
		else for (const [path, inner] of fieldsOf(value, `${prefix}${key}.`)) found.set(path, inner);
	}
	return found;
}

/** Everything about a node that changes what it does: parameters by path, switches behind an @. */
export function nodeFields(node: WorkflowNode): Map<string, unknown> {
	const found = fieldsOf(node.parameters);
	for (const name of NODE_SWITCHES) {
		const value = node[name];
		if (value !== undefined && value !== false && value !== null) found.set(`@${name}`, value);
	}
	return found;
}

/** Sets a field in place; `undefined` takes it out. */
export function setField(node: WorkflowNode, path: string, value: unknown): void {
	const keys = path.startsWith('@') ? [path.slice(1)] : ['parameters', ...path.split('.')];
	let at: Record<string, unknown> = node;
	for (const key of keys.slice(0, -1)) {
		const inner = at[key];
		at = isObject(inner) ? inner : (at[key] = {});
	}
	const last = keys.at(-1)!;
	if (value === undefined) delete at[last];
	else at[last] = value;
}

const LINK = /^(.*) \[(.+) (\d+)\] -> (.*) \[(.+) (\d+)\]$/;

/** Each connection as one line: `Claim [main 0] -> Reply [main 0]`. */
export function links(connections: Connections | undefined): string[] {
	const found: string[] = [];
	for (const [from, kinds] of Object.entries(connections ?? {}))
		for (const [kind, outputs] of Object.entries(kinds))
			(outputs ?? []).forEach((targets, output) =>
				(targets ?? []).forEach((to) =>
					found.push(`${from} [${kind} ${output}] -> ${to.node} [${to.type} ${to.index}]`),
				),
			);
	return [...new Set(found)].sort();
}

/** The two ends of such a line, by name. */
export function endsOf(link: string): { from: string; to: string } {
	const [, from = '', , , to = ''] = LINK.exec(link) ?? [];
	return { from, to };
}

/** Such a line with other names. */
export const renameEnds = (link: string, name: (old: string) => string): string => {
	const [, from, kind, output, to, type, index] = LINK.exec(link) ?? [];
	return `${name(from)} [${kind} ${output}] -> ${name(to)} [${type} ${index}]`;
};

/** The lines as n8n writes them. */
export function connectionsFrom(lines: readonly string[]): Connections {
	const made: Connections = {};
	for (const line of lines) {
		const [, from, kind, output, to, type, index] = LINK.exec(line) ?? [];
		const outputs = ((made[from] ??= {})[kind] ??= []);
		while (outputs.length <= Number(output)) outputs.push([]);
		outputs[Number(output)]!.push({ node: to, type, index: Number(index) });
	}
	return made;
}

export const NOTE_TYPE = 'n8n-nodes-base.stickyNote';
/** Nodes that do something. */
export const workingNodes = ({ nodes }: Workflow): WorkflowNode[] => nodes.filter(({ type }) => type !== NOTE_TYPE);
