import { randomBytes, randomUUID } from 'node:crypto';
import { applyMigrations, openDatabase, type Database } from '../core/database';
import { ingest, storeEvents } from '../core/ingest';
import { normaliseBody, signBody } from '../core/meta';
import { createChannelAccount, createTenant, createVault, resolveTenant } from '../core/tenancy';
import { startPostgres } from '../sandbox/postgres';
import { metaJson } from '../sandbox/standins/graph-wire';
import { textWebhook } from '../sandbox/phone/webhook';
import { interleave, load } from './support/measure';
import type { Report, Row } from './support/report';
import type { BenchContext } from './index';

const CALLS = 2_000;
const CONCURRENCY = [1, 4, 16];
const ROUNDS = 3;
/** Messages of one transaction, as the gateway stores them under load. */
const BATCHES = [1, 10, 50];
const PHONE_NUMBER_ID = '105500010001';
const SECRET = 'bench';

/** What a webhook costs against the cheapest thing that could be called storing it. */
export async function ingestBench({ say, quick }: BenchContext): Promise<Report> {
	const calls = quick ? CALLS / 10 : CALLS;
	const postgres = await startPostgres();
	const connectionString = postgres.connectionString();
	await applyMigrations({ connectionString });
	const database = openDatabase({ connectionString });
	try {
		await seed(database);
		await database.pool.query(
			'create table bench_bare (id bigint generated always as identity primary key, key text unique, payload jsonb)',
		);
		await load(1, calls / 10, (n) => ingestOne(database, n));
		const rows: Row[] = [];
		for (const concurrency of CONCURRENCY) {
			const { bare, full } = await interleave(
				{
					bare: () => load(concurrency, calls, () => bareInsert(database)),
					full: () => load(concurrency, calls, (n) => ingestOne(database, n)),
				},
				ROUNDS,
				(name, { perSecond }) => say(`${concurrency} callers, ${name}: ${Math.round(perSecond)}/s`),
			);
			rows.push({
				label: `${concurrency}`,
				figures: [bare.perSecond, full.perSecond, full.perSecond / bare.perSecond, full.p50, full.p99],
			});
		}
		const batches = await byBatch(database, calls, say);
		const resolve = await load(1, calls, async () => void (await resolveTenant(database, { slug: 'bench' })));
		return {
			tables: [
				{
					title: 'Webhooks of known customers, callers on the five connections of a pool',
					columns: ['bare insert /s', 'ingest /s', 'ratio', 'ingest p50 ms', 'ingest p99 ms'],
					rows,
				},
				{
					title: 'Messages a transaction, one caller',
					columns: ['messages /s', 'ms a message', 'of one alone'],
					rows: batches,
				},
				{
					title: 'resolveTenant, asked each time',
					columns: ['p50 ms', 'p99 ms'],
					rows: [{ label: 'by slug', figures: [resolve.p50, resolve.p99] }],
				},
			],
			targets: [],
		};
	} finally {
		await database.pool.end();
		await postgres.stop();
	}
}

async function seed(database: Database): Promise<void> {
	const id = randomUUID();
	await createTenant(database, { name: 'Bench', slug: 'bench', status: 'active' }, id);
	const vault = createVault([randomBytes(32).toString('base64')], randomBytes);
	await createChannelAccount(database, id, { kind: 'whatsapp', externalId: PHONE_NUMBER_ID }, vault);
}

/** 500 customers who write again and again. */
const body = (n: number): Buffer => metaJson(webhook(n));

const webhook = (n: number): Record<string, unknown> =>
	textWebhook({
		phoneNumberId: PHONE_NUMBER_ID,
		from: `5511900${String(n % 500).padStart(6, '0')}`,
		name: 'Cliente',
		text: 'Oi, tudo bem?',
		at: new Date(),
	}).body;

/** What a message costs when it shares its transaction. */
async function byBatch(database: Database, messages: number, say: (line: string) => void): Promise<Row[]> {
	let serial = 0;
	const store = async (size: number): Promise<void> => {
		const events = Array.from({ length: size }, () => normaliseBody(webhook(serial++))).flat();
		await storeEvents(database, events);
	};
	const contenders = Object.fromEntries(
		BATCHES.map((size) => [
			String(size),
			async () => {
				const { perSecond } = await load(1, messages / size, async () => await store(size));
				return { perSecond: perSecond * size, ms: 1_000 / (perSecond * size) };
			},
		]),
	);
	const figures = await interleave(contenders, ROUNDS, (name, { ms }) => say(`${name} a batch: ${ms.toFixed(2)} ms`));
	return BATCHES.map((size) => {
		const { perSecond, ms } = figures[String(size)];
		return { label: String(size), figures: [perSecond, ms, ms / figures['1'].ms] };
	});
}

async function ingestOne(database: Database, n: number): Promise<void> {
	const rawBody = body(n);
	const result = await ingest(database, { rawBody, signature: signBody(rawBody, SECRET), secrets: [SECRET] });
	if (result.httpStatus !== 200) throw result.error ?? new Error(`answered ${result.httpStatus}`);
}

async function bareInsert(database: Database): Promise<void> {
	await database.pool.query('insert into bench_bare (key, payload) values ($1, $2) on conflict do nothing', [
		randomUUID(),
		body(0).toString(),
	]);
}
