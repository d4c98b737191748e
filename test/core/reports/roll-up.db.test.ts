import type { Database } from '../../../core/database';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { databaseFor, dropDatabase } from '../../support/factory';
import { beginStory, type Story } from './story';
import { live, roll } from './four-people';

let test_: TestDatabase;
let database: Database;

beforeAll(async () => {
	test_ = await createTestDatabase();
	database = databaseFor(test_);
});
afterAll(async () => await dropDatabase(database, test_));

/** figure.part -> n, or [n, amount]. */
const counts = async (story: Story, daysAgo: number): Promise<Record<string, unknown>> =>
	Object.fromEntries(
		(
			await story.rows(
				`select figure, part, n::integer, amount::float from daily_counts where tenant_id = $1 and day = $2::date and figure <> 'event'`,
				...[story.tenant.id, await story.day(daysAgo)],
			)
		).map(({ figure, part, n, amount }) => [part ? `${figure}.${part}` : figure, amount === null ? n : [n, amount]]),
	);
const FIRST_DAY = {
	...{ 'message.inbound': 2, 'message.agent': 1, 'conversation.active': 2, 'conversation.new': 2 },
	...{ 'send.sent': 1, 'engagement.runs': 1, 'turn.reply': 1, answer: [1, 4], first_answer: [1, 4] },
	...{ 'class.LEAD_HOT': [1, 85], 'class.LEAD_COLD': [1, 20], 'hot.turned': 1, 'hot.answered': [1, 4] },
	...{ 'person.wrote': 2, 'person.classified': 2, 'person.lead': 2, 'person.hot': 1 },
	...{ 'model_call.reply': [1, 0.002], 'model_tokens.reply': 960, 'meta_message.SERVICE': [1, 0.01] },
};
const SECOND_DAY = {
	...{ 'message.inbound': 4, 'message.agent': 4, 'message.human': 1, 'conversation.active': 4, 'conversation.new': 2 },
	...{ 'send.sent': 5, 'engagement.runs': 5, 'engagement.answered': 1, 'turn.reply': 4 },
	...{ answer: [4, 15 + 2 + 3 + 3], first_answer: [3, 15 + 600 + 3] },
	...{ 'class.LEAD_HOT': [1, 91], 'class.LEAD_WARM': [1, 60], 'hot.turned': 1, 'hot.answered': [1, 600] },
	...{ 'person.wrote': 2, 'person.classified': 2, 'person.lead': 2, 'person.hot': 1 },
	...{ 'handoff.started': 1, 'handoff.answered': 1, 'handoff.timed': [1, 600], 'handoff.in_time': 1 },
	...{ 'model_call.reply': [4, 0.004], 'model_tokens.reply': 4 * 960, 'model_unpriced.reply': 3 },
	...{ 'meta_message.SERVICE': [5, 0.05] },
};

describe.each(['America/Sao_Paulo', 'Pacific/Kiritimati', 'Pacific/Pago_Pago'])('days of %s', (timezone) => {
	test('each figure is of the day of the tenant, counted once however often it is counted', async () => {
		const story = await beginStory(test_, database, timezone);
		await live(story);
		expect(await roll(story)).toHaveLength(6);
		expect(await counts(story, 3)).toEqual(FIRST_DAY);
		expect(await counts(story, 2)).toEqual(SECOND_DAY);
		expect(await counts(story, 1)).toEqual({});
		const before = await story.rows(
			`select *, xmin::text from daily_counts where tenant_id = $1 order by day, figure, part`,
			story.tenant.id,
		);
		await story.rows(`select roll_up_day(tenant_id, day) from rolled_days where tenant_id = $1`, story.tenant.id);
		expect(
			await story.rows(
				`select *, xmin::text from daily_counts where tenant_id = $1 order by day, figure, part`,
				story.tenant.id,
			),
		).toEqual(before);
	});
});

