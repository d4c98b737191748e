import { randomBytes } from 'node:crypto';
import type { Database } from '../../../core/database';
import { ingest } from '../../../core/ingest';
import { createGraphClient, signBody } from '../../../core/meta';
import {
	activateOnboarding,
	addDocumentText,
	codeOf,
	connectChannel,
	reportLines,
	setupReport,
	type OnboardingRef,
	type WizardStep,
} from '../../../core/onboarding';
import { deliverDue, saveTemplate } from '../../../core/outbox';
import { startGraphStandIn, type GraphStandIn } from '../../../sandbox/standins/graph';
import { startLlmStandIn, type LlmStandIn } from '../../../sandbox/standins/llm';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { databaseFor, dropDatabase, textBody, vault } from '../../support/factory';
import { approve, linkFor, portsFor, PRICES, startedWith, submitter, tested } from './support';

const SEND = 'Enviar a primeira mensagem';
const AGREED = 'Sim, autorizou';
let test_: TestDatabase;
let database: Database;
let graph: GraphStandIn;
let llm: LlmStandIn;
let ref: OnboardingRef;
let phoneNumberId: string;
let phone: string;

beforeAll(async () => {
	test_ = await createTestDatabase();
	database = databaseFor(test_);
	[graph, llm] = await Promise.all([startGraphStandIn(), startLlmStandIn()]);
});
beforeEach(async () => {
	phoneNumberId = String(randomBytes(6).readUIntBE(0, 6));
	phone = `55119${String(randomBytes(4).readUInt32BE(0)).padStart(10, '0').slice(0, 8)}`;
	ref = await startedWith(database);
	await addDocumentText(database, ref, { title: 'Cardápio', content: PRICES });
	const channel = { kind: 'whatsapp', externalId: phoneNumberId, wabaId: '771', token: 'ALL-EAAG' } as const;
	expect((await connectChannel(database, ref, channel, portsFor(graph.url))).connected).toBe(true);
	await tested(database, ref, llm.url);
	await approve(database, await linkFor(database, ref));
});
afterAll(async () => {
	await Promise.all([graph.close(), llm.close()]);
	await dropDatabase(database, test_);
});

const rows = async (sql: string, values: unknown[] = []): Promise<any[]> => (await test_.admin.query(sql, values)).rows;
const page = async (values: Record<string, unknown> = {}): Promise<WizardStep> =>
	await submitter(database, graph.url)(Object.keys(values).length > 0 ? 'live' : '', codeOf(ref), values);
const press = async (values: Record<string, unknown>): Promise<WizardStep> =>
	await page({ phone, text: 'Olá! Estou no ar.', next: SEND, ...values });
const deliver = async (): Promise<void> => {
	const client = createGraphClient({ fetch, baseUrl: graph.url, version: 'v25.0' });
	await deliverDue(database, { graph: client, vault, random: () => 0.5 }, { workerId: 'first' });
};
const queued = async (): Promise<any[]> =>
	await rows(
		'select id, kind, status, author, whatsapp_payload as payload from agent_factory.outbox_messages where tenant_id = $1 order by created_at',
		[ref.tenantId],
	);
const writes = async (): Promise<void> => {
	const raw = Buffer.from(JSON.stringify(textBody(phoneNumberId, [{ from: phone, text: 'oi', name: 'Lia' }])));
	await ingest(database, { rawBody: raw, signature: signBody(raw, 's'), secrets: ['s'] });
};
const template = async (): Promise<void> =>
	void (await saveTemplate(database, ref.tenantId, {
		...{ name: 'boas_vindas', category: 'greeting', content: 'Olá {{1}}, aqui é {{2}}.', language: 'pt_BR' },
		...{ metaName: 'boas_vindas', metaCategory: 'UTILITY', metaStatus: 'APPROVED' },
	}));

