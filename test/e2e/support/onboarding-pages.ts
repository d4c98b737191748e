import type { Visitor } from './visitor';

/** The answers of one page by the beginning of their labels; a list is chosen from, all else is typed. */
type Answers = Record<string, string>;

export interface Client {
	name: string;
	agent: string;
	document: { title: string; text: string };
	question: string;
	expected: string;
	keyword: string;
	phoneNumberId: string;
	wabaId: string;
	approver: string;
}

async function fill(visitor: Visitor, answers: Answers): Promise<void> {
	for (const [label, value] of Object.entries(answers)) {
		const field = visitor.page.locator('label', { hasText: new RegExp(`^${label}`) }).first();
		const control = visitor.page.locator(`[id="${await field.getAttribute('for')}"]`);
		const isList = (await control.evaluate((element) => element.tagName)) === 'SELECT';
		await (isList ? visitor.choose(control, value, false) : visitor.type(control, value, false));
	}
}

/** n8n's form page, filled by keyboard; ends on the page whose heading is given. */
async function submit(visitor: Visitor, answers: Answers, next: string | RegExp): Promise<void> {
	await fill(visitor, answers);
	await visitor.press(visitor.page.locator('#submit-btn'), 'Enter', false);
	await visitor.heading(next);
}

/** All pages of workflow 60 as the agency fills them in; answers the client's link and the report's. */
export async function onboard(visitor: Visitor, client: Client): Promise<{ approval: string; report: string }> {
	await visitor.goTo('/form/onboarding');
	await visitor.heading('Onboarding');
	await visitor.look('form-first', false);
	await submit(visitor, { 'Quem preenche': 'Ana', Idioma: 'pt-BR' }, '1. A empresa');
	const business = { 'Nome da empresa': client.name, 'Tipo de negócio': 'loja de tintas' };
	// What is missing is said beside its field, and what was typed stays.
	await submit(
		visitor,
		{ ...business, 'O que a empresa faz': 'Tintas e acabamentos.', Site: 'não é site' },
		'1. A empresa',
	);
	await visitor.sees('não é um endereço da web');
	await visitor.look('form-business', false);
	await submit(visitor, { Site: '' }, '2. O agente');
	await submit(visitor, { 'Nome do agente': client.agent }, '3. As conversas');
	await submit(visitor, {}, '4. Horário');
	await submit(visitor, {}, '5. O cliente ideal');
	const persona = { 'Produto ou serviço': 'tintas e acabamentos', 'Palavras que indicam interesse': client.keyword };
	await submit(visitor, persona, '6. O que o agente sabe');
	await submit(visitor, { 'Ou cole um texto': client.document.title, Texto: client.document.text }, '7. Teste');
	await submit(
		visitor,
		{ 'Pergunta que um cliente': client.question, 'O que a resposta': client.expected },
		'8. O canal',
	);
	const channel = { Canal: 'whatsapp', 'ID do número': client.phoneNumberId, 'ID da conta do WhatsApp': client.wabaId };
	await submit(visitor, { ...channel, Token: 'ALL-EAAG-good' }, '9. Conversa de teste');
	await visitor.sees('Responde com base nos documentos: ✓ passou');
	await visitor.look('form-review', false);
	await submit(visitor, { 'Quem aprova': client.approver }, `${client.name}: ${client.approver}`);
	await visitor.look('form-links', false);
	const urlOf = async (name: string): Promise<string> =>
		(await visitor.page.getByRole('link', { name }).getAttribute('href')) ?? '';
	return { approval: await urlOf('Link de aprovação'), report: await urlOf('Relatório de entrega') };
}
