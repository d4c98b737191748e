import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureCached, isReady, linkTree } from '../../sandbox/cache';
import { temporaryFolder } from '../support/temporary-folder';

describe('the cache', () => {
	const root = temporaryFolder();
	const fillWith = (text: string) => async (folder: string) => writeFileSync(join(folder, 'content'), text);

	it('fills an entry once, however many ask at once', async () => {
		const folder = join(root, 'many');
		let fills = 0;
		const fill = async (temporary: string) => {
			fills++;
			await new Promise((resolve) => setImmediate(resolve));
			writeFileSync(join(temporary, 'content'), 'one');
		};
		const filled = await Promise.all([1, 2, 3].map(() => ensureCached({ folder, fill })));
		expect(fills).toBe(1);
		expect(filled.filter(Boolean)).toHaveLength(1);
		expect(readFileSync(join(folder, 'content'), 'utf8')).toBe('one');
	});

	it('leaves nothing behind when filling fails, and the next call fills again', async () => {
		const folder = join(root, 'failing');
		const broken = ensureCached({ folder, fill: () => Promise.reject(new Error('registry away')) });
		await expect(broken).rejects.toThrow('registry away');
		expect(isReady(folder)).toBe(false);
		expect(readdirSync(root).filter((name) => name.startsWith('failing'))).toEqual([]);
		expect(await ensureCached({ folder, fill: fillWith('second') })).toBe(true);
	});

	it('takes over from a process that died while it filled, and removes what that one left', async () => {
		const folder = join(root, 'died');
		const dead = spawnSync(process.execPath, ['-e', '']).pid;
		writeFileSync(`${folder}.lock`, String(dead));
		mkdirSync(`${folder}.part-left`);
		expect(await ensureCached({ folder, fill: fillWith('new') })).toBe(true);
		expect(existsSync(`${folder}.part-left`)).toBe(false);
		expect(existsSync(`${folder}.lock`)).toBe(false);
	});

	it('replaces a folder that was never finished', async () => {
		const folder = join(root, 'half');
		mkdirSync(folder);
		writeFileSync(join(folder, 'content'), 'half');
		await ensureCached({ folder, fill: fillWith('whole') });
		expect(readFileSync(join(folder, 'content'), 'utf8')).toBe('whole');
	});

	it('stops waiting for another process when told to', async () => {
		const folder = join(root, 'waiting');
		writeFileSync(`${folder}.lock`, String(process.pid));
		const stop = new AbortController();
		const waiting = ensureCached({
			folder,
			fill: fillWith('never'),
			onWait: () => stop.abort(new Error('stopped')),
			signal: stop.signal,
		});
		await expect(waiting).rejects.toThrow('stopped');
	});

	it('copies a tree with its links', () => {
		const from = join(root, 'tree');
		mkdirSync(join(from, 'deep'), { recursive: true });
		writeFileSync(join(from, 'deep', 'file'), 'text');
		symlinkSync('deep/file', join(from, 'link'));
		linkTree(from, join(root, 'copy'));
		expect(readFileSync(join(root, 'copy', 'link'), 'utf8')).toBe('text');
	});
});
