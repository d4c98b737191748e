import { sendDirect } from '../../../core/outbox';
import { statusBody } from '../../support/factory';
import { refused, Sending } from './sending';

let sending: Sending;
beforeAll(async () => (sending = await Sending.open()));
afterAll(async () => await sending.close());
beforeEach(async () => await sending.fresh());

const BIA = '5511955550002';
let serial = 0;
/** Queues a template, as an automation unless told otherwise. */
const campaign = async (conversationId: string, templateId: string, author: 'system' | 'human' = 'system') =>
	await sendDirect(sending.database, sending.tenant.id, {
		conversationId,
		key: `${(serial += 1)}`,
		content: { templateId },
		author,
	});
const marketing = async (): Promise<string> =>
	await sending.template({ name: 'promo', meta_name: 'promo', category: 'follow-up', meta_category: 'MARKETING' });
const reasons = async (): Promise<unknown[]> => (await sending.outbox()).map((row) => row.error_message ?? row.status);
const preference = (value: string, at: Date): unknown => ({
	object: 'whatsapp_business_account',
	entry: [
		{
			id: '1',
			changes: [
				{
					field: 'user_preferences',
					value: {
						messaging_product: 'whatsapp',
						metadata: { display_phone_number: '551100000000', phone_number_id: sending.tenant.phoneNumberId },
						contacts: [{ wa_id: BIA, profile: { name: 'Bia' } }],
						user_preferences: [
							{
								wa_id: BIA,
								detail: value,
								category: 'marketing_messages',
								value,
								timestamp: Math.floor(at.getTime() / 1000),
							},
						],
					},
				},
			],
		},
	],
});
const ledger = async (): Promise<unknown[]> =>
	await sending.mine(
		'select purpose, granted, source from agent_factory.consent_events where tenant_id = $1 order by happened_at',
	);

test('what the person says of marketing is written down and holds; a late word changes nothing', async () => {
	const conversation = await sending.write(BIA);
	const promo = await marketing();
	const now = Date.now();
	await sending.post(preference('stop', new Date(now - 1_000)));
	await sending.post(preference('resume', new Date(now - 60_000)));
	await campaign(conversation, promo);
	await campaign(conversation, promo, 'human');
	await sending.deliver();
	expect(await reasons()).toEqual(['marketing_opted_out', 'marketing_opted_out']);
	await sending.post(preference('resume', new Date(now)));
	await campaign(conversation, promo);
	expect(await sending.deliver()).toHaveLength(1);
	expect(await ledger()).toEqual([
		{ purpose: 'marketing', granted: true, source: 'user_preferences' },
		{ purpose: 'marketing', granted: false, source: 'user_preferences' },
		{ purpose: 'marketing', granted: true, source: 'user_preferences' },
	]);
});

test('an opt-out word is a line of the ledger, and nothing that we start follows it', async () => {
	const conversation = await sending.write(BIA);
	await sending.answer(['Tudo bem.'], { optOut: true });
	expect(await sending.deliver()).toHaveLength(1);
	await campaign(conversation, await sending.template());
	expect(await sending.deliver()).toEqual([]);
	expect((await reasons()).at(-1)).toBe('contact_opted_out');
	expect(await ledger()).toEqual([{ purpose: 'service', granted: false, source: 'opt_out_word' }]);
});

test('a person gets two marketing messages in seven days from automations; useful ones and people go on', async () => {
	const conversation = await sending.write(BIA);
	const promo = await marketing();
	for (let n = 0; n < 3; n++) await campaign(conversation, promo);
	await campaign(conversation, promo, 'human');
	await campaign(conversation, await sending.template());
	await sending.deliver();
	expect(await reasons()).toEqual(['sent', 'sent', 'marketing_cap', 'sent', 'sent']);
});

test("a tenant's own cap and its wish for an opt-in are kept", async () => {
	const conversation = await sending.write(BIA);
	const promo = await marketing();
	await sending.mine(
		'update agent_factory.sending_settings set marketing_per_person = 1, marketing_needs_opt_in = true where tenant_id = $1',
	);
	await campaign(conversation, promo);
	await sending.deliver();
	await sending.post(preference('resume', new Date()));
	await campaign(conversation, promo);
	await campaign(conversation, promo);
	await sending.deliver();
	expect(await reasons()).toEqual(['marketing_not_allowed_yet', 'sent', 'marketing_cap']);
});

test('131049 ends marketing to that person for a day, whether the call or a status tells it; 131050 for good', async () => {
	const promo = await marketing();
	const [first, second, third] = [
		await sending.write(BIA),
		await sending.write('5511955550003'),
		await sending.write('5511955550004'),
	];
	await campaign(first, promo);
	await sending.deliver(() => refused(131049));
	await campaign(second, promo);
	await sending.deliver();
	const sent = (await sending.outbox()).at(-1)!;
	await sending.post(
		statusBody(sending.tenant.phoneNumberId, [
			{ id: sent.provider_message_id, status: 'failed', errorCode: 131049, callbackData: sent.id },
		]),
	);
	await campaign(third, promo);
	await sending.deliver(() => refused(131050));
	for (const conversation of [first, second, third]) await campaign(conversation, promo);
	expect(await sending.deliver()).toEqual([]);
	expect((await reasons()).slice(3)).toEqual([
		'marketing_held_by_meta',
		'marketing_held_by_meta',
		'marketing_opted_out',
	]);
	expect(await ledger()).toEqual([{ purpose: 'marketing', granted: false, source: 'meta_refused' }]);
	await sending.mine(`update agent_factory.contacts set marketing_hold_until = now() where tenant_id = $1`);
	await campaign(first, promo);
	expect(await sending.deliver()).toHaveLength(1);
});

test('a template that was paused after it was queued is blocked with that reason', async () => {
	const conversation = await sending.write(BIA);
	const promo = await marketing();
	await campaign(conversation, promo, 'human');
	await sending.sql(`update agent_factory.message_templates set meta_status = 'PAUSED' where id = $1`, [promo]);
	expect(await sending.deliver()).toEqual([]);
	expect(await reasons()).toEqual(['template_paused']);
});
