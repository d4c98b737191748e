import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readState, removeState, runFolder, writeState, type SandboxState } from '../../sandbox/state';
import { temporaryFolder } from '../support/temporary-folder';

const state = (pid: number): SandboxState => ({
	n8n: { url: 'http://127.0.0.1:1', email: 'a@b.example', password: 'p', apiKey: 'k' },
	webhook: { url: 'http://127.0.0.1:1/webhook/x', verifyToken: 'v', appSecrets: ['s'] },
	vaultKey: 'k',
	database: { url: 'postgres://127.0.0.1/x', schema: 'agent_factory' },
	graph: { url: 'http://127.0.0.1:2' },
	llm: { url: 'http://127.0.0.1:3' },
	phone: { url: 'http://127.0.0.1:4' },
	tenants: [],
	pids: { sandbox: pid },
});

describe('state.json', () => {
	const root = temporaryFolder();
	const file = join(root, '.sandbox', 'state.json');

	it('reads back as written, by its owner only, and goes when removed', () => {
		writeState(file, state(process.pid));
		expect(readState(file)).toEqual(state(process.pid));
		expect(statSync(file).mode & 0o077).toBe(0);
		removeState(file);
		expect(existsSync(file)).toBe(false);
	});

	it('leaves the file of a living sandbox alone and takes over that of a dead one', () => {
		expect(runFolder(root)).toBe(join(root, '.sandbox'));
		writeState(file, state(process.ppid));
		expect(runFolder(root)).toBe(join(root, '.sandbox', String(process.pid)));
		writeState(file, state(spawnSync(process.execPath, ['-e', '']).pid));
		expect(runFolder(root)).toBe(join(root, '.sandbox'));
	});
});
