import { claimTurns, completeTurn, loadTurn, type SettledDecision } from '../../../core/conversations';
import {
	ensureSchema,
	migrate,
	migrationStatus,
	readMigrations,
	runDoctor,
	type Database,
} from '../../../core/database';
import { ingest } from '../../../core/ingest';
import { createGraphClient, signBody } from '../../../core/meta';
import { deliverDue } from '../../../core/outbox';
import { inTenant, resolveTenant } from '../../../core/tenancy';
import { emptyDatabase, type TestDatabase } from '../../support/database';
import { listen, makeTenant, openPatiently, textBody, vault, wamid } from '../../support/factory';
import { createLogins, type LoginKind, type TestLogins } from '../../support/logins';
import { poolerAvailable, startPgbouncer, testWithPooler, type Pooler } from '../../support/pgbouncer';

let test_: TestDatabase;
let logins: TestLogins;
let pooler: Pooler;
let oneConnection: Pooler;
let opened: Database[];

beforeAll(async () => {
	opened = [];
	test_ = await emptyDatabase();
	logins = await createLogins(test_);
	if (!poolerAvailable()) return;
	pooler = await startPgbouncer(Object.values(logins.url), { poolSize: 5 });
	oneConnection = await startPgbouncer(Object.values(logins.url), { poolSize: 1 });
});
afterAll(async () => {
	await Promise.all(opened.map(async ({ pool }) => await pool.end()));
	await pooler?.stop();
	await oneConnection?.stop();
	await logins.drop();
	await test_.drop();
});

const through = (way: Pooler, kind: LoginKind): Database => {
	const database = openPatiently(way.urlOf(logins.url[kind]));
	opened.push(database);
	return database;
};

const reply: SettledDecision = {
	action: 'reply',
	messages: ['Olá!'],
	handoffReason: null,
	deferUntil: null,
	optOut: false,
	checks: [],
	usage: [],
	agentVersionId: null,
	systemPromptId: null,
	personaId: null,
};

testWithPooler('20 processes migrate at once through a transaction pooler', async () => {
	const results = await Promise.all(Array.from({ length: 20 }, async () => await migrate(through(pooler, 'owner'))));
	expect(results.flat().sort()).toEqual((await readMigrations()).map(({ name }) => name));
	expect((await migrationStatus(through(pooler, 'owner'))).pending).toEqual([]);
});

testWithPooler('a plain login reads the schema version through it', async () => {
	await expect(ensureSchema(through(pooler, 'plain'))).resolves.toBeUndefined();
});

testWithPooler('messages are stored, claimed, answered and sent through it, by several processes at once', async () => {
	const tenant = await makeTenant(through(pooler, 'owner'));
	const processes = Array.from({ length: 4 }, () => through(pooler, 'plain'));
	const stored = await Promise.all(
		Array.from({ length: 24 }, async (_, i) => {
			const rawBody = Buffer.from(
				JSON.stringify(textBody(tenant.phoneNumberId, [{ from: `55119555500${10 + i}`, text: `oi ${i}` }])),
			);
			return await ingest(processes[i % 4], { rawBody, signature: signBody(rawBody, 'secret'), secrets: ['secret'] });
		}),
	);
	expect(stored.map(({ error }) => error)).toEqual(stored.map(() => null));
	expect(stored.flatMap(({ events }) => events.map(({ outcome }) => outcome))).toEqual(stored.map(() => 'queued'));

	const settled = await Promise.all(
		processes.map(async (database, i) => {
			const turns = await claimTurns(database, { workerId: `w${i}`, limit: 50 });
			for (const turn of turns) {
				expect((await loadTurn(database, turn))?.context.tenant.slug).toBe(tenant.slug);
				await completeTurn(database, turn, reply);
			}
			return turns.map(({ conversationId }) => conversationId);
		}),
	);
	expect(new Set(settled.flat()).size).toBe(24);
	expect(settled.flat()).toHaveLength(24);
	const server = await listen(() => ({ status: 200, body: { messages: [{ id: wamid() }] } }));
	try {
		const ports = {
			graph: createGraphClient({ fetch, baseUrl: server.url, version: 'v25.0' }),
			vault,
			random: () => 0.5,
		};
		const sent = await Promise.all(
			processes.map(async (database, i) => await deliverDue(database, ports, { workerId: `w${i}` })),
		);
		expect(sent.flat().map(({ status }) => status)).toEqual(Array.from({ length: 24 }, () => 'sent'));
	} finally {
		await server.close();
	}
	const resolved = await Promise.all(
		processes.map(async (database) => await resolveTenant(database, { slug: tenant.slug })),
	);
	expect(resolved.map((found) => found.tenant.id)).toEqual(processes.map(() => tenant.id));
});

testWithPooler('the doctor names the pooler, and nothing else is wrong', async () => {
	for (const kind of ['owner', 'plain'] as const) {
		const findings = (await runDoctor(through(pooler, kind))).filter(({ level }) => level !== 'ok');
		expect(findings).toEqual([
			expect.objectContaining({ check: 'pooler', level: 'warning', repair: expect.stringContaining('direct port') }),
		]);
	}
	const direct = openPatiently(logins.url.plain);
	opened.push(direct);
	expect((await runDoctor(direct)).filter(({ level }) => level !== 'ok')).toEqual([]);
});

const SETTINGS = `select pg_backend_pid() as pid, current_user::text as "user", nullif(current_setting('agent_factory.tenant_id', true), '') as tenant,
	nullif(current_setting('agent_factory.actor', true), '') as actor, current_setting('search_path') as path, current_setting('statement_timeout') as timeout`;

testWithPooler.each(['owner', 'superuser', 'plain'] as const)(
	'nothing of a tenant transaction of %s stays on the server connection',
	async (kind) => {
		const [first, second] = [through(oneConnection, kind), through(oneConnection, kind)];
		const tenant = await makeTenant(first);
		const fresh = (await second.pool.query(SETTINGS)).rows[0];
		const inside = await inTenant(first, tenant.id, async (db) => await db.one(SETTINGS), { actor: 'ana' });
		expect(inside).toMatchObject({
			pid: fresh.pid,
			user: 'agent_factory_runtime',
			tenant: tenant.id,
			actor: 'ana',
			timeout: '10s',
		});
		expect((await second.pool.query(SETTINGS)).rows[0]).toEqual(fresh);
		await expect(inTenant(first, tenant.id, async (db) => await db.one('select 1 / 0'))).rejects.toMatchObject({
			code: 'DATABASE_ERROR',
		});
		expect((await second.pool.query(SETTINGS)).rows[0]).toEqual(fresh);
		expect(fresh).toMatchObject({ user: new URL(logins.url[kind]).username, tenant: null, actor: null });
	},
);
