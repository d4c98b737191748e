import type { OnboardingLanguage } from './fields';

interface PageWords {
	title(business: string): string;
	intro(person: string): string;
	identity: string;
	goals: string;
	tone: string;
	questions: string;
	hours: string;
	always: string;
	outside: Record<'answer' | 'defer' | 'handoff', string>;
	never: string;
	neverLines: readonly string[];
	topics: string;
	handoff: string;
	knows: string;
	nothing: string;
	test: string;
	passed: string;
	failed: string;
	setAside(person: string, reason: string): string;
	customer: string;
	agent: string;
	items: Record<string, string>;
	approve: string;
	approveHint: string;
	changes: string;
	changesHint: string;
	noteMissing: string;
	noteTooLong(most: number): string;
	sendChanges: string;
	decided: Record<'approved' | 'rejected', string>;
	thanks: string;
	failedTitle: string;
	failures: Record<string, string>;
	report(business: string): string;
	reportItems: Record<'number' | 'version' | 'handoff' | 'dashboard', string>;
	notYet: string;
	met(count: number): string;
	since: string;
	evidence: Record<string, string>;
	days: readonly string[];
}

/** Forged, foreign, expired, or of an onboarding that is gone: one answer, so that nobody learns which. */
const refused = (text: string): Record<string, string> => ({
	PAGE_LINK_EXPIRED: text,
	PAGE_LINK_INVALID: text,
	ONBOARDING_NOT_FOUND: text,
});

