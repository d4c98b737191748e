import { createTemplateGraph } from '../../../core/meta';
import { saveTemplate, submitTemplate, syncTemplates, type Submission } from '../../../core/outbox';
import { setAccessToken } from '../../../core/tenancy';
import { startGraphStandIn, type GraphStandIn } from '../../../sandbox/standins/graph';
import { vault } from '../../support/factory';
import { Sending } from './sending';

let sending: Sending;
let standIn: GraphStandIn;
beforeAll(async () => {
	sending = await Sending.open();
	standIn = await startGraphStandIn();
});
afterAll(async () => {
	await standIn.close();
	await sending.close();
});
beforeEach(async () => {
	await sending.fresh();
	standIn.templates.templates.length = 0;
});

const ports = () => ({ graph: createTemplateGraph({ fetch, baseUrl: standIn.url, version: 'v25.0' }), vault });
const seeded = async (name: string): Promise<string> =>
	(
		await sending.mine<{ id: string }>(
			'select id from agent_factory.message_templates where tenant_id = $1 and name = $2',
			name,
		)
	)[0].id;
const submit = async (templateId: string, changes: Partial<Submission> = {}) =>
	await submitTemplate(sending.database, ports(), sending.tenant.id, {
		templateId,
		channelAccountId: sending.tenant.channelAccountId,
		category: 'UTILITY',
		...changes,
	});
const sync = async () =>
	await syncTemplates(sending.database, ports(), sending.tenant.id, sending.tenant.channelAccountId);
const row = async (id: string) =>
	(await sending.sql('select * from agent_factory.message_templates where id = $1', [id]))[0];
const token = async (accessToken: string) =>
	await setAccessToken(sending.database, sending.tenant.id, sending.tenant.channelAccountId, { accessToken }, vault);
const event = async (value: Record<string, unknown>, field = 'message_template_status_update'): Promise<void> =>
	await sending.post({
		object: 'whatsapp_business_account',
		entry: [{ id: sending.tenant.wabaId, time: 1, changes: [{ field, value }] }],
	});

test('a seeded text goes to Meta with examples, and the list brings its approval', async () => {
	const id = await seeded('Confirmação de horário');
	expect(await submit(id)).toMatchObject({
		meta_name: 'confirmacao_de_horario',
		meta_status: 'PENDING',
		meta_category: 'UTILITY',
		parameter_format: 'NAMED',
		waba_id: sending.tenant.wabaId,
	});
	expect(standIn.templates.templates[0]).toMatchObject({
		language: 'pt_BR',
		components: [
			{ type: 'BODY', example: { body_text_named_params: [{ param_name: 'lead_name', example: 'Ana' }, {}, {}] } },
		],
	});
	Object.assign(standIn.templates.templates[0], { status: 'APPROVED', quality_score: { score: 'GREEN' } });
	expect(await sync()).toEqual({ found: 1, changed: 1, added: 0, gone: 0 });
	expect(await row(id)).toMatchObject({ meta_status: 'APPROVED', quality: 'GREEN', category: 'reminder' });
});

test('an answer that was lost leaves one template at Meta, and the second call finds it', async () => {
	const id = await seeded('Retomada de conversa');
	standIn.templates.dropAfterCreate = 1;
	expect(await submit(id)).toMatchObject({ meta_status: 'PENDING' });
	expect(await submit(id)).toMatchObject({ meta_id: standIn.templates.templates[0].id });
	expect(standIn.templates.templates).toHaveLength(1);
});

test("Meta's refusals say why, and nothing is changed", async () => {
	const id = await seeded('Fechamento');
	await sending.mine(
		`update agent_factory.message_templates set content = '{{lead_name}}, tudo pronto.' where tenant_id = $1 and id = $2`,
		id,
	);
	await expect(submit(id)).rejects.toMatchObject({
		code: 'TEMPLATE_META_REFUSED',
		retryable: false,
		message: expect.stringContaining('start or end'),
	});
	await expect(submit(id, { metaName: 'Com Espaço' })).rejects.toMatchObject({ code: 'VALUE_REFUSED' });
	await token('NO_MANAGEMENT');
	await expect(sync()).rejects.toMatchObject({ message: expect.stringContaining('permission') });
	await token('EXPIRED');
	await expect(sync()).rejects.toMatchObject({ message: expect.stringContaining('expired') });
	expect(await row(id)).toMatchObject({ meta_status: 'LOCAL', meta_name: null });
});

