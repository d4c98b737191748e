import { randomBytes } from 'node:crypto';
import type { Database } from '../../../core/database';
import { approveSuggestion, createApprovalLink, decideByLink, type Target } from '../../../core/improvement';
import { createPersonaVersion } from '../../../core/leads';
import { createEndpoint } from '../../../core/notifications';
import {
	actOnPractices,
	createPracticesLink,
	offerPractices,
	openPractices,
	recordPracticeConsent,
	refreshPractices,
	runPracticeReverts,
} from '../../../core/practices';
import { saveMember } from '../../../core/tenancy';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { databaseFor, dropDatabase, makeTenant, vault, type TestTenant } from '../../support/factory';
import { agree, NEXT_STEP, tried } from './support';

let test_: TestDatabase;
let database: Database;
let sharers: TestTenant[];
let receiver: TestTenant;
const ports = { vault, now: Date.now, randomBytes };
const PAGE = 'https://n8n.example.com/webhook/agent-factory/practices';

/** Six that have tried the same thing. */
beforeAll(async () => {
	test_ = await createTestDatabase();
	database = databaseFor(test_);
	sharers = await Promise.all(Array.from({ length: 6 }, async () => await makeTenant(database)));
	for (const { id } of sharers) await tried(test_.admin, id, { people: 240 });
	await test_.admin.query('analyze');
});
afterAll(async () => await dropDatabase(database, test_));

/** They share, a practice is published, and somebody new may receive it. */
beforeEach(async () => {
	for (const sql of [
		'truncate agent_factory.practice_consents, agent_factory.best_practice_sources, agent_factory.best_practice_applications',
		'delete from agent_factory.shared_best_practices',
	])
		await test_.admin.query(sql);
	for (const { id } of sharers) await agree(database, id);
	receiver = await makeTenant(database);
	await refreshPractices(database);
});

const receive = async (tenant = receiver) =>
	await recordPracticeConsent(database, tenant.id, {
		...{ purpose: 'receive', source: null, granted: true, person: 'Ana', language: 'pt-BR', givenOn: 'n8n' },
	});
const offers = async (tenant = receiver) => await offerPractices(database, tenant.id, 'pt-BR');
const revert = async () => await runPracticeReverts(database, { workerId: 'test', random: Math.random });
const one = async (sql: string, ...values: unknown[]): Promise<Record<string, unknown>> =>
	(await test_.admin.query(sql, values)).rows[0];
const application = async () =>
	await one('select * from agent_factory.best_practice_applications where tenant_id = $1', receiver.id);
const inService = async (): Promise<unknown> =>
	(await one('select id from agent_factory.system_prompts where tenant_id = $1 and is_active', receiver.id)).id;
/** A yes on the card, as any suggestion is approved. */
async function approve(suggestionId: string, target: Target = 'prompt'): Promise<string> {
	const request = { target, suggestionId, person: 'Ana', baseUrl: 'https://n8n.example.com/webhook/approval' };
	const { url } = await createApprovalLink(database, receiver.id, request, ports);
	const token = new URL(url).searchParams.get('token')!;
	const { rollout } = await decideByLink(database, token, { decision: 'approve' }, 'pt-BR', ports);
	return rollout!.rolloutId;
}
const move = async (rolloutId: string, to: string) =>
	await test_.admin.query('select agent_factory.move_rollout($1, $2, $3)', [
		receiver.id,
		rolloutId,
		JSON.stringify({ to, actor: 'Ana', isPerson: true }),
	]);

test('nobody is offered anything who did not agree to receive', async () => {
	expect(await offers()).toEqual([]);
	await receive();
	expect(await offers()).toMatchObject([{ target: 'prompt', state: 'awaiting_approval', needsPerson: true }]);
	// One at a time, and not again.
	expect(await offers()).toEqual([]);
	const offered = await one(
		'select operations, rationale, requested_by, state from agent_factory.improvement_suggestions where tenant_id = $1',
		receiver.id,
	);
	expect(offered).toMatchObject({ operations: [NEXT_STEP], requested_by: 'shared-practices' });
	expect(offered.rationale).toMatch(/^Prática compartilhada: em mais de 5 negócios e mais de \d+ leads/);
	for (const { slug, id } of sharers) {
		expect(JSON.stringify(offered)).not.toContain(slug);
		expect(JSON.stringify(offered)).not.toContain(id);
	}
	await expect(
		approveSuggestion(
			database,
			receiver.id,
			{ target: 'prompt', id: (await application()).prompt_suggestion_id as string },
			{ name: 'loop', isPerson: false },
		),
	).rejects.toMatchObject({ code: 'PERSON_NEEDED' });
});

