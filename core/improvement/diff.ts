import { canonicalJson } from '../agents';
import type { Versioned } from './state';

/** One step of RFC 6902. */
export type PatchStep = { op: 'add' | 'replace'; path: string; value: unknown } | { op: 'remove'; path: string };

const isObject = (value: unknown): value is Record<string, unknown> =>
	typeof value === 'object' && value !== null && !Array.isArray(value);
const same = (a: unknown, b: unknown): boolean => canonicalJson(a ?? null) === canonicalJson(b ?? null);
const pointer = (path: string, key: string): string => `${path}/${key.replace(/~/g, '~0').replace(/\//g, '~1')}`;

/** Entries that went are removed from the back, new ones come at the end; any other change of a list replaces it. */
function patchList(before: readonly unknown[], after: readonly unknown[], path: string): PatchStep[] {
	const kept = before.filter((entry) => after.some((other) => same(entry, other)));
	const added = after.slice(kept.length);
	if (!same(kept, after.slice(0, kept.length))) return [{ op: 'replace', path, value: after }];
	const gone = before.flatMap((entry, index) => (kept.includes(entry) ? [] : [index])).reverse();
	return [
		...gone.map((index): PatchStep => ({ op: 'remove', path: `${path}/${index}` })),
		...added.map((value): PatchStep => ({ op: 'add', path: `${path}/-`, value })),
	];
}

/** What turns `before` into `after`, as a JSON patch; empty where nothing changes. */
export function jsonPatch(before: unknown, after: unknown, path = ''): PatchStep[] {
	if (same(before, after)) return [];
	if (Array.isArray(before) && Array.isArray(after)) return patchList(before, after, path);
	if (!isObject(before) || !isObject(after)) return [{ op: 'replace', path, value: after }];
	return [...new Set([...Object.keys(before), ...Object.keys(after)])].sort().flatMap((key): PatchStep[] => {
		const at = pointer(path, key);
		if (after[key] === undefined) return before[key] === undefined ? [] : [{ op: 'remove', path: at }];
		if (before[key] === undefined) return [{ op: 'add', path: at, value: after[key] }];
		return jsonPatch(before[key], after[key], at);
	});
}

const show = (value: unknown): string =>
	value === null || value === undefined ? '–' : typeof value === 'string' ? value : canonicalJson(value);
const shownEntry = (value: unknown): string =>
	isObject(value) && typeof value.text === 'string' ? value.text : show(value);

/** The same for people: a line for what goes (`-`) and one for what comes (`+`), under the name of the field. */
export function diffLines(before: Versioned, after: Versioned): string[] {
	const old: Record<string, unknown> = { ...before.state };
	const now: Record<string, unknown> = { ...after.state };
	return [...new Set([...Object.keys(old), ...Object.keys(now)])].sort().flatMap((field): string[] => {
		const [had, has] = [old[field], now[field]];
		if (same(had, has)) return [];
		if (Array.isArray(had) && Array.isArray(has)) {
			return [
				...had.filter((entry) => !has.some((other) => same(entry, other))).map((e) => `- ${field}: ${shownEntry(e)}`),
				...has.filter((entry) => !had.some((other) => same(entry, other))).map((e) => `+ ${field}: ${shownEntry(e)}`),
			];
		}
		if (isObject(had) && isObject(has)) {
			return [...new Set([...Object.keys(had), ...Object.keys(has)])]
				.sort()
				.flatMap((key) =>
					same(had[key], has[key])
						? []
						: [
								...(had[key] === undefined ? [] : [`- ${field}.${key}: ${show(had[key])}`]),
								...(has[key] === undefined ? [] : [`+ ${field}.${key}: ${show(has[key])}`]),
							],
				);
		}
		return [`- ${field}: ${show(had)}`, `+ ${field}: ${show(has)}`];
	});
}
