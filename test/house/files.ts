import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

export const ROOT = path.join(__dirname, '..', '..');

/** Made by a command, not kept in the repository. */
const MADE = new Set(['node_modules', 'dist', '.git', '.cache', '.sandbox', 'coverage', 'artifacts']);

/** Every file of the repository, relative to its root, with slashes. */
export function repositoryFiles(): string[] {
	const found: string[] = [];
	const walk = (folder: string): void => {
		for (const entry of readdirSync(path.join(ROOT, folder), { withFileTypes: true })) {
			if (MADE.has(entry.name)) continue;
			const name = path.posix.join(folder, entry.name);
			if (entry.isDirectory()) walk(name);
			else if (!/\.(tgz|log)$/.test(name)) found.push(name);
		}
	};
	walk('');
	return found.sort();
}

export const read = (file: string): string => readFileSync(path.join(ROOT, file), 'utf8');
export const readJson = <T>(file: string): T => JSON.parse(read(file)) as T;

/** All groups 1 of a pattern in a text, each once, sorted. */
export const allOf = (text: string, pattern: RegExp): string[] =>
	[...new Set([...text.matchAll(pattern)].map((match) => match[1]))].sort();
