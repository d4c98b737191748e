import {
	cpSync,
	existsSync,
	linkSync,
	lstatSync,
	mkdirSync,
	mkdtempSync,
	readFileSync,
	readdirSync,
	readlinkSync,
	renameSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import { dirname, basename, join } from 'node:path';
import { FactoryError } from '../core/errors';

/** Written last, before the folder gets its final name: a folder without it is a half-done one. */
const markerName = '.ready';
const lockPollMs = 500;
/** A first n8n install on a slow line takes some ten minutes. */
const lockWaitMs = 30 * 60_000;

export interface CacheEntry {
	/** The folder that `fill` makes. */
	folder: string;
	/** Fills an empty folder beside the final one. */
	fill: (temporary: string) => Promise<void>;
	/** Called while another process fills the same entry. */
	onWait?: (pid: number) => void;
	signal?: AbortSignal;
}

/** Is the entry there and complete? */
export const isReady = (folder: string): boolean => existsSync(join(folder, markerName));

/** Fills the entry unless it is there; two processes at once fill it once. Answers whether this call filled it. */
export async function ensureCached({ folder, fill, onWait, signal }: CacheEntry): Promise<boolean> {
	if (isReady(folder)) return false;
	mkdirSync(dirname(folder), { recursive: true });
	const release = await takeLock(`${folder}.lock`, () => isReady(folder), onWait, signal);
	if (!release) return false;
	try {
		if (isReady(folder)) return false;
		removeLeftovers(folder);
		const temporary = mkdtempSync(`${folder}.part-`);
		try {
			await fill(temporary);
			writeFileSync(join(temporary, markerName), `${new Date().toISOString()}\n`);
			rmSync(folder, { recursive: true, force: true });
			renameSync(temporary, folder);
		} finally {
			rmSync(temporary, { recursive: true, force: true });
		}
		return true;
	} finally {
		release();
	}
}

/** Creates the lock file with our pid; waits for a living holder, takes over from a dead one. */
async function takeLock(
	lock: string,
	notNeeded: () => boolean,
	onWait?: (pid: number) => void,
	signal?: AbortSignal,
): Promise<(() => void) | undefined> {
	const deadline = Date.now() + lockWaitMs;
	for (;;) {
		signal?.throwIfAborted();
		if (notNeeded()) return undefined;
		try {
			writeFileSync(lock, String(process.pid), { flag: 'wx' });
			const release = () => rmSync(lock, { force: true });
			process.once('exit', release);
			return () => {
				process.off('exit', release);
				release();
			};
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
		}
		const holder = holderOf(lock);
		if (holder !== undefined && !isAlive(holder)) {
			rmSync(lock, { force: true });
			continue;
		}
		if (Date.now() > deadline) {
			throw new FactoryError(
				'SANDBOX_CACHE_LOCKED',
				`Another process (${holder ?? 'unknown'}) holds ${lock}. If it is gone, remove the file.`,
			);
		}
		if (holder !== undefined) onWait?.(holder);
		await new Promise((resolve) => setTimeout(resolve, lockPollMs));
	}
}

/** undefined while the holder has created the file and not yet written its pid. */
function holderOf(lock: string): number | undefined {
	try {
		return Number(readFileSync(lock, 'utf8')) || undefined;
	} catch {
		return undefined;
	}
}

export function isAlive(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === 'EPERM';
	}
}

function removeLeftovers(folder: string): void {
	for (const name of readdirSync(dirname(folder))) {
		if (name.startsWith(`${basename(folder)}.part-`))
			rmSync(join(dirname(folder), name), { recursive: true, force: true });
	}
}

/** Copies a tree by hard links (no bytes are copied); by bytes where the file system cannot link. */
export function linkTree(from: string, to: string): void {
	mkdirSync(to, { recursive: true });
	for (const name of readdirSync(from)) {
		const [source, target] = [join(from, name), join(to, name)];
		const found = lstatSync(source);
		if (found.isDirectory()) linkTree(source, target);
		else if (found.isSymbolicLink()) symlinkSync(readlinkSync(source), target);
		else linkOrCopy(source, target);
	}
}

function linkOrCopy(source: string, target: string): void {
	try {
		linkSync(source, target);
	} catch {
		cpSync(source, target);
	}
}
