import { sendDirect } from '../../../core/outbox';
import { accepted, refused, Sending } from './sending';

let sending: Sending;
beforeAll(async () => (sending = await Sending.open()));
afterAll(async () => await sending.close());
beforeEach(async () => await sending.fresh());

const AD = { referral: { source_type: 'ad', source_id: '1', source_url: 'https://fb.me/x', headline: 'Promo' } };
let serial = 0;
const BIA = '5511955550001';
const write = async (conversationId: string, text: string): Promise<unknown> =>
	await sendDirect(sending.database, sending.tenant.id, { conversationId, key: `${(serial += 1)}`, content: { text } });

test('an ad that was answered within 24 hours keeps free text open for 72 hours', async () => {
	const conversation = await sending.write(BIA, new Date(), AD);
	await sending.answer(['Oi!']);
	await sending.deliver();
	await sending.earlier(conversation, 71);
	await write(conversation, 'e aí?');
	expect(await sending.deliver()).toMatchObject([{ type: 'text' }]);
	await sending.earlier(conversation, 2);
	await write(conversation, 'tarde');
	expect(await sending.deliver()).toEqual([]);
	expect((await sending.outbox()).at(-1)).toMatchObject({ status: 'blocked', error_message: 'outside_24h_window' });
});

test('an ad that nobody answered within 24 hours opens nothing', async () => {
	const conversation = await sending.write(BIA, new Date(), AD);
	await sending.earlier(conversation, 25);
	await write(conversation, 'e aí?');
	expect(await sending.deliver()).toEqual([]);
});

test("Meta's refusal inside the 72 hours sends the template, and free text is not tried again", async () => {
	const conversation = await sending.write(BIA, new Date(), AD);
	await sending.answer(['Oi!']);
	await sending.deliver();
	await sending.earlier(conversation, 30);
	await sending.template();
	await write(conversation, 'e aí?');
	const answers = [refused(131047)];
	const bodies = await sending.deliver(() => answers.shift() ?? accepted());
	expect(bodies.map(({ type }) => type)).toEqual(['text', 'template']);
	await write(conversation, 'de novo');
	const [row] = await sending.mine<{ ad_window_until: Date | null }>(
		'select ad_window_until from agent_factory.conversations where tenant_id = $1',
	);
	expect(row.ad_window_until).toBeNull();
	expect(await sending.deliver(() => refused(131047))).toMatchObject([{ type: 'template' }]);
	expect((await sending.outbox()).at(-1)).toMatchObject({ status: 'failed', error_code: 131047 });
});

test('the template in the language of the person wins, then the agent, then Brazilian Portuguese', async () => {
	await sending.fresh({ language: 'en' });
	const conversation = await sending.write(BIA);
	await sending.earlier(conversation, 25);
	for (const language of ['de', 'pt_BR', 'en_US', 'es'])
		await sending.template({ name: `w ${language}`, meta_name: `w_${language}`, language });
	const speaks = async (language: string | null): Promise<unknown> => {
		await sending.mine('update agent_factory.contacts set language = $2 where tenant_id = $1', language);
		await write(conversation, `in ${language}`);
		return (await sending.deliver())[0].template.name;
	};
	expect(await speaks('es')).toBe('w_es');
	expect(await speaks('en-GB')).toBe('w_en_US');
	expect(await speaks('fr')).toBe('w_en_US');
	expect(await speaks(null)).toBe('w_en_US');
	await sending.mine(
		`update agent_factory.message_templates set meta_status = 'DISABLED' where tenant_id = $1 and language = 'en_US'`,
	);
	expect(await speaks('fr')).toBe('w_pt_BR');
});

test('a paused or switched off template, one of another account or one with unknown values is not picked', async () => {
	const conversation = await sending.write(BIA);
	await sending.earlier(conversation, 25);
	await sending.template({ name: 'a', meta_name: 'a', meta_status: 'PAUSED' });
	await sending.template({ name: 'b', meta_name: 'b', is_active: false });
	await sending.template({ name: 'c', meta_name: 'c', waba_id: '999' });
	await sending.template({ name: 'd', meta_name: 'd', content: '{{order}}', variables: '["order"]' });
	await sending.template({ name: 'e', meta_name: 'e', content: 'Oi {{1}}' });
	await write(conversation, 'e aí?');
	expect(await sending.deliver()).toEqual([]);
	const [audit] = await sending.mine<{ details: unknown }>(
		`select details from agent_factory.audit_events where tenant_id = $1 and event_type = 'outbox.blocked'`,
	);
	expect(audit.details).toEqual({ reason: 'outside_24h_window' });
});

test('names are filled in by themselves, named and by place', async () => {
	const conversation = await sending.write(BIA);
	await sending.earlier(conversation, 25);
	await sending.mine(`update agent_factory.contacts set full_name = 'Ana Souza' where tenant_id = $1`);
	const id = await sending.template({ content: 'Oi {{lead_name}}', variables: '["lead_name"]' });
	await write(conversation, 'um');
	expect((await sending.deliver())[0].template.components).toEqual([
		{ type: 'body', parameters: [{ type: 'text', text: 'Ana', parameter_name: 'lead_name' }] },
	]);
	await sending.sql(`update agent_factory.message_templates set parameter_format = 'POSITIONAL' where id = $1`, [id]);
	await write(conversation, 'dois');
	expect((await sending.deliver())[0].template.components).toEqual([
		{ type: 'body', parameters: [{ type: 'text', text: 'Ana' }] },
	]);
});

test('each template that leaves is counted once, answered within a day or not, and followed by a stage', async () => {
	const conversation = await sending.write(BIA);
	await sending.mine(
		`insert into agent_factory.leads (tenant_id, contact_id, classification, lead_score, fit_score, intent_score, source, stage_id)
			select c.tenant_id, c.contact_id, 'LEAD_WARM', 50, 50, 50, 'organic', s.id from agent_factory.conversations c
			join agent_factory.pipeline_stages s on s.tenant_id = c.tenant_id and s.stage_type = 'lead' where c.tenant_id = $1`,
	);
	await sending.earlier(conversation, 25);
	await sending.template();
	const stats = async () =>
		await sending.mine(
			`select success_metric, success_value from agent_factory.template_usage_stats where tenant_id = $1 order by id`,
		);
	await write(conversation, 'um');
	await sending.deliver();
	expect(await stats()).toEqual([{ success_metric: 'response_received', success_value: null }]);
	await sending.write(BIA);
	expect(await stats()).toEqual([{ success_metric: 'response_received', success_value: true }]);
	await sending.earlier(conversation, 25);
	await write(conversation, 'dois');
	await sending.deliver();
	await sending.earlier(conversation, 25);
	await sending.write(BIA);
	await sending.mine(
		`update agent_factory.leads l set stage_id = s.id from agent_factory.pipeline_stages s where l.tenant_id = $1 and s.tenant_id = $1 and s.stage_type = 'contact'`,
	);
	expect(await stats()).toEqual([
		{ success_metric: 'response_received', success_value: true },
		{ success_metric: 'response_received', success_value: false },
		{ success_metric: 'lead_advanced', success_value: true },
		{ success_metric: 'lead_advanced', success_value: true },
	]);
	expect(
		await sending.mine(
			`select uses::integer, answered::integer, answered_share::text, advanced::integer from agent_factory.template_performance where tenant_id = $1`,
		),
	).toEqual([{ uses: 2, answered: 1, answered_share: '0.5000', advanced: 2 }]);
	expect(
		await sending.mine(
			'select usage_count from agent_factory.message_templates where tenant_id = $1 and meta_name is not null',
		),
	).toEqual([{ usage_count: 2 }]);
});