test('who does it already is asked nothing', async () => {
	await receive();
	const [offer] = await offers();
	const rollout = await approve(offer.suggestionId);
	for (const to of ['canary50', 'active', 'survived'] as const) await move(rollout, to);
	await test_.admin.query('delete from agent_factory.best_practice_applications');
	expect(await offers()).toEqual([]);
});

test("the receiver's lint refuses a practice as it refuses any suggestion", async () => {
	const far = { op: 'set_threshold', shift: 9 };
	for (const tenant of sharers) await tried(test_.admin, tenant.id, { operation: far });
	await refreshPractices(database);
	await receive();
	await createPersonaVersion(database, receiver.id, { positiveKeywords: ['loja'] }, { activate: true });
	const made = await offers();
	expect(made.find(({ target }) => target === 'persona')).toMatchObject({
		state: 'rejected',
		refused: 'threshold_step',
		needsPerson: false,
	});
});

test('an approved practice is written down, measured by its own roll-out, and a withdrawal stops it and names no one', async () => {
	await receive();
	const hook = { url: 'https://hooks.example.com/x', eventTypes: ['practice.withdrawn' as const] };
	await createEndpoint(database, receiver.id, hook, { vault, randomBytes });
	const [offer] = await offers();
	const before = await inService();
	const rollout = await approve(offer.suggestionId);
	expect(await application()).toMatchObject({ applied_at: expect.any(Date), applied_to_prompt_id: expect.any(String) });
	await move(rollout, 'canary50');
	await move(rollout, 'active');
	expect(await inService()).not.toBe(before);
	expect(await revert()).toEqual([]);
	// Five stay: with any one of them left out it would be four.
	await agree(database, sharers[0].id, 'share', false);
	expect(await revert()).toMatchObject([{ status: 'completed', result: { how: 'rollout_stopped' } }]);
	expect(await revert()).toEqual([]);
	expect(await inService()).toBe(before);
	expect(await application()).toMatchObject({ revert_how: 'rollout_stopped', revert_reason: 'practice_retired' });
	const told = await test_.admin.query(
		`select payload from agent_factory.notification_deliveries where tenant_id = $1 and event_type = 'practice.withdrawn'`,
		[receiver.id],
	);
	expect(told.rows).toMatchObject([{ payload: { data: { practice: 'name_next_step', how: 'rollout_stopped' } } }]);
	for (const { payload } of told.rows)
		for (const { id, slug } of sharers) expect(JSON.stringify(payload)).not.toMatch(new RegExp(`${id}|${slug}`));
	expect(await offers()).toEqual([]);
});

test('one that survived its roll-out gives way to the version before it', async () => {
	await receive();
	const before = await inService();
	const [offer] = await offers();
	const rollout = await approve(offer.suggestionId);
	for (const to of ['canary50', 'active', 'survived'] as const) await move(rollout, to);
	await agree(database, sharers[1].id, 'share', false);
	expect(await revert()).toMatchObject([{ result: { how: 'version_restored' } }]);
	expect(await inService()).toBe(before);
});

test('where people built upon it they are asked: a suggestion that undoes it waits', async () => {
	await receive();
	const [offer] = await offers();
	const rollout = await approve(offer.suggestionId);
	for (const to of ['canary50', 'active', 'survived'] as const) await move(rollout, to);
	await test_.admin.query(
		`insert into agent_factory.system_prompts (tenant_id, agent_version_id, version, parent_id, prompt_content, prompt_sha256, learned_rules, change_reason, is_active)
			select tenant_id, agent_version_id, version + 1, id, prompt_content, prompt_sha256, learned_rules, 'manual_edit', true from agent_factory.system_prompts where tenant_id = $1 and is_active`,
		[receiver.id],
	);
	const now = await inService();
	await agree(database, sharers[2].id, 'share', false);
	const [run] = await revert();
	expect(run).toMatchObject({
		error: null,
		result: { how: 'needs_person', suggestionId: expect.any(String) },
	});
	expect(await inService()).toBe(now);
	expect(
		await one(
			'select state, operations from agent_factory.improvement_suggestions where id = $1',
			run.result!.suggestionId,
		),
	).toMatchObject({ state: 'awaiting_approval', operations: [{ op: 'delete_learned_rule' }] });
});