test('a list of several pages is read to its end; new ones come in, missing ones are gone', async () => {
	for (let n = 0; n < 230; n++)
		standIn.templates.templates.push({
			id: `${9_000 + n}`,
			wabaId: sending.tenant.wabaId,
			name: `t_${n}`,
			language: 'en_US',
			status: n === 0 ? 'REJECTED' : 'APPROVED',
			category: 'MARKETING',
			parameter_format: 'POSITIONAL',
			components: [{ type: 'BODY', text: `Hi {{1}} from ${n}` }],
			...(n === 0 ? { rejected_reason: 'PROMOTIONAL' } : {}),
		});
	expect(await sync()).toEqual({ found: 230, changed: 0, added: 230, gone: 0 });
	expect(await sync()).toEqual({ found: 230, changed: 230, added: 0, gone: 0 });
	expect(await row(await seeded('t_0'))).toMatchObject({
		meta_status: 'REJECTED',
		rejected_reason: 'PROMOTIONAL',
		variables: ['1'],
	});
	standIn.templates.templates.shift();
	expect(await sync()).toMatchObject({ gone: 1 });
	expect(await row(await seeded('t_0'))).toMatchObject({ meta_status: 'DELETED' });
});

test('a hand-written template that has the name at Meta becomes that one and keeps its purpose', async () => {
	const own = await saveTemplate(sending.database, sending.tenant.id, {
		name: 'minha',
		category: 'window',
		content: 'Oi',
		metaName: 'retomar',
	});
	standIn.templates.templates.push({
		id: '77',
		wabaId: sending.tenant.wabaId,
		name: 'retomar',
		language: 'pt_BR',
		status: 'APPROVED',
		category: 'UTILITY',
		parameter_format: 'NAMED',
		components: [{ type: 'BODY', text: 'Oi {{lead_name}}, seguimos?' }],
	});
	expect(await sync()).toMatchObject({ changed: 1, added: 0 });
	expect(await row(own.id as string)).toMatchObject({
		category: 'window',
		content: 'Oi {{lead_name}}, seguimos?',
		variables: ['lead_name'],
		meta_id: '77',
	});
});

test('events move a template: paused, reinstated, rejected with its reason, quality and category', async () => {
	const id = await seeded('Retomada de conversa');
	await submit(id);
	const about = {
		message_template_id: standIn.templates.templates[0].id,
		message_template_name: 'retomada_de_conversa',
		message_template_language: 'pt-BR',
	};
	const steps: Array<[Record<string, unknown>, string | undefined, Record<string, unknown>]> = [
		[{ event: 'APPROVED', reason: 'NONE' }, undefined, { meta_status: 'APPROVED' }],
		[{ event: 'PAUSED' }, undefined, { meta_status: 'PAUSED' }],
		[{ event: 'REINSTATED' }, undefined, { meta_status: 'APPROVED' }],
		[{ event: 'FLAGGED' }, undefined, { meta_status: 'APPROVED' }],
		[{ new_quality_score: 'RED' }, 'message_template_quality_update', { quality: 'RED', meta_status: 'APPROVED' }],
		[{ new_category: 'MARKETING' }, 'template_category_update', { meta_category: 'MARKETING' }],
		[{ event: 'REJECTED', reason: 'ABUSIVE' }, undefined, { meta_status: 'REJECTED', rejected_reason: 'ABUSIVE' }],
		[{ event: 'DISABLED' }, undefined, { meta_status: 'DISABLED' }],
	];
	for (const [value, field, expected] of steps) {
		await event({ ...about, ...value }, field);
		expect(await row(id)).toMatchObject(expected);
	}
});
