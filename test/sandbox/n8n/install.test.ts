import { existsSync, readFileSync, writeFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { installLocked, n8nCacheFolder } from '../../../sandbox/n8n/install';
import { countInstalled, lockedFolders } from '../../../sandbox/n8n/lock-file';
import { checkoutFolder } from '../../../sandbox/paths';
import { temporaryFolder } from '../../support/temporary-folder';

const root = temporaryFolder();

function lockedPackage(name: string, packages: Record<string, unknown> = {}): string {
	const source = join(root, name);
	mkdirSync(source, { recursive: true });
	const manifest = { name, version: '1.0.0' };
	writeFileSync(join(source, 'package.json'), JSON.stringify(manifest));
	const lock = { ...manifest, lockfileVersion: 3, requires: true, packages: { '': manifest, ...packages } };
	writeFileSync(join(source, 'package-lock.json'), JSON.stringify(lock));
	return source;
}

describe('installing n8n', () => {
	it('installs a locked package with npm once and finds it again', async () => {
		const source = lockedPackage('tiny');
		const folder = n8nCacheFolder(source, join(root, 'cache'));
		expect(await installLocked(source, folder, () => undefined)).toBe(true);
		expect(await installLocked(source, folder, () => undefined)).toBe(false);
		expect(existsSync(join(folder, 'package.json'))).toBe(true);
	});

	it('says what to look at when npm cannot install', async () => {
		const source = lockedPackage('out-of-step');
		writeFileSync(join(source, 'package.json'), JSON.stringify({ name: 'x', dependencies: { 'is-odd': '3.0.1' } }));
		const folder = n8nCacheFolder(source, join(root, 'cache'));
		await expect(installLocked(source, folder, () => undefined)).rejects.toMatchObject({
			code: 'SANDBOX_INSTALL_FAILED',
		});
	});

	it('keys the cache by the lock file', () => {
		const [one, two] = [lockedPackage('one'), lockedPackage('two')];
		expect(n8nCacheFolder(one, root)).not.toBe(n8nCacheFolder(two, root));
		expect(n8nCacheFolder(one, root)).toMatch(/n8n-[0-9a-f]{16}$/);
	});

	it('counts what the lock file brings to this platform', () => {
		const source = lockedPackage('platforms', {
			'node_modules/always': {},
			'node_modules/linux-only': { os: ['linux'] },
			'node_modules/not-linux': { os: ['!linux'] },
			'node_modules/arm-only': { cpu: ['arm64'] },
			'node_modules/left-over': { extraneous: true },
		});
		const folders = lockedFolders(source, 'linux', 'x64');
		expect(folders).toEqual(['node_modules/always', 'node_modules/linux-only']);
		mkdirSync(join(source, 'node_modules', 'always'), { recursive: true });
		expect(countInstalled(source, folders)).toBe(0);
		writeFileSync(join(source, 'node_modules', 'always', 'package.json'), '{}');
		expect(countInstalled(source, folders)).toBe(1);
	});

	it('has a lock file that pins n8n and names no package without a version', () => {
		const lock = JSON.parse(readFileSync(join(checkoutFolder(), 'sandbox', 'n8n', 'package-lock.json'), 'utf8'));
		expect(lock.packages['node_modules/n8n'].version).toBe('2.41.1');
		expect(lock.packages['node_modules/linkedom'].version).toBe('0.18.12');
		const entries = Object.entries(
			lock.packages as Record<string, { version?: string; optionalDependencies?: object }>,
		);
		// npm ci refuses a lock file that lacks an optional dependency, even one for another platform.
		const missing = entries.flatMap(([path, entry]) =>
			Object.keys(entry.optionalDependencies ?? {}).filter(
				(name) => !entries.some(([other]) => other.endsWith(`node_modules/${name}`)) && path !== '',
			),
		);
		expect(missing).toEqual([]);
	});
});
