import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isAlive } from './cache';

/** What a running sandbox tells other programs, in `.sandbox/state.json`. */
export interface SandboxState {
	n8n: { url: string; email: string; password: string; apiKey: string };
	webhook: { url: string; verifyToken: string; appSecrets: string[] };
	/** With it a test signs as the factory does. */
	vaultKey: string;
	database: { url: string; schema: string };
	graph: { url: string };
	llm: { url: string };
	phone: { url: string };
	tenants: Array<{ slug: string; channels: Array<{ kind: string; externalId: string }> }>;
	/** Ours first; then the server processes. */
	pids: Record<string, number>;
}

/** `.sandbox`, or a folder of our own in it while another sandbox of this checkout runs. */
export function runFolder(root: string): string {
	const main = join(root, '.sandbox');
	const holder = readState(join(main, 'state.json'))?.pids?.sandbox;
	return holder !== undefined && holder !== process.pid && isAlive(holder) ? join(main, String(process.pid)) : main;
}

export function readState(file: string): SandboxState | undefined {
	if (!existsSync(file)) return undefined;
	try {
		return JSON.parse(readFileSync(file, 'utf8')) as SandboxState;
	} catch {
		return undefined;
	}
}

/** Written beside and renamed, so that a reader never sees half of it; only we may read it: it holds passwords. */
export function writeState(file: string, state: SandboxState): void {
	mkdirSync(dirname(file), { recursive: true });
	writeFileSync(`${file}.part`, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 });
	renameSync(`${file}.part`, file);
}

export function removeState(file: string): void {
	rmSync(file, { force: true });
}
