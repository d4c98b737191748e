import type { Database } from '../../../../core/database';
import { saveClassifiedLead } from '../../../../core/leads';
import { createTestDatabase, type TestDatabase } from '../../../support/database';
import { databaseFor, dropDatabase, makeTenant, wamid, type TestTenant } from '../../../support/factory';
import { aLead, contact, person, receive } from '../../leads/turns';

let test_: TestDatabase;
let database: Database;
let tenant: TestTenant;

beforeAll(async () => {
	test_ = await createTestDatabase();
	database = databaseFor(test_);
});
afterAll(async () => await dropDatabase(database, test_));
beforeEach(async () => {
	tenant = await makeTenant(database);
});

const sql = async (text: string, ...values: unknown[]): Promise<any[]> =>
	(await test_.admin.query(text, [tenant.id, ...values])).rows;
const tasks = async () =>
	await sql('select reason, status from agent_factory.call_tasks where tenant_id = $1 order by created_at');
const calls = async () =>
	await sql(
		`select c.provider_call_id as id, c.direction, c.status, c.duration_seconds as seconds, k.phone from agent_factory.calls c
			left join agent_factory.contacts k on k.tenant_id = c.tenant_id and k.id = c.contact_id where c.tenant_id = $1 order by c.id`,
	);

describe('calls over WhatsApp', () => {
	/** The field `calls` as Meta posts it. */
	const calling = async (value: Record<string, unknown>): Promise<void> =>
		await receive(database, {
			object: 'whatsapp_business_account',
			entry: [
				{
					id: '1',
					changes: [
						{
							field: 'calls',
							value: {
								messaging_product: 'whatsapp',
								metadata: { display_phone_number: '551100000000', phone_number_id: tenant.phoneNumberId },
								...value,
							},
						},
					],
				},
			],
		});
	const step = async (id: string, customer: string, event: string, more: object = {}): Promise<void> => {
		const parties =
			'direction' in more && more.direction === 'BUSINESS_INITIATED'
				? { from: '551100000000', to: customer }
				: { from: customer, to: '551100000000', direction: 'USER_INITIATED' };
		await calling({
			contacts: [{ wa_id: customer, profile: { name: 'Rosa' } }],
			calls: [{ id, event, timestamp: String(Math.floor(Date.now() / 1000)), ...parties, ...more }],
		});
	};

	test('one that nobody picks up is a task for a person, once, however often Meta says so and whoever calls again', async () => {
		const [from, id] = [person(), wamid()];
		await step(id, from, 'connect');
		expect(await tasks()).toEqual([]);
		await step(id, from, 'terminate', { status: 'FAILED' });
		await step(id, from, 'terminate', { status: 'FAILED' });
		const again = wamid();
		await step(again, from, 'connect');
		await step(again, from, 'terminate', { status: 'FAILED' });
		expect(await tasks()).toEqual([{ reason: 'missed_call', status: 'open' }]);
		const missed = { direction: 'inbound', status: 'missed', seconds: null, phone: from };
		expect(await calls()).toEqual([
			{ id, ...missed },
			{ id: again, ...missed },
		]);
	});

	test('one that was spoken is no task, and its end may come before its beginning', async () => {
		const [from, id] = [person(), wamid()];
		await step(id, from, 'terminate', { status: 'COMPLETED', duration: 41 });
		await step(id, from, 'connect');
		expect(await calls()).toEqual([{ id, direction: 'inbound', status: 'completed', seconds: 41, phone: from }]);
		expect(await tasks()).toEqual([]);
	});

	test('one that we started and the customer let ring is no task either', async () => {
		const [to, id] = [person(), wamid()];
		await step(id, to, 'call_created', { direction: 'BUSINESS_INITIATED' });
		await calling({
			statuses: [{ id, type: 'call', status: 'RINGING', timestamp: '1791800000', recipient_id: to }],
		});
		await step(id, to, 'terminate', { direction: 'BUSINESS_INITIATED', status: 'FAILED' });
		expect(await calls()).toMatchObject([{ id, direction: 'outbound', status: 'failed' }]);
		expect(await tasks()).toEqual([]);
	});
});

describe('a lead that becomes hot', () => {
	let seconds = 0;
	const classify = async (contactId: string, classification: 'LEAD_HOT' | 'LEAD_WARM' = 'LEAD_HOT') => {
		const messageTimestamp = new Date(Date.UTC(2026, 10, 20) + (seconds += 1) * 1_000).toISOString();
		await saveClassifiedLead(database, tenant.id, aLead(contactId, { classification, messageTimestamp }));
	};
	const wanted = async (wants: boolean) =>
		await sql('insert into agent_factory.voice_settings (tenant_id, hot_lead_tasks) values ($1, $2)', wants);

	test('is one task a person where the tenant wants it, however often and from how many sides it is found hot', async () => {
		await wanted(true);
		const [ana, rui] = [await contact(test_.admin, tenant), await contact(test_.admin, tenant)];
		await classify(ana, 'LEAD_WARM');
		expect(await tasks()).toEqual([]);
		await Promise.all([classify(ana), classify(ana), classify(rui)]);
		await classify(ana);
		expect(await tasks()).toEqual([
			{ reason: 'hot', status: 'open' },
			{ reason: 'hot', status: 'open' },
		]);
		const people = await sql(
			'select distinct contact_id, lead_id is not null as lead from agent_factory.call_tasks where tenant_id = $1',
		);
		expect(people.map(({ contact_id }) => contact_id).sort()).toEqual([ana, rui].sort());
		expect(people.map(({ lead }) => lead)).toEqual([true, true]);
	});

	test('is not called twice on the day that somebody called', async () => {
		await wanted(true);
		const ana = await contact(test_.admin, tenant);
		await classify(ana);
		await sql(`update agent_factory.call_tasks set status = 'done', closed_at = now() where tenant_id = $1`);
		await classify(ana);
		expect(await tasks()).toEqual([{ reason: 'hot', status: 'done' }]);
		// The day after, it may be asked for again.
		await sql(
			`update agent_factory.call_tasks set idempotency_key = idempotency_key || ':before' where tenant_id = $1`,
		);
		await classify(ana);
		expect(await tasks()).toEqual([
			{ reason: 'hot', status: 'done' },
			{ reason: 'hot', status: 'open' },
		]);
	});

	test.each([
		['did not say so', null],
		['said no', false],
	] as const)('is no task where the tenant %s', async (_, wants) => {
		if (wants !== null) await wanted(wants);
		await classify(await contact(test_.admin, tenant));
		expect(await tasks()).toEqual([]);
	});
});