test('who no longer receives has the open offer closed, and keeps what people approved', async () => {
	await receive();
	const [offer] = await offers();
	await agree(database, receiver.id, 'receive', false);
	expect(await revert()).toMatchObject([{ result: { how: 'offer_closed' } }]);
	expect(
		await one('select state from agent_factory.improvement_suggestions where id = $1', offer.suggestionId),
	).toMatchObject({ state: 'superseded' });
});

test('a practice itself is read by who receives or is part of it, and written by nobody', async () => {
	const stranger = await makeTenant(database);
	const count = async (tenantId: string): Promise<number> => {
		const client = await test_.admin.connect();
		try {
			await client.query('begin');
			await client.query('set local role agent_factory_runtime');
			await client.query(`select set_config('agent_factory.tenant_id', $1, true)`, [tenantId]);
			const { rows } = await client.query('select count(*)::int as n from agent_factory.shared_best_practices');
			const { rowCount } = await client.query(`update agent_factory.shared_best_practices set times_applied = 5`);
			expect(rowCount).toBe(0);
			return rows[0].n;
		} finally {
			await client.query('rollback');
			client.release();
		}
	};
	expect(await count(stranger.id)).toBe(0);
	await receive(stranger);
	expect(await count(stranger.id)).toBeGreaterThan(0);
	expect(await count(sharers[0].id)).toBeGreaterThan(0);
});

test('an owner agrees and takes back on the page; a viewer, a forged and a foreign link do nothing', async () => {
	const linkOf = async (tenant: TestTenant, role: 'owner' | 'viewer') => {
		const person = { email: `${role}@${tenant.slug}.example.com`, fullName: 'Ana', role };
		const { user_id: userId } = await saveMember(database, tenant.id, person);
		const { url } = await createPracticesLink(database, tenant.id, { userId, pageUrl: PAGE }, ports);
		return new URL(url).searchParams.get('token')!;
	};
	const owner = await linkOf(receiver, 'owner');
	const empty = await openPractices(database, { token: owner }, ports);
	expect(empty.html).toContain('Nenhuma autorização foi dada ou retirada.');
	expect(empty.html.match(/<button/g)).toHaveLength(3);
	const share = { purpose: 'share', source: 'instagram' };
	const given = await actOnPractices(database, { token: owner, action: 'give', ...share }, ports);
	expect(given).toMatchObject({ done: true, withdrawn: false });
	expect(given.html).toContain('Autorização registrada.');
	expect(given.html).toContain('Retirar autorização: Compartilhar resultados do Instagram');
	const again = await actOnPractices(database, { token: owner, action: 'give', ...share }, ports);
	expect(again.done).toBe(false);
	const taken = await actOnPractices(database, { token: owner, action: 'withdraw', ...share, lang: 'en' }, ports);
	expect(taken).toMatchObject({ done: true, withdrawn: true });
	expect(taken.html).toContain('Took back: Share results from Instagram');
	const viewer = await linkOf(receiver, 'viewer');
	expect((await openPractices(database, { token: viewer }, ports)).html).not.toContain('<button');
	for (const token of [viewer, `${owner}x`, 'forged', undefined])
		await expect(actOnPractices(database, { token, action: 'give', ...share }, ports)).rejects.toMatchObject({
			code: 'DASHBOARD_LINK_REFUSED',
		});
	await expect(
		actOnPractices(database, { token: owner, action: 'give', purpose: 'share', source: 'whatsapp' }, ports),
	).rejects.toMatchObject({ code: 'VALUE_REFUSED' });
});

test('the page of a sharer lists what came from it, and nothing of others', async () => {
	const person = { email: 'dona@example.com', fullName: 'Dona', role: 'owner' as const };
	const { user_id: userId } = await saveMember(database, sharers[0].id, person);
	const { url } = await createPracticesLink(database, sharers[0].id, { userId, pageUrl: PAGE }, ports);
	const { html } = await openPractices(database, { token: new URL(url).searchParams.get('token')! }, ports);
	expect(html).toContain('diga em uma frase qual é o próximo passo');
	expect(html).toContain('240');
	for (const { slug, id } of sharers.slice(1)) expect(html).not.toMatch(new RegExp(`${slug}|${id}`));
	// What came from it stays listed when it takes back, without a figure.
	const token = new URL(url).searchParams.get('token')!;
	const form = { token, action: 'withdraw', purpose: 'share', source: 'instagram', lang: 'en' };
	const { html: after } = await actOnPractices(database, form, ports);
	expect(after).toContain('Taken out');
	expect(after).toContain('what the next step is');
	expect(after).not.toContain('240');
});
