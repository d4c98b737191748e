import { getMessageUsage, sendDirect } from '../../../core/outbox';
import { statusBody } from '../../support/factory';
import { refused, Sending } from './sending';

let sending: Sending;
beforeAll(async () => (sending = await Sending.open()));
afterAll(async () => await sending.close());
beforeEach(async () => await sending.fresh());

const BIA = '5511955550001';
let serial = 0;
const write = async (conversationId: string, content: { text: string } | { templateId: string }): Promise<unknown> =>
	await sendDirect(sending.database, sending.tenant.id, { conversationId, key: `${(serial += 1)}`, content });

type Status = Parameters<typeof statusBody>[1][number];
const status = async (id: string, name: string, more: Partial<Status> = {}): Promise<void> =>
	await sending.post(statusBody(sending.tenant.phoneNumberId, [{ id, status: name, ...more }]));
const last = async (): Promise<Record<string, any>> => (await sending.outbox()).at(-1)!;
const audits = async (type: string): Promise<unknown[]> =>
	await sending.mine('select 1 from agent_factory.audit_events where tenant_id = $1 and event_type = $2', type);

describe('131047 that comes with a status', () => {
	/** A text that Meta took; returns its conversation and Meta's id. */
	async function taken(): Promise<{ conversation: string; id: string }> {
		const conversation = await sending.write(BIA);
		await write(conversation, { text: 'e aí?' });
		await sending.deliver();
		// Meta's clock says that the customer wrote longer ago than we believe.
		await sending.mine(
			`update agent_factory.conversations set last_customer_message_at = now() - interval '1 hour' where tenant_id = $1`,
		);
		return { conversation, id: (await last()).provider_message_id };
	}

	test('closes the window and lets the template take over, once', async () => {
		await sending.template();
		const { conversation, id } = await taken();
		await status(id, 'failed', { errorCode: 131047 });
		await status(id, 'failed', { errorCode: 131047 });
		expect(await sending.deliver()).toMatchObject([{ type: 'template' }]);
		expect(await last()).toMatchObject({ status: 'sent', kind: 'template', refused_message_id: id, error_code: null });
		expect(await audits('outbox.template_instead')).toHaveLength(1);
		// Refused in its turn, nothing is left to try.
		await status((await last()).provider_message_id, 'failed', { errorCode: 131047 });
		expect(await sending.deliver()).toEqual([]);
		expect(await last()).toMatchObject({ status: 'failed', error_code: 131047 });
		await write(conversation, { text: 'de novo' });
		expect(await sending.deliver()).toMatchObject([{ type: 'template' }]);
	});

	test('says of the refused text nothing of the template: late statuses of it move nothing', async () => {
		await sending.template();
		const { id } = await taken();
		const outboxId = (await last()).id;
		await status(id, 'failed', { errorCode: 131047, callbackData: outboxId });
		await status(id, 'sent', { callbackData: outboxId });
		expect(await last()).toMatchObject({ status: 'pending', provider_message_id: null });
		expect(await sending.deliver()).toHaveLength(1);
		await status(id, 'read');
		expect(await last()).toMatchObject({ status: 'sent' });
		expect(
			await sending.mine(`select 1 from agent_factory.webhook_events where tenant_id = $1 and status = 'pending'`),
		).toEqual([]);
	});

	test('without a template it is blocked with the reason, and costs are counted once', async () => {
		const { id } = await taken();
		await status(id, 'failed', { errorCode: 131047 });
		expect(await sending.deliver()).toEqual([]);
		expect(await last()).toMatchObject({ status: 'blocked', error_message: 'outside_24h_window' });
		const usage = await getMessageUsage(sending.database, sending.tenant.id);
		expect(usage).toMatchObject([{ category: 'SERVICE', messages: 0, notDelivered: 1, costUsd: 0 }]);
	});

	test('leaves a window open that the customer opened after the send', async () => {
		await sending.template();
		const { id } = await taken();
		await sending.write(BIA, new Date(Date.now() + 1_000));
		await status(id, 'failed', { errorCode: 131047 });
		expect(await sending.deliver()).toMatchObject([{ type: 'text' }]);
	});

	test('a reply in parts becomes one template, whether its parts were taken or wait', async () => {
		await sending.template();
		await sending.write(BIA);
		await sending.answer(['Oi!', 'Tudo bem?', 'Me conta.']);
		await sending.deliver();
		await sending.mine(
			`update agent_factory.conversations set last_customer_message_at = now() - interval '1 hour' where tenant_id = $1`,
		);
		for (const { provider_message_id: id } of await sending.outbox()) await status(id, 'failed', { errorCode: 131047 });
		expect(await sending.deliver()).toMatchObject([{ type: 'template' }]);
		expect((await sending.outbox()).map((row) => row.status)).toEqual(['sent', 'failed', 'failed']);
	});
});