describe('what becomes known late', () => {
	test('an outcome, a status and an answer of a person change their day alone, and nothing is counted twice', async () => {
		const story = await beginStory(test_, database, 'America/Sao_Paulo');
		const { ana, caio } = await live(story);
		const waiting = await story.comes([2, '15:00:00'], 'LEAD_HOT', 80);
		const handoff = await story.handsOver(waiting, [2, '15:00:00'], null);
		await roll(story);
		expect(await counts(story, 2)).toMatchObject({ 'hot.turned': 2, 'handoff.waiting': 1, 'handoff.overdue': 1 });
		expect(await roll(story, 60)).toEqual([]);

		await story.outcome(ana, 'opportunity');
		await story.outcome(caio, 'ruim');
		await story.rows(
			`insert into webhook_events (tenant_id, channel_account_id, object, account_id, kind, meta_message_id, provider_status, payload, status, processed_at)
				select tenant_id, channel_account_id, 'whatsapp_business_account', '1', 'status', provider_message_id, 'read', '{}', 'processed', now() from messages where tenant_id = $1 and author = 'human'`,
			story.tenant.id,
		);
		await story.rows(`update messages set status = 'read' where tenant_id = $1 and author = 'human'`, story.tenant.id);
		await story.says(waiting, 'human', [1, '09:00:00']);
		await story.rows(
			`with h as (update handoffs set first_answer_at = $3, first_answer_way = 'page' where tenant_id = $1 and id = $2 returning *)
				select track_event(tenant_id, 'handoff.answered', id::text, jsonb_build_object('handoffId', id)) from h`,
			...[story.tenant.id, handoff, await story.at([1, '09:00:00'])],
		);
		// The hour after which a hot lead without an answer is looked at again.
		await story.rows(
			`update rolled_days set rolled_at = rolled_at - interval '2 hours' where tenant_id = $1`,
			story.tenant.id,
		);
		await story.rows(
			`update roll_up_progress set looked_at = now() - interval '1 minute' where tenant_id = $1`,
			story.tenant.id,
		);
		const [third, second] = [await story.day(3), await story.day(2)];
		expect(await roll(story, 0)).toEqual(expect.arrayContaining([third, second]));
		const [first, later] = [await counts(story, 3), await counts(story, 2)];
		expect(first).toEqual({
			...FIRST_DAY,
			'person.qualified': 1,
			'person.opportunity': 1,
			'person.hot_won': 1,
			'person.hot_right': 1,
		});
		expect(later).toMatchObject({
			'person.hot': 2,
			'person.hot_wrong': 1,
			'person.hot_lost': 1,
			'send.read': 1,
			'send.sent': 4,
		});
		expect(later).toMatchObject({
			'hot.turned': 2,
			'hot.answered': [2, 600 + 18 * 3600],
			'handoff.in_time': 1,
			'handoff.overdue': 1,
		});
		expect(later).not.toHaveProperty('handoff.waiting');
	});

	test('a day that is over keeps what its sources no longer say', async () => {
		const story = await beginStory(test_, database, 'America/Sao_Paulo');
		const { ana } = await live(story);
		await roll(story);
		const before = await counts(story, 3);
		const prompts = `select people::integer from daily_versions where tenant_id = $1 and target = 'prompt' order by day`;
		expect(await story.rows(prompts, story.tenant.id)).toEqual([{ people: 1 }, { people: 2 }]);
		await story.rows(`delete from llm_usage where tenant_id = $1`, story.tenant.id);
		await story.rows(`delete from turns where tenant_id = $1`, story.tenant.id);
		await story.rows(`delete from outbox_messages where tenant_id = $1`, story.tenant.id);
		await story.outcome(ana, 'client');
		await story.rows(
			`update roll_up_progress set looked_at = now() - interval '1 minute' where tenant_id = $1`,
			story.tenant.id,
		);
		expect(await roll(story, 0)).toContain(await story.day(3));
		expect(await counts(story, 3)).toEqual({
			...before,
			'person.qualified': 1,
			'person.opportunity': 1,
			'person.client': 1,
			'person.hot_won': 1,
			'person.hot_right': 1,
		});
		expect(await story.rows(prompts, story.tenant.id)).toEqual([{ people: 1 }, { people: 2 }]);
	});

	test('a time zone that changed begins the last 30 days elsewhere', async () => {
		const story = await beginStory(test_, database, 'America/Sao_Paulo');
		const beto = await story.comes([3, '23:59:50'], 'LEAD_COLD', 20);
		await roll(story);
		expect(await counts(story, 3)).toMatchObject({ 'conversation.new': 1 });
		const [{ day }] = await story.rows(
			`select (created_at at time zone 'Asia/Tokyo')::date::text as day from messages where conversation_id = $1`,
			beto.conversationId,
		);
		await story.rows(`update tenants set timezone = 'Asia/Tokyo' where id = $1`, story.tenant.id);
		await story.rows(
			`update roll_up_progress set looked_at = now() - interval '1 minute' where tenant_id = $1`,
			story.tenant.id,
		);
		await roll(story);
		expect(
			await story.rows(
				`select day::text, n::integer from daily_counts where tenant_id = $1 and figure = 'conversation' and part = 'new'`,
				story.tenant.id,
			),
		).toEqual([{ day, n: 1 }]);
	});
});

test('two workers at once count each day once, and the first does not wait for the second', async () => {
	const story = await beginStory(test_, database, 'America/Sao_Paulo');
	await live(story);
	const [first, second] = [await test_.admin.connect(), await test_.admin.connect()];
	const call = `select tenant_id, day::text from agent_factory.roll_up_days(50, 5) where tenant_id = '${story.tenant.id}'`;
	try {
		await first.query('begin');
		const mine = (await first.query(call)).rows;
		expect(mine).toHaveLength(6);
		await second.query(`set statement_timeout = '5s'`);
		expect((await second.query(call)).rows).toEqual([]);
		await first.query('commit');
		expect((await second.query(call)).rows).toEqual([]);
	} finally {
		first.release();
		second.release();
	}
	expect(await counts(story, 3)).toEqual(FIRST_DAY);
});

test('waits of several days are those of all of them', async () => {
	const story = await beginStory(test_, database, 'America/Sao_Paulo');
	await live(story);
	await roll(story);
	// 2, 3, 3, 4 and 15 seconds.
	const [answer] = await story.rows(
		`select n::integer, p50_seconds::float, p90_seconds::float from wait_times($1, 'answer', current_date - 10, current_date + 1)`,
		story.tenant.id,
	);
	expect(answer.n).toBe(5);
	expect(answer.p50_seconds / 3).toBeCloseTo(1, 1);
	expect(Math.abs(answer.p50_seconds / 3 - 1)).toBeLessThan(0.046);
	expect(Math.abs(answer.p90_seconds / 15 - 1)).toBeLessThan(0.046);
	expect(await story.rows(`select * from wait_times($1, 'hot', '2020-01-01', '2020-01-02')`, story.tenant.id)).toEqual([
		{ n: null, p50_seconds: null, p90_seconds: null },
	]);
});
