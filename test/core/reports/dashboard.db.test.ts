import type { Database } from '../../../core/database';
import {
	compareVersions,
	dashboard,
	explainReply,
	HEALTH_ADVICE,
	ingestHealth,
	operatorDashboard,
	rollUpDays,
} from '../../../core/reports';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { databaseFor, dropDatabase, makeTenant } from '../../support/factory';
import { live, roll, type People } from './four-people';
import { beginStory, type Story } from './story';

let test_: TestDatabase;
let database: Database;
let story: Story;
let people: People;

beforeAll(async () => {
	test_ = await createTestDatabase();
	database = databaseFor(test_);
	story = await beginStory(test_, database, 'America/Sao_Paulo');
	people = await live(story);
	await story.outcome(people.ana, 'opportunity');
	await story.outcome(people.caio, 'ruim');
	await roll(story);
});
afterAll(async () => await dropDatabase(database, test_));

const shown = async () => await dashboard(database, story.tenant.id, { days: 7 });
const kpis = async (id: string) =>
	Object.fromEntries((await dashboard(database, id)).kpis.map(({ kpi, value, n }) => [kpi, [value, n]]));

test('messages, waits, classes and the funnel are those of the story', async () => {
	const page = await shown();
	const [third, second, today] = [await story.day(3), await story.day(2), await story.day(0)];
	expect(page.days).toHaveLength(7);
	expect(page.days.filter(({ inbound }) => inbound !== null && inbound > 0)).toEqual([
		{
			...{ day: third, counted: true, inbound: 2, byAgent: 1, byPeople: 0, bySystem: 0 },
			conversations: 2,
			newConversations: 2,
		},
		{
			...{ day: second, counted: true, inbound: 4, byAgent: 4, byPeople: 1, bySystem: 0 },
			conversations: 4,
			newConversations: 2,
		},
	]);
	expect(page.days.at(-1)).toMatchObject({ day: today, counted: true, inbound: 0 });
	expect(page.days[0]).toMatchObject({ counted: false, inbound: null });
	// 2, 3, 3, 4 and 15 seconds; 4, 15, 600 and 3; 4 and 600; 600.
	const near = (seconds: number) => ({ asymmetricMatch: (got: number) => Math.abs(got / seconds - 1) < 0.046 });
	expect(page.waits).toEqual([
		{ figure: 'answer', n: 5, p50Seconds: near(3), p90Seconds: near(15) },
		{ figure: 'first_answer', n: 4, p50Seconds: near(4), p90Seconds: near(600) },
		{ figure: 'hot', n: 2, p50Seconds: near(4), p90Seconds: near(600) },
		{ figure: 'handoff', n: 1, p50Seconds: near(600), p90Seconds: near(600) },
	]);
	expect(page.hot).toEqual({ turned: 2, answered: 2 });
	expect(page.classes).toHaveLength(4);
	expect(page.classes).toContainEqual({ day: second, classification: 'LEAD_HOT', n: 1, meanScore: 91 });
	expect(page.funnel).toEqual({
		wrote: 4,
		classified: 4,
		leads: 4,
		hot: 2,
		qualified: 1,
		opportunities: 1,
		clients: 0,
	});
	expect(page.handoffs).toEqual({ handoffs: 1, answered: 1, inTime: 1, overdue: 0, waiting: 0 });
	expect(page.sends).toEqual([{ status: 'sent', n: 6 }]);
	expect(page.steps).toContainEqual({ step: 'outcome.opportunity', n: 1 });
});

test('cost says what it leaves out, and what a result cost', async () => {
	const page = await shown();
	const second = await story.day(2);
	expect(page.costs.filter(({ day }) => day === second)).toEqual(
		[
			{ day: second, kind: 'meta', part: 'SERVICE', n: 5, tokens: null, usd: 0.05, unpriced: 0 },
			{ day: second, kind: 'model', part: 'reply', n: 4, tokens: 3840, usd: 0.004, unpriced: 3 },
		].sort(
			(a, b) =>
				page.costs.findIndex((c) => c.day === second && c.kind === a.kind) -
				page.costs.findIndex((c) => c.day === second && c.kind === b.kind),
		),
	);
	expect(page.costPerResult).toMatchObject({
		...{ modelUsd: 0.006, metaUsd: 0.06, unpriced: 3, conversationDays: 6, newConversations: 4, clients: 0 },
		...{ opportunities: 1, usdPerConversationDay: 0.011, usdPerNewConversation: 0.0165, usdPerClient: null },
	});
});

