import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Database } from '../../core/database';
import { ingest } from '../../core/ingest';
import { parseBody } from '../../core/meta';
import { createChannelAccount } from '../../core/tenancy';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { databaseFor, dropDatabase, makeTenant, vault, type TestTenant } from '../support/factory';
import { rounds } from '../support/fault-rounds';
import { BLOCK, FuzzCases, signed, type FuzzCase } from './support/fuzz-cases';
import { heapAfterCollection } from './support/heap';
import { minimise } from './support/minimise';

/** Bodies in flight at once: deliveries of Meta overlap. */
const CONCURRENCY = 4;
const BODIES = rounds(100_000, 3_000);
/** The heap is compared between here and the end; the short form is too short to tell growth from warming up. */
const HEAP_FROM = 10_000;
/** FUZZ_SEED repeats a run, FUZZ_INDEX one body of it. */
const SEED = Number(process.env.FUZZ_SEED ?? 20_261_001);
const ONLY = process.env.FUZZ_INDEX === undefined ? null : Number(process.env.FUZZ_INDEX);
/** Bodies that broke something, as small as they can be: move them to test/fixtures/fuzz. */
const FOUND = path.join(__dirname, '../../.cache/fuzz');

let test_: TestDatabase;
let database: Database;
let tenants: TestTenant[];
const cases = new FuzzCases(SEED);

beforeAll(async () => {
	test_ = await createTestDatabase();
	database = databaseFor(test_);
	tenants = [await makeTenant(database), await makeTenant(database)];
	for (const [which, tenant] of tenants.entries()) {
		for (const { channel, externalId, parentId } of cases.accountsOf(which)) {
			await createChannelAccount(
				database,
				tenant.id,
				{ kind: channel, externalId, parentId, agentId: tenant.agentId },
				vault,
			);
		}
	}
});
afterAll(async () => await dropDatabase(database, test_));

interface Broken {
	index: number;
	fixture: string;
	what: string;
}

const counts = new Map<string, number>();
const count = (what: string): void => void counts.set(what, (counts.get(what) ?? 0) + 1);

/** What is wrong with the answer to this body; null where nothing is. */
async function faultOf(given: FuzzCase, tenant: number): Promise<string | null> {
	try {
		const result = await ingest(database, given);
		count(`HTTP ${result.httpStatus}`);
		for (const { outcome } of result.events) count(outcome);
		if (result.httpStatus === 503) return `503 ${result.error?.code} ${JSON.stringify(result.error?.details)}`;
		const strangers = result.events.filter(({ tenantId }) => tenantId !== null && tenantId !== tenants[tenant].id);
		return strangers.length === 0 ? null : `${strangers.length} events of another tenant`;
	} catch (error) {
		return `threw ${String(error)}`;
	}
}

/** Writes the smallest body that breaks the same thing. */
async function writeDown({ index, rawBody }: FuzzCase, what: string): Promise<void> {
	const kind = what.slice(0, 40);
	const breaks = async (body: Buffer): Promise<boolean> =>
		(await faultOf({ index, fixture: '', ...signed(body) }, cases.tenantOf(index)))?.startsWith(kind) ?? false;
	const parsed = parseBody(rawBody);
	const small =
		parsed.ok && (await breaks(Buffer.from(JSON.stringify(parsed.body))))
			? JSON.stringify(
					await minimise(parsed.body, async (body) => await breaks(Buffer.from(JSON.stringify(body)))),
					null,
					'\t',
				)
			: rawBody;
	mkdirSync(FOUND, { recursive: true });
	writeFileSync(path.join(FOUND, `${createHash('sha256').update(small).digest('hex').slice(0, 12)}.json`), small);
}

async function runBlock(from: number, to: number): Promise<Broken[]> {
	const broken: Broken[] = [];
	let next = from;
	const worker = async (): Promise<void> => {
		for (let index = next++; index < to; index = next++) {
			const given = cases.at(index);
			const what = await faultOf(given, cases.tenantOf(index));
			if (what) broken.push({ index, fixture: given.fixture, what });
		}
	};
	await Promise.all(Array.from({ length: CONCURRENCY }, worker));
	return broken;
}

/** Rows of a tenant, in every table that has one, that were written since a transaction id. */
async function writtenSince(tenantId: string, transaction: number): Promise<string[]> {
	const { rows: tables } = await test_.admin.query<{ name: string }>(
		`select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
			where c.relnamespace = 'agent_factory'::regnamespace and c.relkind = 'r' order by 1`,
	);
	const written: string[] = [];
	for (const { name } of tables) {
		const { rows } = await test_.admin.query<{ n: number }>(
			`select count(*)::int as n from agent_factory.${name} where tenant_id = $1 and xmin::text::bigint >= $2`,
			[tenantId, transaction],
		);
		if (rows[0].n > 0) written.push(`${name}: ${rows[0].n}`);
	}
	return written;
}

const transactionNow = async (): Promise<number> =>
	Number((await test_.admin.query<{ id: string }>('select pg_current_xact_id()::text as id')).rows[0].id);

test(
	`${BODIES} mutated bodies: no crash, no 503, no row of another tenant, no growing heap (seed ${SEED})`,
	async () => {
		const broken: Broken[] = [];
		const strangers: string[] = [];
		let heapBefore = 0;
		const started = performance.now();
		const [first, last] = ONLY === null ? [0, BODIES] : [ONLY, ONLY + 1];
		for (let from = first; from < last; from += BLOCK) {
			const since = await transactionNow();
			broken.push(...(await runBlock(from, Math.min(from + BLOCK, last))));
			const other = tenants[1 - cases.tenantOf(from)];
			strangers.push(
				...(await writtenSince(other.id, since)).map((row) => `bodies ${from} to ${from + BLOCK}: ${row}`),
			);
			if (from + BLOCK === HEAP_FROM) heapBefore = heapAfterCollection();
		}
		const seconds = (performance.now() - started) / 1000;
		const heapRatio = BODIES > HEAP_FROM ? heapAfterCollection() / heapBefore : null;
		const { rows: reasons } = await test_.admin.query(
			`select status, reason, count(*)::int as n from agent_factory.webhook_events where status = 'failed' group by 1, 2 order by 3 desc`,
		);
		const lines = [
			`${last - first} bodies in ${seconds.toFixed(1)} s (${((last - first) / seconds).toFixed(0)}/s), seed ${SEED}`,
			[...counts].map(([what, n]) => `${what}: ${n}`).join(', '),
			`failed: ${JSON.stringify(reasons)}`,
			`heap: ${heapRatio?.toFixed(3) ?? 'not compared'}`,
		];
		process.stderr.write(`${lines.join('\n')}\n`);
		for (const { index, what } of broken.slice(0, 5)) await writeDown(cases.at(index), what);
		expect(broken.slice(0, 20)).toEqual([]);
		expect(strangers).toEqual([]);
		if (heapRatio !== null) expect(heapRatio).toBeLessThanOrEqual(1.2);
	},
	rounds(900_000, 120_000),
);
