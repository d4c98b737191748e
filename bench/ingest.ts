import { randomBytes, randomUUID } from 'node:crypto';
import { applyMigrations, openDatabase, type Database } from '../core/database';
import { ingest } from '../core/ingest';
import { signBody } from '../core/meta';
import { createChannelAccount, createTenant, createVault, resolveTenant } from '../core/tenancy';
import { startPostgres } from '../sandbox/postgres';
import { metaJson } from '../sandbox/standins/graph-wire';
import { textWebhook } from '../sandbox/phone/webhook';

/** What a webhook costs against the cheapest thing that could be called storing it. Ratios of one run; absolute figures are this machine's. */
const CALLS = 2_000;
const CONCURRENCY = [1, 4, 16];
const PHONE_NUMBER_ID = '105500010001';
const SECRET = 'bench';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function main(): Promise<void> {
	const postgres = await startPostgres();
	const connectionString = postgres.connectionString();
	await applyMigrations({ connectionString });
	const database = openDatabase({ connectionString });
	try {
		await seed(database);
		await database.pool.query(
			'create table bench_bare (id bigint generated always as identity primary key, key text unique, payload jsonb)',
		);
		say('| connections | bare insert /s | ingest, known customers /s | ratio | ingest p50 ms | p99 ms |');
		say('|---|---|---|---|---|---|');
		await run(database, 1, 200, ingestOne);
		for (const concurrency of CONCURRENCY) {
			const bare = await run(database, concurrency, CALLS, bareInsert);
			const full = await run(database, concurrency, CALLS, ingestOne);
			say(
				`| ${concurrency} | ${bare.perSecond} | ${full.perSecond} | ${(full.perSecond / bare.perSecond).toFixed(2)} | ${full.p50} | ${full.p99} |`,
			);
		}
		const resolve = await run(database, 1, CALLS, async () => void (await resolveTenant(database, { slug: 'bench' })));
		say(`resolveTenant, asked each time: p50 ${resolve.p50} ms, p99 ${resolve.p99} ms`);
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
const body = (n: number): Buffer =>
	metaJson(
		textWebhook({
			phoneNumberId: PHONE_NUMBER_ID,
			from: `5511900${String(n % 500).padStart(6, '0')}`,
			name: 'Cliente',
			text: 'Oi, tudo bem?',
			at: new Date(),
		}).body,
	);

async function ingestOne(database: Database, n: number): Promise<void> {
	const rawBody = body(n);
	const result = await ingest(database, { rawBody, signature: signBody(rawBody, SECRET), secrets: [SECRET] });
	if (result.httpStatus !== 200) throw result.error ?? new Error(`answered ${result.httpStatus}`);
}

async function bareInsert(database: Database, n: number): Promise<void> {
	await database.pool.query('insert into bench_bare (key, payload) values ($1, $2) on conflict do nothing', [
		randomUUID(),
		body(n).toString(),
	]);
}

async function run(
	database: Database,
	concurrency: number,
	calls: number,
	call: (database: Database, n: number) => Promise<void>,
) {
	const times: number[] = [];
	let next = 0;
	const started = performance.now();
	await Promise.all(
		Array.from({ length: concurrency }, async () => {
			for (let n = next++; n < calls; n = next++) {
				const at = performance.now();
				await call(database, n);
				times.push(performance.now() - at);
			}
		}),
	);
	const seconds = (performance.now() - started) / 1_000;
	times.sort((a, b) => a - b);
	const quantile = (q: number): string => times[Math.floor((times.length - 1) * q)].toFixed(2);
	return { perSecond: Math.round(calls / seconds), p50: quantile(0.5), p99: quantile(0.99) };
}

main().catch((error: unknown) => {
	process.stderr.write(`${String(error)}\n`);
	process.exitCode = 1;
});
