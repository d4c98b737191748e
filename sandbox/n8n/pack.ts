import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FactoryError } from '../../core/errors';
import { ensureCached, linkTree } from '../cache';
import { npm } from '../npm';
import { cacheFolder, checkoutFolder, packName } from '../paths';
import { runToEnd } from '../processes';

/** The flags of n8n 2.41's own installer, after it has unpacked a community package. */
const installerFlags = [
	'--audit=false',
	'--fund=false',
	'--bin-links=false',
	'--install-strategy=shallow',
	'--ignore-scripts=true',
	'--package-lock=false',
];

interface Manifest {
	name: string;
	version: string;
	dependencies?: Record<string, string>;
	devDependencies?: unknown;
	peerDependencies?: unknown;
	optionalDependencies?: unknown;
}

/** `npm pack` of the checkout: what would be published, from the built dist. */
export async function packPack(destination: string, root = checkoutFolder(), signal?: AbortSignal): Promise<string> {
	mkdirSync(destination, { recursive: true });
	const args = ['pack', '--silent', '--ignore-scripts', `--pack-destination=${destination}`];
	const output = await npm(args, { cwd: root, signal });
	const name = output.trim().split('\n').pop()?.trim();
	if (!name?.endsWith('.tgz'))
		throw new FactoryError('SANDBOX_PACK_FAILED', 'npm pack printed no file name. Run: npm run build && npm pack');
	return join(destination, name);
}

export interface InstallPackOptions {
	tarball: string;
	/** N8N_USER_FOLDER; the pack goes to .n8n/nodes/node_modules below it. */
	userFolder: string;
	cacheRoot?: string;
	detail?: (text: string) => void;
	signal?: AbortSignal;
}

/** Installs the tarball the way n8n's own installer does, dependencies from the cache when an earlier start fetched the same set. */
export async function installPack(options: InstallPackOptions): Promise<string> {
	const nodesFolder = join(options.userFolder, '.n8n', 'nodes');
	const packageFolder = join(nodesFolder, 'node_modules', packName);
	rmSync(packageFolder, { recursive: true, force: true });
	mkdirSync(packageFolder, { recursive: true });
	await runToEnd('tar', ['-xzf', options.tarball, '-C', packageFolder, '--strip-components=1'], {
		signal: options.signal,
	});
	const manifest = strippedManifest(packageFolder);
	const dependencies = await cachedDependencies(manifest, options);
	if (dependencies) linkTree(dependencies, join(packageFolder, 'node_modules'));
	const registered = { name: 'installed-nodes', private: true, dependencies: { [packName]: manifest.version } };
	writeFileSync(join(nodesFolder, 'package.json'), JSON.stringify(registered, null, 2));
	return packageFolder;
}

/** n8n drops these three lists before it installs, so a dependency that stands only there is missing at run time. */
function strippedManifest(packageFolder: string): Manifest {
	const file = join(packageFolder, 'package.json');
	const { devDependencies, peerDependencies, optionalDependencies, ...kept } = JSON.parse(
		readFileSync(file, 'utf8'),
	) as Manifest;
	void [devDependencies, peerDependencies, optionalDependencies];
	writeFileSync(file, JSON.stringify(kept, null, 2));
	return kept;
}

async function cachedDependencies(manifest: Manifest, options: InstallPackOptions): Promise<string | undefined> {
	const dependencies = Object.fromEntries(Object.entries(manifest.dependencies ?? {}).sort());
	if (Object.keys(dependencies).length === 0) return undefined;
	const hash = createHash('sha256')
		.update(JSON.stringify([dependencies, installerFlags]))
		.digest('hex');
	const folder = join(options.cacheRoot ?? cacheFolder(), `pack-${hash.slice(0, 16)}`);
	await ensureCached({
		folder,
		signal: options.signal,
		fill: async (temporary) => {
			options.detail?.(`fetching ${Object.keys(dependencies).length} dependencies, once`);
			const work = join(temporary, 'work');
			mkdirSync(work);
			writeFileSync(join(work, 'package.json'), JSON.stringify({ ...manifest, dependencies }, null, 2));
			await npm(['install', ...installerFlags], { cwd: work, signal: options.signal });
			renameSync(join(work, 'node_modules'), join(temporary, 'node_modules'));
			rmSync(work, { recursive: true, force: true });
		},
	});
	return join(folder, 'node_modules');
}
