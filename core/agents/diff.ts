import type { CompiledAgentBundle } from './bundle';
import { canonicalJson } from './canonical';
import { DIFF_HASH, DIFF_TEXT } from './defaults';

/** One difference between two bundles, for a person to read. */
export interface BundleChange {
	/** Field of the spec, e.g. limits.maxMessages, or documents["Tabela de preços"]. */
	path: string;
	before: string | null;
	after: string | null;
	kind: 'added' | 'removed' | 'changed';
}

type Flat = Map<string, unknown>;

const isPlainObject = (value: unknown): value is Record<string, unknown> =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

/** Objects become dotted paths; a list is one value, because its order is its meaning. */
function flatten(value: unknown, path: string, into: Flat): Flat {
	if (!isPlainObject(value)) return into.set(path, value);
	for (const key of Object.keys(value).sort()) flatten(value[key], path === '' ? key : `${path}.${key}`, into);
	return into;
}

function show(value: unknown): string | null {
	if (value === undefined) return null;
	const text = typeof value === 'string' ? value : canonicalJson(value);
	return text.length <= DIFF_TEXT ? text : `${text.slice(0, DIFF_TEXT)}… (${text.length} characters)`;
}

function compare(before: Flat, after: Flat): BundleChange[] {
	const paths = [...new Set([...before.keys(), ...after.keys()])].sort();
	return paths.flatMap((path) => {
		const [had, has] = [before.get(path), after.get(path)];
		if (before.has(path) && after.has(path) && canonicalJson(had) === canonicalJson(has)) return [];
		const kind = !before.has(path) ? 'added' : !after.has(path) ? 'removed' : 'changed';
		return [{ path, before: show(had), after: show(has), kind }];
	});
}

function specOf({ spec }: CompiledAgentBundle): Flat {
	const { documents: _, ...rest } = spec;
	return flatten(rest, '', new Map());
}

/** By title: a document that moved within the list has not changed. */
const documentsOf = ({ documents }: CompiledAgentBundle): Flat =>
	new Map(
		documents.map(({ title, sha256, characters }) => [
			`documents[${JSON.stringify(title)}]`,
			`${characters} characters, sha256 ${sha256.slice(0, DIFF_HASH)}`,
		]),
	);

/** What changed from `a` to `b` in spec and documents; empty when both would answer alike. */
export const diffBundles = (a: CompiledAgentBundle, b: CompiledAgentBundle): BundleChange[] => [
	...compare(specOf(a), specOf(b)),
	...compare(documentsOf(a), documentsOf(b)),
];
