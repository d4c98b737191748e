import { sendDirect, type DirectMessage } from '../../../core/outbox';
import { Sending } from './sending';

let sending: Sending;
beforeAll(async () => (sending = await Sending.open()));
afterAll(async () => await sending.close());
beforeEach(async () => await sending.fresh());

const BIA = '5511955570001';
let serial = 0;
const send = async (conversationId: string, content: DirectMessage['content'], more: Partial<DirectMessage> = {}) =>
	await sendDirect(sending.database, sending.tenant.id, { conversationId, key: `${(serial += 1)}`, content, ...more });
const bodies = async (): Promise<unknown[]> =>
	(
		await sending.mine(
			`select body, kind from agent_factory.messages where tenant_id = $1 and direction = 'outbound' order by id`,
		)
	).map(({ body, kind }) => [kind, body]);

test('files, buttons, lists and quotations leave, and the history shows them', async () => {
	const conversation = await sending.write(BIA);
	await send(conversation, { media: { kind: 'image', link: 'https://x.test/a.jpg', caption: 'Olha' } });
	await send(conversation, { text: 'Vamos?', buttons: [{ title: 'Sim' }, { title: 'Não' }], quote: 'wamid.Q' });
	await send(conversation, { text: 'Planos', button: 'Ver', sections: [{ rows: [{ title: 'Único' }] }] });
	expect(await sending.deliver()).toMatchObject([
		{ type: 'image', image: { link: 'https://x.test/a.jpg', caption: 'Olha' } },
		{ type: 'interactive', context: { message_id: 'wamid.Q' } },
		{ type: 'interactive', interactive: { type: 'list' } },
	]);
	expect(await bodies()).toEqual([
		['image', '[image] Olha'],
		['interactive', 'Vamos?\n[Sim]\n[Não]'],
		['interactive', 'Planos\n[Único]'],
	]);
});

test('a template without its values, one that Meta paused or rejected, and one of another account queue nothing', async () => {
	const conversation = await sending.write(BIA);
	const ok = { name: 'a', meta_name: 'a', content: 'Oi {{lead_name}}' };
	const template = await sending.template(ok);
	const of = async (changes: Record<string, unknown>): Promise<string> =>
		await sending.template({ ...ok, name: `t${(serial += 1)}`, ...changes });
	const values = { values: { lead_name: 'Ana' } };
	const tries: Array<[string, DirectMessage['content']]> = [
		['TEMPLATE_VALUES_WRONG', { templateId: template }],
		['TEMPLATE_VALUES_WRONG', { templateId: template, values: { lead_name: 'Ana', other: 'x' } }],
		['TEMPLATE_NOT_APPROVED', { templateId: await of({ meta_status: 'PAUSED' }), ...values }],
		['TEMPLATE_NOT_APPROVED', { templateId: await of({ meta_status: 'REJECTED' }), ...values }],
		['TEMPLATE_NOT_FOUND', { templateId: await of({ waba_id: '999' }), ...values }],
		['TEMPLATE_NOT_FOUND', { templateId: await of({ meta_name: null }), ...values }],
	];
	for (const [code, content] of tries) await expect(send(conversation, content)).rejects.toMatchObject({ code });
	expect(await sending.outbox()).toEqual([]);
	await send(conversation, { templateId: template, ...values });
	expect(await sending.deliver()).toMatchObject([
		{ template: { components: [{ parameters: [{ text: 'Ana', parameter_name: 'lead_name' }] }] } },
	]);
	expect(await bodies()).toEqual([['template', 'Oi Ana']]);
});

test('a text outside the window falls back to the category that it names', async () => {
	const conversation = await sending.write(BIA);
	await sending.earlier(conversation, 25);
	await sending.template();
	await sending.template({ name: 'f', meta_name: 'acompanhar', category: 'follow-up' });
	await send(conversation, { text: 'oi' }, { fallbackCategory: 'follow-up' });
	expect(await sending.deliver()).toMatchObject([{ template: { name: 'acompanhar' } }]);
});

test('an agent that types shows it, waits for the length of its text and holds up nobody else', async () => {
	await sending.mine('update agent_factory.channel_accounts set typing_chars_per_second = 10 where tenant_id = $1');
	const slow = await sending.write(BIA);
	await sending.answer(['x'.repeat(60)]);
	const read = await sending.deliver();
	expect(read).toMatchObject([{ status: 'read', typing_indicator: { type: 'text' }, message_id: expect.any(String) }]);
	const [lane] = await sending.sql<{ wait: number }>(
		'select extract(epoch from available_at - now())::float as wait from agent_factory.outbox_lanes where conversation_id = $1',
		[slow],
	);
	expect(lane.wait).toBeGreaterThan(4);
	expect(lane.wait).toBeLessThanOrEqual(6);
	const other = await sending.write('5511955570002');
	await send(other, { text: 'de uma pessoa' });
	expect(await sending.deliver()).toMatchObject([{ type: 'text', text: { body: 'de uma pessoa' } }]);
	await sending.sql('update agent_factory.outbox_lanes set available_at = now() where conversation_id = $1', [slow]);
	expect(await sending.deliver()).toMatchObject([{ type: 'text', text: { body: 'x'.repeat(60) } }]);
	expect((await sending.outbox())[0]).toMatchObject({ status: 'sent', attempts: 1 });
});

test('a reply that a person overtook leaves neither receipt nor typing', async () => {
	await sending.mine('update agent_factory.channel_accounts set typing_chars_per_second = 10 where tenant_id = $1');
	await sending.write(BIA);
	await sending.answer(['oi']);
	await sending.mine(
		`update agent_factory.conversations set status = 'handoff', handoff_reason = 'x', handoff_at = now() where tenant_id = $1`,
	);
	expect(await sending.deliver()).toEqual([]);
});
