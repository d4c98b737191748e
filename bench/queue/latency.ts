import { Client, Pool } from 'pg';
import { applyMigrations, openDatabase } from '../../core/database';
import { claimTurns } from '../../core/conversations';
import { quantile } from '../support/measure';
import type { Row, Target } from '../support/report';
import { seedTenants, fillBacklog, tenantId } from './seed';

/** Lanes: 1,000 tenants x 10 conversations x 10 waiting messages, and what was answered before. */
export interface Backlog {
	tenants: number;
	waiting: number;
	finished: number;
	inFlight: number;
	claims: number;
}

export const fullBacklog: Backlog = {
	tenants: 1_000,
	waiting: 100_000,
	finished: 1_000_000,
	inFlight: 1_500,
	claims: 1_000,
};

const CONVERSATIONS = 10;

const uuidOf = (prefix: string, number: string): string =>
	`('${prefix}0000000-0000-4000-8000-' || lpad(to_hex(${number}), 12, '0'))::uuid`;
/** Message i of the backlog: tenants in turn, a tenant's conversations in turn. */
const PLAN = `select i + $1::bigint, ${uuidOf('1', '(i % $2)')}, ${uuidOf('2', `(i % ($2 * ${CONVERSATIONS}))`)}, 0 from generate_series(1::bigint, $3::bigint) i`;
/** Turns of the past, as completeTurns leaves them in message_queue; what came of them stands in tables that no claim reads. */
const FINISHED = `insert into message_queue (tenant_id, id, conversation_id, message_id, status, turn_id, attempts, finished_at, created_at)
	overriding system value
	select ${uuidOf('1', '(i % $1)')}, i, ${uuidOf('2', `(i % ($1 * ${CONVERSATIONS}))`)}, i, 'completed', i, 1, now() - interval '1 day', now() - interval '1 day'
	from generate_series(1::bigint, $2::bigint) i`;

/** The claim of one turn, and of 50, beside `select 1` on the same kind of connection, in turns. */
export async function measureClaims(
	connectionString: string,
	size: Backlog,
	say: (line: string) => void,
): Promise<{ rows: Row[]; targets: Target[] }> {
	await applyMigrations({ connectionString });
	const admin = new Pool({ connectionString, max: 1, options: '-c search_path=agent_factory' });
	const database = openDatabase({ connectionString });
	try {
		await seedTenants(admin, size.tenants);
		await admin.query('set session_replication_role = replica');
		await admin.query(FINISHED, [size.tenants, size.finished]);
		await admin.query('reset session_replication_role');
		await fillBacklog(admin, PLAN, [size.finished, size.tenants, size.waiting]);
		say(`claim latency: ${size.finished} finished, ${size.waiting} waiting of ${size.tenants} tenants`);
		for (let held = 0; held < size.inFlight;) {
			const turns = await claimTurns(database, { workerId: 'slow', limit: 50, leaseSeconds: 3_600, maxMessages: 1 });
			if (turns.length === 0) break;
			held += turns.length;
		}
		const bare: number[] = [];
		const one: number[] = [];
		const fifty: number[] = [];
		for (let n = 0; n < size.claims; n++) {
			bare.push(await timed(() => database.pool.query({ name: 'bare', text: 'select 1' })));
			one.push(await timed(() => claimTurns(database, { workerId: 'bench', limit: 1 })));
			if (n % 20 === 0) fifty.push(await timed(() => claimTurns(database, { workerId: 'bench', limit: 50 })));
		}
		const [bare50, bare99] = [quantile(bare, 0.5), quantile(bare, 0.99)];
		const row = (label: string, times: number[]): Row => ({
			label,
			figures: [
				quantile(times, 0.5),
				quantile(times, 0.99),
				quantile(times, 0.5) / bare50,
				quantile(times, 0.99) / bare50,
			],
		});
		const rows = [row('select 1', bare), row('claim 1', one), row('claim 50', fifty)];
		return {
			rows,
			targets: [
				{ name: '(e) claim p50 / select 1 p50', figure: quantile(one, 0.5) / bare50, atMost: 15, gate: true },
				{ name: '(e) claim p99 / select 1 p99', figure: quantile(one, 0.99) / bare99, atMost: 60, gate: true },
			],
		};
	} finally {
		await database.pool.end();
		await admin.end();
	}
}

async function timed(call: () => Promise<unknown>): Promise<number> {
	const at = performance.now();
	await call();
	return performance.now() - at;
}

/** How many claims of 50 it takes until a quiet tenant's one message is leased, behind `noisy` messages of another. */
export async function claimsUntilQuiet(connectionString: string, noisy: number): Promise<number> {
	await applyMigrations({ connectionString });
	const admin = new Pool({ connectionString, max: 1, options: '-c search_path=agent_factory' });
	const database = openDatabase({ connectionString });
	try {
		await seedTenants(admin, 2);
		await fillBacklog(
			admin,
			`select i, case i when $1::bigint + 1 then '${tenantId(1)}'::uuid else '${tenantId(0)}'::uuid end, ${uuidOf('2', 'i')}, 0
				from generate_series(1::bigint, $1::bigint + 1) i`,
			[noisy],
		);
		for (let claims = 1; claims <= 100; claims++) {
			const turns = await claimTurns(database, { workerId: 'bench', limit: 50 });
			if (turns.some((turn) => turn.tenantId === tenantId(1))) return claims;
		}
		return Number.POSITIVE_INFINITY;
	} finally {
		await database.pool.end();
		await admin.end();
	}
}

/** A database of its own on the server of the benchmark. */
export async function freshDatabase(serverUrl: string, name: string): Promise<string> {
	const client = new Client({ connectionString: serverUrl });
	await client.connect();
	try {
		await client.query(`drop database if exists ${name} with (force)`);
		await client.query(`create database ${name}`);
	} finally {
		await client.end();
	}
	const url = new URL(serverUrl);
	url.pathname = `/${name}`;
	return url.toString();
}
