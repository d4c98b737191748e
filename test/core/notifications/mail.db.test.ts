import { randomBytes } from 'node:crypto';
import type { Database } from '../../../core/database';
import {
	claimMails,
	createEndpoint,
	deliverNotices,
	EVENT_TYPES,
	guardedPost,
	settleMail,
	type Mail,
} from '../../../core/notifications';
import { inTenant } from '../../../core/tenancy';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { databaseFor, dropDatabase, makeTenant, vault, type TestTenant } from '../../support/factory';

let test_: TestDatabase;
let database: Database;
let tenant: TestTenant;

beforeAll(async () => {
	test_ = await createTestDatabase();
	database = databaseFor(test_);
});
beforeEach(async () => {
	await test_.admin.query('delete from agent_factory.notification_deliveries');
	tenant = await makeTenant(database);
	await name('Ana@Example.com', 'bruno@example.com');
});
afterAll(async () => await dropDatabase(database, test_));

const rows = async (sql: string, ...values: unknown[]) => (await test_.admin.query(sql, [tenant.id, ...values])).rows;
const name = async (...emails: string[]) =>
	await rows(
		`insert into agent_factory.self_improving_settings (tenant_id, notification_emails) values ($1, $2)
			on conflict (tenant_id, agent_version_id) do update set notification_emails = excluded.notification_emails`,
		emails,
	);
const tell = async (type: string, data: object = {}, key = 'one') =>
	await inTenant(
		database,
		tenant.id,
		async (db) => await db.one('select notify_tenant($1, $2, $3, $4)', [tenant.id, type, key, JSON.stringify(data)]),
	);
const settle = async (mail: Mail, result: object = { messageId: '<1@mail>' }) =>
	await settleMail(database, mail, result, () => 0.5);
const becomeDue = async () =>
	await rows(
		'update agent_factory.notification_deliveries set available_at = now() where tenant_id = $1 and settled_at is null',
	);
const waiting = async () =>
	await rows(
		`select email, status, attempts, last_error, round(extract(epoch from available_at - now()))::int as due_in
			from agent_factory.notification_deliveries where tenant_id = $1 order by email`,
	);

test('each person named hears of an event once, in the language of the tenant', async () => {
	await rows(
		`insert into agent_factory.self_improving_settings (tenant_id, agent_version_id, notification_emails)
			select tenant_id, id, '{ana@example.com}' from agent_factory.agent_versions where tenant_id = $1`,
	);
	await tell('rollout.rolled_back', { target: 'persona', reason: 'guardrail_optout', byPerson: false });
	await tell('rollout.rolled_back', { target: 'persona', reason: 'guardrail_optout' });
	const mails = await claimMails(database);
	expect(mails.map(({ to }) => to).sort()).toEqual(['ana@example.com', 'bruno@example.com']);
	expect(mails[0]).toMatchObject({
		tenantId: tenant.id,
		attempts: 1,
		eventType: 'rollout.rolled_back',
		subject: `[${tenant.slug}] A mudança em teste foi desfeita`,
		text: expect.stringContaining('Motivo: guardrail_optout'),
	});
	expect(await claimMails(database)).toEqual([]);
	expect(await Promise.all(mails.map(async (mail) => await settle(mail)))).toEqual(['delivered', 'delivered']);

	await rows(`insert into agent_factory.lead_settings (tenant_id, analysis_language) values ($1, 'en')`);
	await tell('rollout.rolled_back', {}, 'two');
	expect((await claimMails(database))[0].subject).toBe(`[${tenant.slug}] The change being tried was taken back`);
});

test('of what happens many times a day goes no e-mail; every other event has words in both languages', async () => {
	await name('ana@example.com');
	for (const type of EVENT_TYPES) await tell(type);
	const often = ['lead.hot', 'plan.leads_limit', 'conversation.handoff', 'handoff.overdue'];
	const mailed = EVENT_TYPES.filter((type) => !often.includes(type));
	for (const language of ['pt-BR', 'en']) {
		await rows(
			`insert into agent_factory.lead_settings (tenant_id, analysis_language) values ($1, $2)
				on conflict (tenant_id) do update set analysis_language = excluded.analysis_language`,
			language,
		);
		const mails = await claimMails(database);
		expect(mails.map(({ eventType }) => eventType).sort()).toEqual([...mailed].sort());
		expect(new Set(mails.map(({ subject }) => subject)).size).toBe(mailed.length);
		await becomeDue();
	}
});

