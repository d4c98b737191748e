import { sendDirect } from '../../../core/outbox';
import { statusBody } from '../../support/factory';
import { Sending } from './sending';

let sending: Sending;
let promo: string;
beforeAll(async () => (sending = await Sending.open()));
afterAll(async () => await sending.close());
beforeEach(async () => {
	await sending.fresh();
	promo = await sending.template({ name: 'promo', meta_name: 'promo', meta_category: 'MARKETING' });
});

let serial = 0;
const person = (n: number, prefix = '5511'): string => `${prefix}${955_560_000 + n}`;
/** Queues a template or a text, as an automation unless told otherwise. */
const start = async (conversationId: string, author: 'system' | 'human' = 'system', text?: string): Promise<unknown> =>
	await sendDirect(sending.database, sending.tenant.id, {
		conversationId,
		key: `${(serial += 1)}`,
		content: text === undefined ? { templateId: promo } : { text },
		author,
	});
const fates = async (): Promise<unknown[]> => (await sending.outbox()).map((row) => row.error_message ?? row.status);
const costs = async (): Promise<unknown[]> =>
	(await sending.outbox()).map(({ cost_usd, cost_basis }) => [cost_usd === null ? null : Number(cost_usd), cost_basis]);
const price = async (...prices: object[]): Promise<unknown> =>
	await sending.mine('select agent_factory.save_message_prices($1, $2::jsonb)', JSON.stringify(prices));
const told = async (type: string): Promise<number> =>
	(await sending.mine('select 1 from agent_factory.audit_events where tenant_id = $1 and event_type = $2', type))
		.length;

test('a send costs what the price list says: longest prefix, newest valid day, other currencies in dollars', async () => {
	await price(
		{ category: 'MARKETING', countryPrefix: '55', validFrom: '2026-11-01', price: 0.1, source: 'card' },
		{ category: 'MARKETING', countryPrefix: '55', validFrom: '2999-01-01', price: 9, source: 'card' },
		{
			category: 'MARKETING',
			countryPrefix: '351',
			validFrom: '2026-01-01',
			currency: 'EUR',
			price: 0.05,
			usdPerUnit: 1.2,
			source: 'card',
		},
	);
	for (const from of [person(1), person(2, '351'), person(3, '99')]) await start(await sending.write(from));
	await sending.deliver();
	expect(await costs()).toEqual([
		[0.1, 'price_list'],
		[0.06, 'price_list'],
		[null, 'no_price'],
	]);
	const usage = await sending.mine(
		`select category, messages::integer, charged::integer, unknown_cost::integer, cost_usd::float from agent_factory.message_usage where tenant_id = $1`,
	);
	expect(usage).toEqual([{ category: 'MARKETING', messages: 3, charged: 2, unknown_cost: 1, cost_usd: 0.16 }]);
});

test('an example price is told apart, an ad and the first thousand answers are free, a failed message costs nothing', async () => {
	const conversation = await sending.write(person(1));
	await start(conversation);
	await start(conversation, 'human', 'oi');
	await sending.deliver();
	expect(await costs()).toEqual([
		[0.0625, 'example_price'],
		[0, 'free_tier'],
	]);
	await sending.mine(
		`update agent_factory.message_costs set messages = 1000 where tenant_id = $1 and basis = 'free_tier'`,
	);
	await start(conversation, 'human', 'e mais');
	await sending.deliver();
	expect((await costs()).at(-1)).toEqual([null, 'no_price']);
	await sending.mine(
		`update agent_factory.conversations set ad_window_until = now() + interval '1 hour' where tenant_id = $1`,
	);
	await start(conversation, 'human', 'de graça');
	await sending.deliver();
	expect((await costs()).at(-1)).toEqual([0, 'free_entry_point']);
	const [first] = await sending.outbox();
	await sending.post(
		statusBody(sending.tenant.phoneNumberId, [{ id: first.provider_message_id, status: 'failed', errorCode: 131026 }]),
	);
	expect((await costs())[0]).toEqual([0, 'not_delivered']);
	expect(
		await sending.mine(
			`select messages, cost_usd::float from agent_factory.message_costs where tenant_id = $1 and category = 'MARKETING' order by basis`,
		),
	).toEqual([
		{ messages: 0, cost_usd: 0 },
		{ messages: 1, cost_usd: 0 },
	]);
});

test('a cap that is reached in a campaign stops the campaign, is told once, and answers go on', async () => {
	await sending.mine('update agent_factory.tenants set max_message_spend_usd = 0.1 where id = $1');
	for (let n = 0; n < 4; n++) {
		await start(await sending.write(person(n)));
		await sending.deliver();
	}
	expect(await fates()).toEqual(['sent', 'sent', 'message_spend_limit', 'message_spend_limit']);
	expect(await told('plan.message_spend')).toBe(1);
	const conversation = await sending.write(person(1));
	await start(conversation, 'human', 'oi');
	await sending.answer(['Claro!']);
	expect(await sending.deliver()).toHaveLength(2);
	await sending.mine('update agent_factory.tenants set max_message_spend_usd = 5 where id = $1');
	await sending.mine('select agent_factory.close_proactive_breaker($1, true)');
	expect(await sending.deliver()).toHaveLength(2);
});

test('a day of three times the peak opens the breaker; it stays open until a person closes it, and answers go on', async () => {
	await sending.mine('update agent_factory.sending_settings set proactive_floor = 2 where tenant_id = $1');
	await sending.mine(
		`insert into agent_factory.usage_counters (tenant_id, metric, period_start, value) values ($1, 'proactive_messages', current_date - 5, 1), ($1, 'proactive_messages', current_date - 40, 500)`,
	);
	for (let n = 0; n < 5; n++) {
		await start(await sending.write(person(n)));
		await sending.deliver();
	}
	expect(await fates()).toEqual(['sent', 'sent', 'sent', 'proactive_breaker_open', 'proactive_breaker_open']);
	expect(await told('proactive.breaker_opened')).toBe(1);
	await sending.mine(`update agent_factory.usage_counters set value = 0 where tenant_id = $1`);
	const conversation = await sending.write(person(9));
	await start(conversation);
	await sending.answer(['Claro!']);
	expect(await sending.deliver()).toMatchObject([{ type: 'text' }]);
	const [{ done }] = await sending.mine('select agent_factory.close_proactive_breaker($1, true) as done');
	expect(done).toEqual({ closed: true, queuedAgain: 3 });
	expect(await sending.deliver()).toHaveLength(3);
	expect(await told('proactive.breaker_closed')).toBe(1);
	await start(await sending.write(person(10)));
	expect(await sending.deliver()).toHaveLength(1);
});
