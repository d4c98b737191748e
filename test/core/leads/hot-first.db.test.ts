import { completeTurn, handOff, type SettledDecision } from '../../../core/conversations';
import type { Database } from '../../../core/database';
import { inTenant } from '../../../core/tenancy';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { databaseFor, dropDatabase, makeTenant, type TestTenant } from '../../support/factory';
import { saveLead, turnOf } from './lead-story';

let test_: TestDatabase;
let database: Database;
let tenant: TestTenant;

beforeAll(async () => {
	test_ = await createTestDatabase();
	database = databaseFor(test_);
});
beforeEach(async () => {
	tenant = await makeTenant(database);
	await test_.admin.query(`update agent_factory.outbox_lanes set available_at = 'infinity'`);
});
afterAll(async () => await dropDatabase(database, test_));

const rows = async (sql: string, values: unknown[] = [tenant.id]) => (await test_.admin.query(sql, values)).rows;
const decision: SettledDecision = {
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

let phone = 0;
async function answered(classification: string, treatment: 'hot' | 'standard'): Promise<string> {
	const turn = await turnOf(database, tenant, `55117777${String(phone++).padStart(5, '0')}`);
	await saveLead(database, tenant.id, {
		contactId: turn.contactId,
		conversationId: turn.conversationId,
		turnId: turn.turnId,
		classification,
		treatment,
	});
	await completeTurn(database, turn, decision);
	return turn.conversationId;
}
const claim = async (limit: number): Promise<string[]> =>
	(
		await database.pool.query<{ conversation_id: string }>(
			`select conversation_id from ${database.qualified}claim_outbox('w', $1, 60, 600)`,
			[limit],
		)
	).rows.map(({ conversation_id }) => conversation_id);

describe('the outbox', () => {
	test('among 50 answers that are due, the HOT one and the explored one leave first; all others leave in their order', async () => {
		const waiting: string[] = [];
		for (let i = 0; i < 48; i++) waiting.push(await answered('LEAD_WARM', 'standard'));
		const hot = await answered('LEAD_HOT', 'hot');
		const explored = await answered('LEAD_WARM', 'hot');
		expect((await claim(2)).sort()).toEqual([hot, explored].sort());
		expect(await claim(48)).toEqual(waiting);
	}, 60_000);

	test('whoever has waited for half a minute is not passed', async () => {
		const patient = await answered('LEAD_WARM', 'standard');
		await test_.admin.query(
			`update agent_factory.outbox_lanes set available_at = now() - interval '31 seconds' where conversation_id = $1`,
			[patient],
		);
		const hot = await answered('LEAD_HOT', 'hot');
		expect(await claim(1)).toEqual([patient]);
		expect(await claim(1)).toEqual([hot]);
	});
});

describe("the team's HOT capacity", () => {
	const explored = {
		classification: 'LEAD_WARM',
		treatment: 'hot',
		treatPropensity: 0.05,
		explorationArm: 'explore',
	} as const;
	const capacity = async (places: number) =>
		await rows('insert into agent_factory.lead_settings (tenant_id, hot_capacity_per_day) values ($1, $2)', [
			tenant.id,
			places,
		]);
	const left = async (): Promise<number> =>
		(await inTenant(
			database,
			tenant.id,
			async (db) => await db.one<{ n: number }>('select hot_places_left($1) as n', [tenant.id]),
		))!.n;
	const treated = async () =>
		await rows(
			`select treatment, exploration_arm, treat_propensity::float, count(*)::int as n from agent_factory.classified_leads where tenant_id = $1 group by 1, 2, 3 order by 1`,
		);

	test('twenty explored leads at once take the three places that are left, and no more', async () => {
		await capacity(5);
		await saveLead(database, tenant.id, { classification: 'LEAD_HOT' });
		await saveLead(database, tenant.id, { classification: 'LEAD_HOT' });
		expect(await left()).toBe(3);
		await Promise.all(Array.from({ length: 20 }, async () => await saveLead(database, tenant.id, explored)));
		expect(await treated()).toEqual([
			{ treatment: 'hot', exploration_arm: 'explore', treat_propensity: 0.05, n: 3 },
			{ treatment: 'hot', exploration_arm: null, treat_propensity: 1, n: 2 },
			{ treatment: 'standard', exploration_arm: null, treat_propensity: 1, n: 17 },
		]);
		expect(await left()).toBe(0);
	});

	test('a lead that is HOT is treated as HOT even when the day is full', async () => {
		await capacity(0);
		await saveLead(database, tenant.id, { classification: 'LEAD_HOT' });
		expect(await treated()).toMatchObject([{ treatment: 'hot' }]);
		expect(await left()).toBe(0);
	});

	test('a person who writes all day takes one place', async () => {
		await capacity(5);
		const { contactId } = await saveLead(database, tenant.id, { classification: 'LEAD_HOT' });
		for (let i = 0; i < 4; i++) await saveLead(database, tenant.id, { contactId, classification: 'LEAD_HOT' });
		expect(await left()).toBe(4);
	});
});

describe('speed to lead', () => {
	test('runs from the first message of the turn that was HOT to the first answer that was sent', async () => {
		const turn = await turnOf(database, tenant, '5511777766666');
		await saveLead(database, tenant.id, {
			contactId: turn.contactId,
			conversationId: turn.conversationId,
			turnId: turn.turnId,
			classification: 'LEAD_HOT',
		});
		await completeTurn(database, turn, decision);
		const view =
			'select lead_id, answered_at, seconds_to_answer::float as seconds from agent_factory.v_speed_to_lead where tenant_id = $1';
		expect(await rows(view)).toMatchObject([{ answered_at: null, seconds: null }]);
		await test_.admin.query(
			`update agent_factory.outbox_messages o set status = 'sent', sent_at = t.received_at + interval '7 seconds' from agent_factory.turns t
				where o.tenant_id = $1 and t.tenant_id = o.tenant_id and t.id = o.turn_id`,
			[tenant.id],
		);
		await test_.admin.query(
			`update agent_factory.messages set status = 'sent' where tenant_id = $1 and direction = 'outbound'`,
			[tenant.id],
		);
		expect(await rows(view)).toMatchObject([{ seconds: 7 }]);
		await saveLead(database, tenant.id, { contactId: turn.contactId, classification: 'LEAD_HOT' });
		await saveLead(database, tenant.id, { contactId: turn.contactId, classification: 'LEAD_WARM' });
		expect(await rows(view)).toHaveLength(1);
		await saveLead(database, tenant.id, { contactId: turn.contactId, classification: 'LEAD_HOT' });
		expect(
			await rows(
				'select hot_leads, answered, p50_seconds::float, p90_seconds::float from agent_factory.v_speed_to_lead_daily where tenant_id = $1 and answered > 0',
			),
		).toEqual([{ hot_leads: expect.any(Number), answered: 1, p50_seconds: 7, p90_seconds: 7 }]);
	});
});

test('a hand-over by a person is still possible beside it', async () => {
	const conversationId = await answered('LEAD_HOT', 'hot');
	await handOff(database, tenant.id, conversationId, 'human_takeover');
	expect(await claim(1)).toEqual([]);
});