test('a refusal of the send itself makes one template of a reply in parts too', async () => {
	await sending.template();
	await sending.write(BIA);
	await sending.answer(['Oi!', 'Tudo bem?']);
	const answers = [refused(131047)];
	const bodies = await sending.deliver(() => answers.shift() ?? { status: 200, body: { messages: [{ id: 'w.1' }] } });
	expect(bodies.map(({ type }) => type)).toEqual(['text', 'template']);
	expect((await sending.outbox()).map((row) => row.error_message ?? row.status)).toEqual([
		'sent',
		'template_went_instead',
	]);
});

describe('what Meta bills', () => {
	const PMP = { pricing_model: 'PMP' };
	const costs = async (): Promise<unknown> =>
		(
			await sending.mine(
				`select category, basis, messages, cost_usd::float, estimated_usd::float from agent_factory.message_costs where tenant_id = $1 and messages > 0 order by category, basis`,
			)
		).map((row) => Object.values(row));
	async function promo(): Promise<string> {
		const templateId = await sending.template({ name: 'promo', meta_name: 'promo', meta_category: 'UTILITY' });
		await write(await sending.write(BIA), { templateId });
		await sending.deliver();
		return (await last()).provider_message_id;
	}

	test('another category than ours is charged as that, and our estimate stays beside it', async () => {
		const id = await promo();
		const pricing = { ...PMP, billable: true, type: 'regular', category: 'marketing' };
		await status(id, 'sent', { pricing });
		await status(id, 'delivered', { pricing });
		await status(id, 'read', { pricing });
		expect(await last()).toMatchObject({
			...{ message_category: 'MARKETING', cost_basis: 'example_price', cost_usd: '0.062500', pricing },
			cost_estimate: { category: 'UTILITY', basis: 'example_price', costUsd: 0.0068 },
		});
		expect(await costs()).toEqual([['MARKETING', 'example_price', 1, 0.0625, 0.0068]]);
		expect(await getMessageUsage(sending.database, sending.tenant.id)).toMatchObject([
			{ category: 'MARKETING', costUsd: 0.0625, estimatedUsd: 0.0068 },
		]);
	});

	test('what Meta gives free costs nothing, whatever we thought', async () => {
		await status(await promo(), 'delivered', {
			pricing: { ...PMP, billable: false, type: 'free_entry_point', category: 'referral_conversion' },
		});
		expect(await costs()).toEqual([['UTILITY', 'free_entry_point', 1, 0, 0.0068]]);
	});

	test('an answer that we thought free and Meta bills costs what the list says', async () => {
		await sending.mine(
			`select agent_factory.save_message_prices($1, '[{"category": "SERVICE", "countryPrefix": "55", "validFrom": "2026-10-01", "price": 0.01, "source": "card"}]')`,
		);
		await write(await sending.write(BIA), { text: 'oi' });
		await sending.deliver();
		const pricing = { ...PMP, billable: true, type: 'regular', category: 'service' };
		await status((await last()).provider_message_id, 'delivered', { pricing });
		expect(await costs()).toEqual([['SERVICE', 'price_list', 1, 0.01, 0]]);
	});

	test('the same word as ours changes nothing, and a failure afterwards takes all of it back', async () => {
		const id = await promo();
		await status(id, 'sent', { pricing: { ...PMP, billable: true, type: 'regular', category: 'utility' } });
		expect(await last()).toMatchObject({ cost_estimate: null, cost_basis: 'example_price' });
		await status(id, 'failed', { errorCode: 131026 });
		expect(await costs()).toEqual([['UTILITY', 'not_delivered', 1, 0, 0.0068]]);
	});
});
