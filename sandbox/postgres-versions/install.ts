import { createHash } from 'node:crypto';
import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { installLocked } from '../n8n/install';
import { cacheFolder, checkoutFolder } from '../paths';
import { nativeFolder } from '../postgres-files';

/** The majors beside the one of package.json; each has its own lock file in a folder here. */
export const OLDER_MAJORS = ['15', '16', '17'] as const;
export type OlderMajor = (typeof OLDER_MAJORS)[number];

/** Installs the binaries of another major once into the cache and answers their folder, for `startPostgres({ native })`. */
export async function installPostgres(
	major: OlderMajor,
	detail: (text: string) => void = () => undefined,
	cacheRoot = cacheFolder(),
): Promise<string> {
	const source = join(checkoutFolder(), 'sandbox', 'postgres-versions', major);
	const lock = readFileSync(join(source, 'package-lock.json'));
	const hash = createHash('sha256').update(lock).digest('hex').slice(0, 16);
	const folder = join(cacheRoot, `postgres-${major}-${hash}`);
	await installLocked(source, folder, detail);
	const native = nativeFolder(join(folder, 'package.json'));
	linkLibraries(native);
	return native;
}

/** npm packs no symbolic links: the package lists them, and its install script, which does not run here, would make them. */
function linkLibraries(native: string): void {
	const list = join(native, 'pg-symlinks.json');
	if (!existsSync(list)) return;
	const root = dirname(native);
	for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as Array<Record<string, string>>) {
		const at = join(root, target);
		if (existsSync(at)) continue;
		try {
			symlinkSync(relative(dirname(target), source), at);
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
		}
	}
}