export const PAGE_WORDS: Record<OnboardingLanguage, PageWords> = {
	'pt-BR': {
		title: (business) => `O agente de ${business}`,
		intro: (person) => `${person}, este é o agente como ele vai ao ar. Nada é publicado sem o seu sim.`,
		identity: 'Quem ele é',
		goals: 'O que ele busca em cada conversa',
		tone: 'Como ele fala',
		questions: 'O que ele pergunta',
		hours: 'Horário',
		always: 'Sempre atende.',
		outside: {
			answer: 'Fora do horário: responde do mesmo jeito.',
			defer: 'Fora do horário: responde na próxima abertura.',
			handoff: 'Fora do horário: deixa para uma pessoa.',
		},
		never: 'O que ele não faz',
		neverLines: [
			'Não inventa preços, descontos nem fatos que não estão nos documentos.',
			'Não nega que é um assistente virtual quando perguntam.',
			'Para de escrever a quem responde SAIR ou PARAR.',
		],
		topics: 'Não fala sobre',
		handoff: 'Quando chama uma pessoa',
		knows: 'O que ele sabe',
		nothing: '–',
		test: 'Conversa de teste',
		passed: 'passou',
		failed: 'não passou',
		setAside: (person, reason) => `${person} seguiu mesmo assim: ${reason}`,
		customer: 'Cliente',
		agent: 'Agente',
		items: {
			answers: 'Responde com base nos documentos',
			qualification: 'Faz as perguntas na ordem',
			handoff: 'Passa para uma pessoa quando pedem',
			refusal_scope: 'Recusa assuntos fora da empresa',
			refusal_price: 'Não inventa preços',
			opt_out: 'Confirma quem pede para sair',
		},
		approve: 'Aprovar e publicar',
		approveHint: 'Você aprova exatamente este agente, versão v1.0.0.',
		changes: 'Pedir mudanças',
		changesHint: 'O que deve mudar?',
		noteMissing: 'Escreva o que deve mudar.',
		noteTooLong: (most) => `Encurte o texto: no máximo ${most} caracteres.`,
		sendChanges: 'Enviar pedido',
		decided: {
			approved: 'Aprovado. O agente vai ao ar como v1.0.0.',
			rejected: 'Anotado. A equipe muda o que você pediu e envia um novo link.',
		},
		thanks: 'Obrigado',
		failedTitle: 'Não funcionou',
		failures: {
			...refused('Este link não abre nada. Ele pode ter vencido; peça um novo a quem o enviou.'),
			PAGE_LINK_USED: 'Este link já foi usado: um link é uma decisão. Peça um novo.',
			ONBOARDING_CHANGED: 'O agente mudou depois que este link foi feito. Peça um novo.',
			VALUE_REFUSED: 'Escolha aprovar ou pedir mudanças.',
			WRONG_STATE: 'O agente mudou depois que este link foi feito. Peça um novo.',
		},
		report: (business) => `Entrega do setup: ${business}`,
		reportItems: {
			number: 'Número oficial respondendo via API',
			version: 'Agente versionado no banco (v1.0.0)',
			handoff: 'Teste de handoff realizado com sucesso',
			dashboard: 'Cliente acessa o dashboard e vê métricas básicas',
		},
		notYet: 'ainda não',
		met: (count) => `${count} de 4 itens cumpridos`,
		since: 'desde',
		evidence: {
			conversation: 'numa conversa real, respondida por uma pessoa',
			'sandbox test': 'na conversa de teste (sandbox)',
		},
		days: ['Seg', 'Ter', 'Qua', 'Qui', 'Sex', 'Sáb', 'Dom'],
	},
	en: {
		title: (business) => `The agent of ${business}`,
		intro: (person) => `${person}, this is the agent as it goes live. Nothing is published without your yes.`,
		identity: 'Who it is',
		goals: 'What it wants in each conversation',
		tone: 'How it speaks',
		questions: 'What it asks',
		hours: 'Hours',
		always: 'Always answers.',
		outside: {
			answer: 'Outside the hours: answers all the same.',
			defer: 'Outside the hours: answers at the next opening.',
			handoff: 'Outside the hours: leaves it to a person.',
		},
		never: 'What it does not do',
		neverLines: [
			'It does not make up prices, discounts or facts that are not in the documents.',
			'It never denies being a virtual assistant when asked.',
			'It stops writing to whoever answers STOP.',
		],
		topics: 'Does not speak about',
		handoff: 'When it calls a person',
		knows: 'What it knows',
		nothing: '–',
		test: 'Test conversation',
		passed: 'passed',
		failed: 'failed',
		setAside: (person, reason) => `${person} went on all the same: ${reason}`,
		customer: 'Customer',
		agent: 'Agent',
		items: {
			answers: 'Answers from the documents',
			qualification: 'Asks the questions in order',
			handoff: 'Hands over to a person when asked',
			refusal_scope: 'Declines what is out of scope',
			refusal_price: 'Makes up no prices',
			opt_out: 'Confirms whoever opts out',
		},
		approve: 'Approve and publish',
		approveHint: 'You approve exactly this agent, version v1.0.0.',
		changes: 'Ask for changes',
		changesHint: 'What should change?',
		noteMissing: 'Write what should change.',
		noteTooLong: (most) => `Shorten the text: ${most} characters at most.`,
		sendChanges: 'Send',
		decided: {
			approved: 'Approved. The agent goes live as v1.0.0.',
			rejected: 'Noted. The team changes what you asked for and sends a new link.',
		},
		thanks: 'Thank you',
		failedTitle: 'That did not work',
		failures: {
			...refused('This link opens nothing. It may have expired; ask whoever sent it for a new one.'),
			PAGE_LINK_USED: 'This link was used already: one link is one decision. Ask for a new one.',
			ONBOARDING_CHANGED: 'The agent has changed since this link was made. Ask for a new one.',
			VALUE_REFUSED: 'Choose to approve or to ask for changes.',
			WRONG_STATE: 'The agent has changed since this link was made. Ask for a new one.',
		},
		report: (business) => `Setup delivery: ${business}`,
		reportItems: {
			number: 'The official number answers through the API',
			version: 'The agent is versioned in the database (v1.0.0)',
			handoff: 'The hand-off was tested successfully',
			dashboard: 'The client opens the dashboard and sees basic metrics',
		},
		notYet: 'not yet',
		met: (count) => `${count} of 4 items met`,
		since: 'since',
		evidence: {
			conversation: 'in a real conversation, answered by a person',
			'sandbox test': 'in the test conversation (sandbox)',
		},
		days: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'],
	},
};
