import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { installLocked } from '../../sandbox/n8n/install';
import { cacheFolder, checkoutFolder } from '../../sandbox/paths';
import type { BenchContext } from '../index';

/** The parts of graphile-worker 0.18 that the benchmark calls. */
export interface GraphileWorker {
	runMigrations(options: object): Promise<void>;
	run(options: object): Promise<{ stop(): Promise<void> }>;
	Logger: new (factory: () => () => void) => object;
}

export interface BossJob {
	id: string;
	data: unknown;
}

/** The parts of pg-boss 12 that the benchmark calls. */
export interface Boss {
	on(event: 'error', listener: (error: Error) => void): void;
	start(): Promise<unknown>;
	stop(options: object): Promise<void>;
	createQueue(name: string, options: object): Promise<void>;
	insert(name: string, jobs: object[]): Promise<unknown>;
	fetch(name: string, options: object): Promise<BossJob[]>;
	complete(name: string, ids: string[]): Promise<unknown>;
}

export interface Peers {
	graphile: GraphileWorker;
	PgBoss: new (options: object) => Boss;
}

/** Installs the pinned peers once, outside the checkout, and loads them from there: the pack itself never depends on them. */
export async function loadPeers({ say, signal }: BenchContext): Promise<Peers> {
	const source = join(checkoutFolder(), 'bench', 'peers');
	const lock = readFileSync(join(source, 'package-lock.json'));
	const folder = join(cacheFolder(), `peers-${createHash('sha256').update(lock).digest('hex').slice(0, 16)}`);
	await installLocked(source, folder, say, signal);
	const load = createRequire(join(folder, 'package.json'));
	const { PgBoss } = load('pg-boss') as { PgBoss: Peers['PgBoss'] };
	return { graphile: load('graphile-worker') as GraphileWorker, PgBoss };
}
