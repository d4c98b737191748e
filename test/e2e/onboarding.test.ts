import { randomBytes, randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { createVault, sealPageLink } from '../../core/tenancy';
import { textBody } from '../support/factory';
import { waitFor } from '../support/wait-for';
import { FormVisitor } from './support/form';
import { keptOfExecution, operate } from './support/operate';
import { openFactory, post, sentMessages, state } from './support/running';

const PHONE_NUMBER_ID = `60${Date.now()}`;
const WABA = `61${Date.now()}`;
const CUSTOMER = `55119${String(Date.now()).slice(-8)}`;
const PRICES = 'Bolo de cenoura: R$ 45 a unidade.\nPão francês: R$ 18 o quilo.';
const BUSINESS = {
	'Nome da empresa': 'Padaria São João',
	'Tipo de negócio': 'padaria',
	'O que a empresa faz': 'Pães & bolos <caseiros> no centro de Campinas. R$& "aspas"',
};

let pool: Pool;
const login = (): string => `agency:${state().n8n.password}`;
const form = new FormVisitor();
const codeOn = (html: string): string => /[0-9a-f-]{36}\/[0-9a-f-]{36}/.exec(html)![0];

beforeAll(() => {
	pool = openFactory();
});
afterAll(async () => await pool.end());

const onboarding = async (code: string): Promise<Record<string, any>> =>
	(await pool.query('select * from agent_factory.onboardings where id = $1', [code.split('/')[1]])).rows[0];

test('a stranger does not see the form', async () => {
	expect((await fetch(`${state().n8n.url}/form/onboarding`)).status).toBe(401);
}, 60_000);

test('page by page to an agent that the client approves, live as v1.0.0 on its number', async () => {
	// Somebody writes before the number is anybody's.
	await post(
		JSON.stringify(
			textBody(PHONE_NUMBER_ID, [{ from: CUSTOMER, text: 'Quanto custa o bolo de cenoura?', name: 'Rita' }]),
		),
	);

	await form.begin('onboarding', login(), { 'Quem preenche': 'Ana', Idioma: 'pt-BR', Código: '' });
	await form.submit({ ...BUSINESS, Site: 'não é site' });
	expect(form.html).toContain('não é um endereço da web');
	expect(form.shown('Tipo de negócio')).toBe('padaria');
	await form.submit({ Site: '', 'O que a empresa faz': BUSINESS['O que a empresa faz'] });
	const code = codeOn(form.html);
	await form.submit({ 'Nome do agente': 'Bia', 'Tom de voz': 'alegre' });
	await form.submit({ 'Perguntas de qualificação': 'Para quantas pessoas é o bolo?\nPara que dia é a encomenda?' });
	await form.submit({ 'Segunda-feira': 'cedo' });
	expect(form.html).toContain('precisa ser HH:MM');
	expect(form.shown('Segunda-feira')).toBe('cedo');
	await form.submit({ 'Segunda-feira': '' });

	// The browser is closed here; the code goes on, past the persona, which may stay empty.
	const again = new FormVisitor();
	await again.begin('onboarding', login(), { 'Quem preenche': 'Ana', Idioma: 'pt-BR', Código: code });
	expect(again.html).toContain('7. Teste');
	await form.submit({ 'Público-alvo': 'Famílias do bairro' });
	await form.submit({}, [
		{ name: 'Cardápio.md', text: PRICES },
		{ name: 'velho.pdf', text: 'isto não é um PDF' },
	]);
	expect(form.html).toContain('velho.pdf');
	expect(form.html).toContain('Cardápio');
	await form.submit({});
	await form.submit({ 'Pergunta que um cliente': 'Quanto custa o bolo de cenoura?', 'O que a resposta': 'R$ 45' });
	const channel = { Canal: 'whatsapp', 'ID do número': PHONE_NUMBER_ID, 'ID da conta do WhatsApp': WABA };
	await form.submit({ ...channel, Token: 'READONLY-token' });
	expect(form.html).toContain('whatsapp_business_messaging');
	expect([form.shown('ID do número'), form.shown('Token')]).toEqual([PHONE_NUMBER_ID, '']);
	// The form waits, for days perhaps: what n8n keeps of it meanwhile holds no token.
	const kept = await keptOfExecution(form.executionId);
	expect([kept.includes(PHONE_NUMBER_ID), kept.includes('READONLY-token')]).toEqual([true, false]);
	await form.submit({ Canal: 'whatsapp', Token: 'ALL-EAAG-good' });
	expect(form.html).toContain('Responde com base nos documentos: ✓ passou');
	await form.submit({});
	expect(form.html).toContain('Preencha este campo.');
	await form.submit({ 'Quem aprova': 'Dona Lia' });
	expect(await onboarding(code)).toMatchObject({ state: 'sent_for_approval', test_passed: true, created_by: 'Ana' });

	const links = [...form.html.matchAll(/https?:\/\/[^\s<"]+token=[\w.-]+/g)].map(([url]) => url);
	const [approval, report] = links;
	const shown = await fetch(approval);
	const page = await shown.text();
	expect([shown.status, shown.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
	expect(page).toContain('Dona Lia, este é o agente como ele vai ao ar');
	expect(page).not.toContain('<caseiros>');
	const token = new URL(approval).searchParams.get('token')!;
	const press = async (values: Record<string, string>): Promise<[number, string]> => {
		const answer = await fetch(approval.split('?')[0], {
			method: 'POST',
			body: new URLSearchParams({ token, ...values }),
		});
		return [answer.status, await answer.text()];
	};
	expect(await press({ decision: 'changes', note: '' })).toEqual([
		422,
		expect.stringContaining('Escreva o que deve mudar'),
	]);
	expect(await press({ decision: 'approve' })).toEqual([200, expect.stringContaining('v1.0.0')]);
	expect((await press({ decision: 'approve' }))[0]).toBe(410);

	// The message from before is answered by the agent that is live now.
	const reply = await waitFor(async () => (await sentMessages()).find(({ to }) => to.replace(/\D/g, '') === CUSTOMER), {
		timeoutMs: 90_000,
		what: 'the answer to the earlier message',
	});
	expect(reply.text).toContain('R$ 45');
	const now = await onboarding(code);
	const versions = await pool.query(
		'select version, is_active from agent_factory.agent_versions where tenant_id = $1',
		[now.tenant_id],
	);
	expect([now.state, now.approved_by, versions.rows]).toEqual([
		'active',
		'Dona Lia',
		[{ version: 'v1.0.0', is_active: true }],
	]);

	const told = await waitFor(
		async () => {
			const result = await operate('e2e-setup-report', {
				type: 'onboarding',
				parameters: { operation: 'getReport', code, pageLanguage: 'pt-BR' },
			});
			return result.itemsMet === 3 ? result : false;
		},
		{ timeoutMs: 60_000, what: 'the delivered reply in the report' },
	);
	expect(told.items).toMatchObject([
		{ item: 'number', met: true },
		{ item: 'version', met: true, evidence: 'v1.0.0' },
		{ item: 'handoff', met: true, evidence: 'sandbox test' },
		{ item: 'dashboard', met: false, at: null },
	]);
	expect(await (await fetch(report)).text()).toContain('3 de 4 itens cumpridos');

	// The first message on purpose: to the person who wrote, and what became of it.
	const live = new FormVisitor();
	await live.begin('onboarding', login(), { 'Quem preenche': 'Ana', Idioma: 'pt-BR', Código: code });
	expect(live.html).toContain('10. Primeira mensagem e entrega');
	expect(live.html).toContain('3 de 4 itens da entrega cumpridos');
	await live.submit({ 'Telefone de quem recebe': 'meu celular' });
	expect(live.html).toContain('Escreva o telefone com código do país');
	await live.submit({ 'Telefone de quem recebe': '5511900000009' });
	expect(live.html).toContain('Esta pessoa não escreveu nas últimas 24 horas');
	await live.submit({ 'Telefone de quem recebe': `+${CUSTOMER}`, Texto: 'Oi Rita, já estamos no ar!' });
	await waitFor(async () => (await sentMessages()).some(({ text }) => text === 'Oi Rita, já estamos no ar!'), {
		timeoutMs: 30_000,
		what: 'the first message',
	});
	for (let looks = 0; looks < 5 && !/entregue|lida/.test(live.html); looks++) await live.submit({});
	expect(live.html).toMatch(/Primeira mensagem para Rita \(\d+\): ✓ (entregue|lida)/);
	await live.submit({ 'O que fazer agora': 'Concluir e ver o relatório' });
	expect(live.html).toContain('3 de 4 itens cumpridos');
	expect(live.html).toContain('○ Cliente acessa o dashboard');
	expect(await (await fetch(report)).text()).toMatch(/Primeira mensagem: ✓ (entregue|lida)/);
	await anotherLinkOpensNothing(report);
}, 360_000);

/** Made up, changed, of another purpose, or too old: a page that says so, and no facts. */
async function anotherLinkOpensNothing(report: string): Promise<void> {
	const { url: n8n } = state().n8n;
	const vault = createVault([state().vaultKey], randomBytes);
	const [base, token] = report.split('?token=');
	const facts = { tenantId: randomUUID(), subject: randomUUID(), person: 'report', hours: 1 };
	const sealed = (purpose: string, now: () => number): string =>
		sealPageLink({ purpose, ...facts }, base, { vault, now, randomBytes }).token;
	const opened = async (one: string): Promise<[number, boolean]> => {
		const answer = await fetch(`${n8n}/webhook/agent-factory/setup-report?token=${encodeURIComponent(one)}`);
		return [answer.status, (await answer.text()).includes('Padaria')];
	};
	const old = sealed('setup_report', () => Date.now() - 3 * 3_600_000);
	expect(await opened('v1.made.up')).toEqual([404, false]);
	expect(await opened(`${token.slice(0, -4)}AAAA`)).toEqual([404, false]);
	expect(await opened(sealed('handoff', Date.now))).toEqual([404, false]);
	expect(await opened(old)).toEqual([404, false]);
}