test('an e-mail that could not be sent is tried again with growing waits and then given up; the log holds no address', async () => {
	await name('ana@example.com');
	await tell('breaker.opened');
	for (const [attempt, due] of [300, 1500, 7500, 21_600].entries()) {
		const [mail] = await claimMails(database);
		expect(mail.attempts).toBe(attempt + 1);
		expect(await settle(mail, { error: '550 no such user <ana@example.com>' })).toBe('pending');
		expect(await waiting()).toMatchObject([{ due_in: due, last_error: '550 no such user …' }]);
		await becomeDue();
	}
	const [last] = await claimMails(database);
	expect(await settle(last, { error: 'refused' })).toBe('dead');
	expect(await claimMails(database)).toEqual([]);
	const audits = await rows(
		`select details::text from agent_factory.audit_events where tenant_id = $1 and event_type = 'notice.dead'`,
	);
	expect(audits).toHaveLength(1);
	expect(JSON.stringify(audits)).not.toContain('@');
});

test('what passed a sender that is switched off was not sent', async () => {
	await name('ana@example.com');
	await tell('breaker.opened');
	const [mail] = await claimMails(database);
	expect(await settle(mail, {})).toBe('pending');
	expect(await waiting()).toMatchObject([{ last_error: expect.stringContaining('switched on') }]);
});

test('runs that die give nobody the same e-mail without end, and settle nothing afterwards', async () => {
	await name('ana@example.com');
	await tell('breaker.opened');
	const claims: Mail[] = [];
	for (let run = 0; run < 8; run++) {
		claims.push(...(await claimMails(database)));
		await becomeDue();
	}
	expect(claims.map(({ attempts }) => attempts)).toEqual([1, 2, 3, 4, 5]);
	expect(await settle(claims[0])).toBe('unsettled');
	expect(await waiting()).toMatchObject([{ status: 'sending', attempts: 5 }]);
});

test('two runs at once send an e-mail once', async () => {
	for (let n = 0; n < 10; n++) await tell('breaker.opened', {}, String(n));
	const claims = (await Promise.all([1, 2, 3].map(async () => await claimMails(database, { limit: 10 })))).flat();
	expect(new Set(claims.map(({ noticeId }) => noticeId)).size).toBe(claims.length);
});

test('who is no longer named hears nothing more', async () => {
	await tell('breaker.opened');
	await name('bruno@example.com');
	expect((await claimMails(database)).map(({ to }) => to)).toEqual(['bruno@example.com']);
});

test('who was named for an agent version that is no longer active hears nothing', async () => {
	await rows(
		`insert into agent_factory.self_improving_settings (tenant_id, agent_version_id, notification_emails)
			select tenant_id, id, '{old@example.com}' from agent_factory.agent_versions where tenant_id = $1`,
	);
	await rows('update agent_factory.agent_versions set is_active = false where tenant_id = $1');
	await tell('breaker.opened');
	expect((await claimMails(database)).map(({ to }) => to).sort()).toEqual(['ana@example.com', 'bruno@example.com']);
});

test('without a sender, e-mails hold up no webhook, and are gone after three days', async () => {
	const ports = { post: guardedPost, vault, random: () => 0.5, now: () => Date.now(), allowLocal: false };
	await createEndpoint(database, tenant.id, { url: 'https://127.0.0.1.nip.invalid/' }, { vault, randomBytes });
	await tell('breaker.opened');
	expect(await deliverNotices(database, ports)).toHaveLength(1);
	expect((await waiting()).filter(({ email }) => email)).toHaveLength(2);
	await rows(
		`update agent_factory.notification_deliveries set created_at = now() - interval '73 hours' where tenant_id = $1`,
	);
	expect(await claimMails(database)).toEqual([]);
	await deliverNotices(database, ports);
	expect((await waiting()).map(({ email }) => email)).toEqual([null]);
});

test.each([
	'no address',
	'ana@example.com, other@example.com',
	'ana@example.com\nBcc: other@example.com',
	'Ana <ana@example.com>',
	'ana@example',
	'',
])('%j is no address that settings take', async (address) => {
	await expect(name('bruno@example.com', address)).rejects.toMatchObject({
		code: '23514',
		constraint: 'self_improving_settings_emails_plain',
	});
});

test('what a tenant is called ends no header', async () => {
	await rows(`update agent_factory.tenants set name = E'Loja\r\nBcc: x@example.com' where id = $1`);
	await tell('suggestion.created', { reason: 'line\nline', operations: 2 });
	const [mail] = await claimMails(database);
	expect(mail.subject).not.toMatch(/[\r\n]/);
	expect(mail.text).toContain('Motivo: line line');
	expect(mail.text).toContain('Alterações: 2');
});
