import type { OnboardingLanguage } from './fields';

/** What the page after the approval says. */
export interface LiveWords {
	title: string;
	notLive: string;
	live(person: string): string;
	items(count: number): string;
	none: string;
	message: string;
	to(phone: string, name: string | null): string;
	statuses: Record<string, string>;
	blocked: Record<string, string>;
	phone: string;
	phoneHint: string;
	name: string;
	consent: string;
	consented: string;
	template: string;
	noTemplates: string;
	values: string;
	valuesHint: string;
	text: string;
	textDefault(agent: string, business: string): string;
	next: string;
	choices: Record<'send' | 'look' | 'finish', string>;
	button: string;
	phoneWrong: string;
	consentMissing: string;
	windowClosed: string;
	templateGone: string;
	optedOut: string;
	noNumber: string;
	templateWrong: Record<string, string>;
}

export const LIVE_WORDS: Record<OnboardingLanguage, LiveWords> = {
	'pt-BR': {
		title: '10. Primeira mensagem e entrega',
		notLive: 'O cliente aprovou; o agente está sendo publicado. Atualize em alguns segundos.',
		live: (person) => `Aprovado por ${person} e no ar como v1.0.0.`,
		items: (count) => `${count} de 4 itens da entrega cumpridos`,
		none: 'Nenhuma mensagem foi enviada ainda. Ela é opcional, mas prova que o número oficial envia.',
		message: 'Primeira mensagem',
		to: (phone, name) => `para ${name ? `${name} (${phone})` : phone}`,
		statuses: {
			pending: 'na fila, sai em instantes',
			sending: 'saindo agora',
			sent: 'aceita pela Meta, entrega ainda não confirmada',
			delivered: '✓ entregue',
			read: '✓ lida',
			failed: '✗ não chegou',
			blocked: '✗ não saiu',
			superseded: '✗ não saiu: uma pessoa assumiu a conversa',
			unknown:
				'ninguém sabe se saiu: a Meta não respondeu. Espere um status ou resolva em Outbox Send > Settle Unknown',
		},
		blocked: {
			contact_opted_out: 'esta pessoa pediu para não receber mensagens',
			marketing_opted_out: 'esta pessoa parou o marketing: use um modelo de utilidade',
			marketing_cap: 'esta pessoa já recebeu o máximo de marketing da semana',
			marketing_held_by_meta: 'a Meta segura o marketing para esta pessoa por um dia',
			marketing_not_allowed_yet: 'falta o consentimento de marketing',
			outside_24h_window: 'a janela de 24 horas fechou antes do envio: envie um modelo aprovado',
			message_spend_limit: 'o limite mensal de gasto com mensagens foi atingido',
			proactive_breaker_open: 'os envios iniciados por nós estão parados neste cliente',
		},
		phone: 'Telefone de quem recebe, com código do país',
		phoneHint: 'ex.: 5511999990000',
		name: 'Nome dessa pessoa',
		consent: 'Esta pessoa autorizou receber esta mensagem?',
		consented: 'Sim, autorizou',
		template: 'Modelo aprovado (sem mensagem dela nas últimas 24 horas)',
		noTemplates:
			'Nenhum modelo aprovado ainda: peça que a pessoa mande um “oi” ao número e envie o texto, ou sincronize os modelos com Agent Factory > Template > Sync.',
		values: 'Valores das variáveis do modelo, na ordem',
		valuesHint: 'um por linha',
		text: 'Texto (se ela escreveu nas últimas 24 horas)',
		textDefault: (agent, business) =>
			`Olá! Aqui é ${agent}, agente virtual de ${business}. Já estou no ar: pode me fazer uma pergunta de teste.`,
		next: 'O que fazer agora',
		choices: {
			send: 'Enviar a primeira mensagem',
			look: 'Atualizar esta página',
			finish: 'Concluir e ver o relatório',
		},
		button: 'Continuar',
		phoneWrong: 'Escreva o telefone com código do país, por exemplo 5511999990000.',
		consentMissing: 'Esta pessoa não escreveu ao número. Confirme que ela autorizou receber esta mensagem.',
		templateGone: 'Este modelo não é mais oferecido: escolha outro.',
		windowClosed:
			'Esta pessoa não escreveu nas últimas 24 horas: escolha um modelo aprovado, ou peça que ela mande um “oi” ao número e envie de novo.',
		optedOut: 'Esta pessoa pediu para não receber mensagens. Nada foi enviado; escolha outra.',
		noNumber: 'Este cliente não tem número de WhatsApp. No Instagram e no Messenger a pessoa escreve primeiro.',
		templateWrong: {
			TEMPLATE_VALUES_WRONG: 'Os valores não combinam com as variáveis do modelo: preencha um por linha, na ordem.',
			TEMPLATE_NOT_APPROVED: 'Este modelo não está mais aprovado na Meta: escolha outro.',
			TEMPLATE_NOT_FOUND: 'Este modelo não existe mais ou é de outra conta: escolha outro.',
		},
	},
	en: {
		title: '10. First message and delivery',
		notLive: 'The client said yes; the agent is being put into service. Refresh in some seconds.',
		live: (person) => `Approved by ${person} and live as v1.0.0.`,
		items: (count) => `${count} of 4 items of the delivery are met`,
		none: 'No message was sent yet. It is optional, but it proves that the official number sends.',
		message: 'First message',
		to: (phone, name) => `to ${name ? `${name} (${phone})` : phone}`,
		statuses: {
			pending: 'in the queue, leaves in a moment',
			sending: 'leaving now',
			sent: 'taken by Meta, delivery not confirmed yet',
			delivered: '✓ delivered',
			read: '✓ read',
			failed: '✗ did not arrive',
			blocked: '✗ was not sent',
			superseded: '✗ was not sent: a person took the conversation over',
			unknown:
				'nobody knows whether it left: Meta did not answer. Wait for a status, or use Outbox Send > Settle Unknown',
		},
		blocked: {
			contact_opted_out: 'this person asked not to be written to',
			marketing_opted_out: 'this person stopped marketing: use a utility template',
			marketing_cap: "this person got the week's maximum of marketing",
			marketing_held_by_meta: 'Meta holds marketing to this person for a day',
			marketing_not_allowed_yet: 'the consent to marketing is missing',
			outside_24h_window: 'the 24-hour window closed before it left: send an approved template',
			message_spend_limit: "the month's limit for messages is reached",
			proactive_breaker_open: 'what we start is stopped for this client',
		},
		phone: 'Phone of the recipient, with country code',
		phoneHint: 'e.g. 5511999990000',
		name: 'Name of that person',
		consent: 'Did this person agree to get this message?',
		consented: 'Yes, they agreed',
		template: 'Approved template (when they did not write in the last 24 hours)',
		noTemplates:
			'No approved template yet: ask the person to write “hi” to the number and send the text, or sync the templates with Agent Factory > Template > Sync.',
		values: "Values of the template's variables, in order",
		valuesHint: 'one a line',
		text: 'Text (when they wrote in the last 24 hours)',
		textDefault: (agent, business) =>
			`Hello! This is ${agent}, the virtual agent of ${business}. I am live now: send me a test question.`,
		next: 'What now',
		choices: { send: 'Send the first message', look: 'Refresh this page', finish: 'Finish and see the report' },
		button: 'Continue',
		phoneWrong: 'Write the phone with country code, e.g. 5511999990000.',
		consentMissing: 'This person did not write to the number. Confirm that they agreed to get this message.',
		templateGone: 'This template is no longer offered: pick another one.',
		windowClosed:
			'This person did not write in the last 24 hours: pick an approved template, or ask them to write “hi” to the number and send again.',
		optedOut: 'This person asked not to be written to. Nothing was sent; pick somebody else.',
		noNumber: 'This client has no WhatsApp number. On Instagram and Messenger the person writes first.',
		templateWrong: {
			TEMPLATE_VALUES_WRONG: 'The values do not fit the variables of the template: one a line, in order.',
			TEMPLATE_NOT_APPROVED: 'This template is not approved at Meta any more: pick another one.',
			TEMPLATE_NOT_FOUND: 'This template is gone or of another account: pick another one.',
		},
	},
};