test('versions show who met them and what became of those, and the moments of change', async () => {
	const { versions, dailyVersions, changes } = await shown();
	expect(dailyVersions.filter(({ target }) => target === 'persona')).toMatchObject([
		{ day: await story.day(3), version: 1, people: 2, hot: 1, won: 1, lost: 0, open: 1, meanScore: 52.5 },
		{ day: await story.day(2), people: 2, hot: 1, won: 0, lost: 1, open: 1, conversionPercent: 0 },
	]);
	expect(versions.find(({ target }) => target === 'persona')).toMatchObject({
		...{ versionId: story.personaId, inService: true, people: 4, hot: 2, won: 1, lost: 1, open: 2 },
		...{ conversionPercent: 50, meanScore: 64, precisionPercent: 50 },
	});
	expect(versions.find(({ target }) => target === 'prompt')).toMatchObject({
		...{ versionId: story.promptId, people: 3, hot: 1, won: 1, lost: 0, open: 2, conversionPercent: 100 },
	});
	expect(changes).toContainEqual(
		expect.objectContaining({ target: 'prompt', kind: 'activated', versionId: story.promptId }),
	);
});

test('what nobody knows is null, never zero', async () => {
	const { id } = await makeTenant(database);
	const page = await dashboard(database, id);
	expect(page.rolledAt).toBeNull();
	expect(page.kpis).toHaveLength(12);
	expect(page.kpis.filter(({ value }) => value !== null)).toEqual([]);
	expect(page.waits.map(({ p50Seconds }) => p50Seconds)).toEqual([null, null, null, null]);
	expect(page.costPerResult).toMatchObject({
		modelUsd: null,
		metaUsd: null,
		usdPerClient: null,
		usdPerNewConversation: null,
	});
	expect(page.funnel.wrote).toBeNull();
});

test('the KPIs that need no month have a value, the others wait', async () => {
	expect(await kpis(story.tenant.id)).toMatchObject({
		hot_to_opportunity: [null, 0],
		classification_precision: [50, 2],
		response_time: [5.4, 5],
		engagement: [16.7, 6],
		ai_return: [166.667, 1],
		rollback_rate: [null, 0],
	});
});

