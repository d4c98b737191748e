import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FactoryError } from '../../core/errors';
import { ensureCached, isReady } from '../cache';
import { npm } from '../npm';
import { countInstalled, lockedFolders } from './lock-file';
import { cacheFolder, checkoutFolder } from '../paths';

export interface N8nInstall {
	folder: string;
	version: string;
	/** The Node that runs it (n8n 2.41 wants 24). */
	node: string;
	/** n8n's own launcher script. */
	script: string;
}

export interface InstallOptions {
	/** The folder with package.json and package-lock.json; default: sandbox/n8n of the checkout. */
	source?: string;
	cacheRoot?: string;
	detail?: (text: string) => void;
	signal?: AbortSignal;
}

const progressEveryMs = 2_000;
const neededNodeMajor = 24;

/** Where an n8n of this lock file is, or will be. */
export function n8nCacheFolder(source: string, cacheRoot: string): string {
	const hash = createHash('sha256')
		.update(readFileSync(join(source, 'package-lock.json')))
		.digest('hex');
	return join(cacheRoot, `n8n-${hash.slice(0, 16)}`);
}

export const defaultSource = (): string => join(checkoutFolder(), 'sandbox', 'n8n');

export const isN8nInstalled = (source = defaultSource(), cacheRoot = cacheFolder()): boolean =>
	isReady(n8nCacheFolder(source, cacheRoot));

/** Installs the pinned n8n once; later calls, also of other checkouts with the same lock file, find it. */
export async function installN8n(options: InstallOptions = {}): Promise<N8nInstall> {
	const source = options.source ?? defaultSource();
	const folder = n8nCacheFolder(source, options.cacheRoot ?? cacheFolder());
	const detail = options.detail ?? (() => undefined);
	await installLocked(source, folder, detail, options.signal);
	const manifest = JSON.parse(readFileSync(join(folder, 'node_modules', 'n8n', 'package.json'), 'utf8')) as {
		version: string;
	};
	return {
		folder,
		version: manifest.version,
		node: nodeForN8n(),
		script: join(folder, 'node_modules', 'n8n', 'bin', 'n8n'),
	};
}

/** `npm ci` of a locked package into the cache; no install script runs. */
export async function installLocked(
	source: string,
	folder: string,
	detail: (text: string) => void,
	signal?: AbortSignal,
): Promise<boolean> {
	return ensureCached({
		folder,
		signal,
		onWait: (pid) => detail(`process ${pid} is installing it, waiting`),
		fill: async (temporary) => {
			for (const name of ['package.json', 'package-lock.json']) copyFileSync(join(source, name), join(temporary, name));
			const folders = lockedFolders(source);
			const report = (when: string) => {
				detail(`${titleOf(source)}${when}: ${countInstalled(temporary, folders)} of ${folders.length} packages`);
			};
			report(', about 5 minutes');
			const timer = setInterval(() => report(', about 5 minutes'), progressEveryMs);
			try {
				await npm(['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
					cwd: temporary,
					signal,
				});
			} catch (cause) {
				throw new FactoryError(
					'SANDBOX_INSTALL_FAILED',
					`npm could not install what ${join(source, 'package-lock.json')} lists. Is the npm registry reachable, and is there room on the disk (3 GB)?\n${cause instanceof Error ? cause.message : String(cause)}`,
					{ cause, retryable: true },
				);
			} finally {
				clearInterval(timer);
			}
			report('');
		},
	});
}

function titleOf(source: string): string {
	const { dependencies = {} } = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8')) as {
		dependencies?: Record<string, string>;
	};
	const [name, version] = Object.entries(dependencies)[0] ?? ['packages', ''];
	return `installing ${name} ${version}, once`;
}

/** This process's Node when it is new enough, else the dev dependency `node`. */
export function nodeForN8n(): string {
	if (Number(process.versions.node.split('.')[0]) >= neededNodeMajor) return process.execPath;
	const shipped = join(checkoutFolder(), 'node_modules', '.bin', process.platform === 'win32' ? 'node.exe' : 'node');
	if (existsSync(shipped)) return shipped;
	throw new FactoryError(
		'SANDBOX_OLD_NODE',
		`n8n needs Node ${neededNodeMajor} and this is ${process.version}. Run: npm ci   (it brings Node ${neededNodeMajor} along)`,
	);
}
