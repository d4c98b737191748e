import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface LockedPackage {
	os?: string[];
	cpu?: string[];
	extraneous?: boolean;
}

/** The folders that `npm ci` of this lock file makes on this machine. */
export function lockedFolders(
	source: string,
	platform: string = process.platform,
	cpu: string = process.arch,
): string[] {
	const lock = JSON.parse(readFileSync(join(source, 'package-lock.json'), 'utf8')) as {
		packages: Record<string, LockedPackage>;
	};
	return Object.entries(lock.packages)
		.filter(([path, entry]) => path !== '' && !entry.extraneous && allows(entry.os, platform) && allows(entry.cpu, cpu))
		.map(([path]) => path);
}

/** npm's rule: a name allows, a name with an exclamation mark forbids. */
function allows(list: string[] | undefined, value: string): boolean {
	if (!list || list.length === 0) return true;
	if (list.includes(`!${value}`)) return false;
	return list.includes(value) || list.every((name) => name.startsWith('!'));
}

/** npm makes all folders at once and fills them one by one; a package is there when its manifest is. */
export const countInstalled = (target: string, folders: string[]): number =>
	folders.filter((folder) => existsSync(join(target, folder, 'package.json'))).length;