test('the code of an approved onboarding leads to the page of the first message, and what is not live yet says so', async () => {
	expect((await page()).form).toMatchObject({
		page: 'live',
		fields: expect.stringContaining('o agente está sendo publicado'),
	});
	await activateOnboarding(database, ref);
	const { form, step } = await page();
	expect([step, form!.title]).toEqual(['page', '10. Primeira mensagem e entrega']);
	expect(form!.fields).toContain('2 de 4 itens da entrega cumpridos');
	expect(form!.fields).toContain('Nenhum modelo aprovado ainda');
	expect(await page({ next: 'Concluir e ver o relatório' })).toMatchObject({ step: 'done', form: null });
});

describe('to a person', () => {
	beforeEach(async () => void (await activateOnboarding(database, ref)));

	test('who wrote within a day a text goes, once however often it is pressed', async () => {
		await writes();
		expect((await press({ phone: 'x' })).issues).toEqual([
			{ field: 'phone', message: expect.stringContaining('código do país') },
		]);
		const steps = await Promise.all([press({}), press({})]);
		expect(steps.map(({ step }) => step)).toEqual(['wait', 'wait']);
		expect(await queued()).toMatchObject([{ kind: 'direct', status: 'pending', author: 'system' }]);
		await deliver();
		expect((await page()).form!.fields).toContain('aceita pela Meta, entrega ainda não confirmada');
		expect((await page()).form!.fields).not.toContain(SEND);
		const report = await setupReport(database, ref);
		expect(report).toMatchObject({ firstMessage: { status: 'sent', phone, byTemplate: false } });
		expect(reportLines(report, 'pt-BR').at(-1)).toContain('aceita pela Meta');
	});

	test('who did not write only an approved template goes, with their consent, which the ledger keeps', async () => {
		expect((await press({})).issues).toEqual([{ field: 'noTemplates', message: expect.stringContaining('“oi”') }]);
		await template();
		const choice = { template: 'boas_vindas (pt_BR)' };
		expect((await press({})).issues).toMatchObject([{ field: 'template' }]);
		expect((await press(choice)).issues).toMatchObject([{ field: 'consent' }]);
		const agreed = { ...choice, consent: AGREED };
		expect((await press({ ...agreed, values: 'Lia' })).issues).toEqual([
			{ field: 'values', message: expect.stringContaining('Os valores não combinam') },
		]);
		expect(await queued()).toEqual([]);
		expect((await press({ ...agreed, values: 'Lia\nBia' })).step).toBe('wait');
		expect(await queued()).toMatchObject([{ kind: 'template', author: 'system' }]);
		expect(
			await rows(
				`select purpose, granted, source from agent_factory.contact_consents where tenant_id = $1 and source = 'operator'`,
				[ref.tenantId],
			),
		).toEqual([{ purpose: 'service', granted: true, source: 'operator' }]);
	});

	test('who asked to be left alone nothing goes, whatever is ticked', async () => {
		await writes();
		await test_.admin.query('update agent_factory.contacts set opted_out_at = now() where tenant_id = $1', [
			ref.tenantId,
		]);
		expect((await press({ consent: AGREED })).issues).toMatchObject([{ field: 'phone' }]);
		expect(await queued()).toEqual([]);
	});

	test('one that Meta refused says why, and another one may take its place', async () => {
		await writes();
		await press({});
		await fetch(`${graph.url}/_sandbox/behaviour`, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify({ to: phone, httpStatus: 400, errorCode: 131026 }),
		});
		await deliver();
		const { form } = await page();
		expect(form!.fields).toContain('não chegou: Esta pessoa não pode ser alcançada no WhatsApp');
		expect(form!.fields).toContain('(131026)');
		expect((await press({})).step).toBe('wait');
		await deliver();
		expect(await queued()).toMatchObject([{ status: 'failed' }, { status: 'sent' }]);
		expect(await setupReport(database, ref)).toMatchObject({ firstMessage: { status: 'sent' } });
	});
});