test('the KPIs of the loop compare what was replaced with what replaced it', async () => {
	const other = await beginStory(test_, database, 'UTC');
	const { id } = other.tenant;
	const client = await test_.admin.connect();
	await client.query(`set search_path = agent_factory; set session_replication_role = replica`);
	const run = async (sql: string, ...values: unknown[]) => (await client.query(sql, [id, ...values])).rows;
	const [{ id: better }] = await run(
		`insert into tenant_personas (tenant_id, version, parent_id) values ($1, 2, $2) returning id`,
		other.personaId,
	);
	const [{ id: prompt }] = await run(
		`insert into system_prompts (tenant_id, agent_version_id, version, is_active, prompt_content, prompt_sha256, performance_score)
			select tenant_id, agent_version_id, 2, false, 'Melhor', prompt_sha256, 3.9 from system_prompts where tenant_id = $1 and is_active returning id`,
	);
	await run(
		`update system_prompts set performance_score = 3.2, activated_at = now() - interval '10 days' where tenant_id = $1 and id = $2`,
		other.promptId,
	);
	// Hot people of 40 days ago: 3 won, 9 lost. Of the first persona 4 of 8 hot were right, of the second 6 of 8.
	await run(
		`insert into daily_counts (tenant_id, day, figure, part, n) values ($1, current_date - 40, 'person', 'hot_won', 3), ($1, current_date - 40, 'person', 'hot_lost', 9)`,
	);
	await run(
		`insert into daily_versions (tenant_id, day, target, version_id, people, hot, won, lost, hot_won, hot_lost, hot_right, hot_wrong, score_sum, scored) values
			($1, current_date - 60, 'persona', $2, 10, 8, 2, 8, 0, 0, 4, 4, 0, 0), ($1, current_date - 40, 'persona', $3, 12, 8, 3, 7, 0, 0, 6, 2, 0, 0)`,
		...[other.personaId, better],
	);
	const rollout = `insert into rollouts (tenant_id, target, agent_id, %, persona_suggestion_id, stage, started_by, approved_by_person, started_at, promoted_at, ended_at, end_reason)`;
	await run(
		`${rollout.replace('%', 'incumbent_persona_id, candidate_persona_id')} values ($1, 'persona', null, $2, $3, gen_random_uuid(), 'survived', 'loop', false, now() - interval '50 days', now() - interval '41 days', now() - interval '20 days', 'survived')`,
		...[other.personaId, better],
	);
	await run(
		`${rollout.replace('%', 'incumbent_prompt_id, candidate_prompt_id')} values ($1, 'prompt', $2, $3, $4, null, 'rolled_back', 'loop', false, now() - interval '9 days', now() - interval '8 days', now() - interval '7 days', 'worse')`,
		...[other.tenant.agentId, other.promptId, prompt],
	);
	await run(
		`insert into reflection_logs (tenant_id, agent_id, agent_version_id, system_prompt_id, cycle_key, period_start, period_end, status, overall_score, created_at)
			select tenant_id, $2, agent_version_id, id, repeat('a', 64), now() - interval '5 days', now(), 'completed', 4.2, now() - interval '4 days' from system_prompts where tenant_id = $1 and is_active`,
		other.tenant.agentId,
	);
	await client.query('reset all');
	client.release();
	expect(await kpis(id)).toMatchObject({
		hot_to_opportunity: [25, 12],
		conversion_change: [10, 1],
		false_positive_reduction: [50, 1],
		successful_updates: [1, 2],
		rollback_rate: [50, 2],
		improvement_delta: [0.7, 1],
		prompt_score: [3.2, 1],
		time_to_optimal: [6, 1],
	});
	const comparison = await compareVersions(database, id, {
		target: 'persona',
		beforeId: other.personaId,
		afterId: better,
	});
	expect(comparison).toMatchObject({
		before: { people: 10, conversionPercent: 20 },
		after: { people: 12, precisionPercent: 75 },
		affected: { people: 0, openConversations: 0, runningRollout: null },
	});
	const prompts = await compareVersions(database, id, { target: 'prompt', beforeId: other.promptId, afterId: prompt });
	expect(prompts.diff.lines).toContainEqual({ kind: 'added', text: 'Melhor' });
	await expect(
		compareVersions(database, story.tenant.id, { target: 'persona', beforeId: other.personaId, afterId: better }),
	).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

test('the operator sees each tenant with its figures, and only through the door', async () => {
	const page = await operatorDashboard(database, { days: 7 });
	expect(page.tenants.find(({ id }) => id === story.tenant.id)).toMatchObject({
		...{
			inbound: 6,
			outbound: 6,
			newConversations: 4,
			hot: 2,
			clients: 0,
			modelUsd: 0.006,
			metaUsd: 0.06,
			unpriced: 3,
		},
		health: [],
	});
	expect(page.days.find(({ day }) => day === page.days[0].day)).toBeDefined();
	await expect(operatorDashboard(database, { days: 0 })).rejects.toMatchObject({ code: 'VALUE_REFUSED' });
});

describe('why did it say that', () => {
	test('a reply is told with what was asked, its class, versions, model calls, send and cost', async () => {
		const [{ id, outbox_id: outboxId, turn_id: turnId }] = await story.rows(
			`select id::integer, outbox_id, turn_id::integer from messages where tenant_id = $1 and contact_id = $2 and direction = 'outbound' order by id desc limit 1`,
			...[story.tenant.id, people.ana.contactId],
		);
		const told = await explainReply(database, story.tenant.id, { outboxId });
		expect(told).toMatchObject({
			reply: { messageId: id, outboxId, turnId, author: 'agent', text: 'texto', textGone: null },
			asked: [{ messageId: turnId, text: 'texto' }],
			turn: { outcome: 'reply', checks: [{ check: 'length', fired: false }] },
			versions: {
				agent: { name: 'Bia', documents: [{ title: 'Preços' }] },
				prompt: { id: story.promptId, version: 1 },
				persona: { id: story.personaId },
			},
			class: { classification: 'LEAD_HOT', icpScore: 85, ofThisTurn: false },
			send: { status: 'sent', category: 'SERVICE', costUsd: 0.01 },
			modelCalls: [{ purpose: 'reply', inputTokens: 900, costUsd: 0.004 }],
			cost: { modelUsd: 0.004, unpricedCalls: 0 },
			removed: [],
		});
		expect(told.history).toHaveLength(2);
		expect(await explainReply(database, story.tenant.id, { messageId: id })).toEqual(told);
		const stranger = await makeTenant(database);
		await expect(explainReply(database, stranger.id, { outboxId })).rejects.toMatchObject({ code: 'NOT_FOUND' });
		await expect(explainReply(database, story.tenant.id, { messageId: turnId })).rejects.toMatchObject({
			code: 'NOT_FOUND',
		});
	});

	test('what retention has taken is named', async () => {
		const [{ id }] = await story.rows(
			`select id::integer from messages where tenant_id = $1 and contact_id = $2 and direction = 'outbound' order by id limit 1`,
			...[story.tenant.id, people.beto.contactId],
		);
		await story.rows(
			`update messages set body = '' where tenant_id = $1 and contact_id = $2`,
			story.tenant.id,
			people.beto.contactId,
		);
		for (const table of ['turns', 'llm_usage', 'outbox_messages'])
			await story.rows(
				`delete from ${table} where tenant_id = $1 and conversation_id = $2`,
				story.tenant.id,
				people.beto.conversationId,
			);
		expect(await explainReply(database, story.tenant.id, { messageId: id })).toMatchObject({
			...{ reply: { text: null, textGone: 'retention' }, turn: null, versions: null, send: null, modelCalls: [] },
			removed: ['turn', 'model_calls', 'send', 'texts'],
		});
	});
});

test('what is stuck is told with since when and what to do, the worst first', async () => {
	const { id } = await makeTenant(database);
	expect(await ingestHealth(database, id)).toEqual([]);
	await test_.admin.query(
		`update agent_factory.tenants set created_at = now() - interval '1 day', automation_stopped_at = now() where id = $1`,
		[id],
	);
	await test_.admin.query(
		`insert into agent_factory.webhook_events (tenant_id, object, account_id, kind, meta_message_id, payload, received_at) values ($1, 'page', '1', 'message', 'm', '{}', now() - interval '1 hour')`,
		[id],
	);
	await test_.admin.query(
		`update agent_factory.channel_accounts set status = 'paused', paused_reason = 'token_expired', paused_at = now() where tenant_id = $1`,
		[id],
	);
	const found = await ingestHealth(database, id, 'pt-BR');
	expect(found.map(({ code, n, level }) => [code, n, level])).toEqual([
		['automation_stopped', 1, 'act'],
		['accounts_paused', 1, 'act'],
		['events_pending', 1, 'look'],
		['figures_old', 1, 'know'],
	]);
	expect(found[1].advice).toContain('pausado');
	expect(found.every(({ since }) => since instanceof Date)).toBe(true);
	const [{ source }] = (await test_.admin.query(`select prosrc as source from pg_proc where proname = 'ingest_health'`))
		.rows;
	const codes = [...(source as string).matchAll(/select '([a-z_]+)'/g)].map(([, code]) => code);
	expect(codes.sort()).toEqual(Object.keys(HEALTH_ADVICE).sort());
});

test('a run counts until nothing is due, and stops when told', async () => {
	await makeTenant(database);
	const stopped = await rollUpDays(database, { signal: AbortSignal.abort() });
	expect(stopped).toEqual({ days: 0, tenants: 0, finished: false });
	expect(await rollUpDays(database, { stepDays: 1 })).toMatchObject({ finished: true });
	expect(await rollUpDays(database)).toEqual({ days: 0, tenants: 0, finished: true });
});
