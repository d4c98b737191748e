import type { CheckName, SentinelAction } from '../agents';
import type { PageLanguage } from '../pages';

/** What each check of the Sentinel looks for, as people read it beside "nothing found" or "took effect". */
export const CHECK_WORDS: Record<PageLanguage, Record<CheckName, string>> = {
	'pt-BR': {
		opt_out: 'Pediu para não receber mensagens',
		conversation_in_handoff: 'Uma pessoa já está atendendo',
		contact_opted_out: 'Já tinha pedido para não receber mensagens',
		asked_for_person: 'Pediu uma pessoa',
		daily_limit: 'Limite diário de respostas',
		opening_hours: 'Horário de atendimento',
		off_scope: 'Assunto fora do atendimento',
		prompt_injection: 'Tentou dar ordens ao robô',
		empty_reply: 'Resposta vazia',
		prompt_leak: 'Instruções do robô na resposta',
		personal_data: 'Dados pessoais na resposta',
		claimed_without_tool: 'Disse ter feito algo que não fez',
		unlisted_price: 'Preço que não está nos documentos',
		unlisted_link: 'Link que não está nos documentos',
		forbidden_phrase: 'Frase proibida',
		wrong_language: 'Idioma errado',
		length: 'Tamanho da resposta',
	},
	en: {
		opt_out: 'Asked for no more messages',
		conversation_in_handoff: 'A person answers already',
		contact_opted_out: 'Had asked for no more messages',
		asked_for_person: 'Asked for a person',
		daily_limit: 'Daily limit of answers',
		opening_hours: 'Opening hours',
		off_scope: 'Off topic',
		prompt_injection: 'Tried to give the bot orders',
		empty_reply: 'Empty answer',
		prompt_leak: 'The bot’s instructions in the answer',
		personal_data: 'Personal data in the answer',
		claimed_without_tool: 'Said it did what it did not do',
		unlisted_price: 'A price that is in no document',
		unlisted_link: 'A link that is in no document',
		forbidden_phrase: 'Forbidden phrase',
		wrong_language: 'Wrong language',
		length: 'Length of the answer',
	},
};

/** The name of a check; one that is gone since keeps the name it was stored under. */
export const checkName = (check: string, language: PageLanguage): string =>
	(CHECK_WORDS[language] as Record<string, string>)[check] ?? check.replace(/_/g, ' ');

const ACTION_WORDS: Record<PageLanguage, Record<SentinelAction, string>> = {
	'pt-BR': {
		allow: 'notou, e deixou sair',
		rewrite: 'mudou o texto',
		silence: 'não deixou responder',
		defer: 'deixou para depois',
		block: 'segurou o texto',
		handoff: 'passou para uma pessoa',
	},
	en: {
		allow: 'noticed, and let it pass',
		rewrite: 'changed the text',
		silence: 'let nothing be answered',
		defer: 'left it for later',
		block: 'held the text back',
		handoff: 'handed over to a person',
	},
};

/** What a check that stepped in did; null where it says nothing that is known. */
export const actionText = (action: unknown, language: PageLanguage): string | null =>
	(ACTION_WORDS[language] as Record<string, string>)[String(action)] ?? null;
