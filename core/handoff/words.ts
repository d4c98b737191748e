import type { PageLanguage } from '../pages';

interface Words {
	queue: string;
	conversation: string;
	refusedTitle: string;
	refused: string;
	waiting: string;
	answered: string;
	returned: string;
	nobody: string;
	mine: string;
	all: string;
	past: string;
	drafts: string;
	refresh: string;
	back: string;
	unnamed: string;
	overdue: string;
	due(time: string): string;
	since(time: string): string;
	with(name: string): string;
	withNobody: string;
	level(level: number): string;
	score(classification: string, score: number): string;
	why: string;
	reasonTitle: string;
	summary: string;
	noSummary: string;
	messages: string;
	noMessages: string;
	taken: string;
	you: string;
	authors: Record<'contact' | 'agent' | 'human' | 'system', string>;
	revoked: string;
	statuses: Record<string, string>;
	reasons: Record<string, string>;
	windowOpen(time: string): string;
	windowClosed: string;
	optedOut: string;
	answer: string;
	send: string;
	templates: string;
	variable(number: number): string;
	sendTemplate: string;
	noTemplates: string;
	take: string;
	takeAgain: string;
	giveBack: string;
	botHasIt: string;
	label: string;
	outcomes: Record<string, string>;
	lead: string;
	verdicts: Record<string, string>;
	save: string;
	draft: string;
	sendDraft: string;
	discardDraft: string;
	discardReason: string;
	discardReasons: Record<string, string>;
	viewOnly: string;
	done: Record<string, string>;
	problem: string;
	problems: Record<string, string>;
}

const pt: Words = {
	queue: 'Atendimentos',
	conversation: 'Conversa',
	refusedTitle: 'Este link não abre nada',
	refused: 'Ele pode ter expirado. Peça um novo a quem o enviou.',
	waiting: 'Esperando',
	answered: 'Com a equipe',
	returned: 'Com o robô',
	nobody: 'Ninguém espera por uma pessoa agora.',
	mine: 'Meus',
	all: 'Todos',
	past: 'Com os encerrados',
	drafts: 'Rascunhos do robô esperando envio',
	refresh: 'Atualizar',
	back: 'Voltar à fila',
	unnamed: 'Contato sem nome',
	overdue: 'ATRASADO',
	due: (time) => `responder até ${time}`,
	since: (time) => `desde ${time}`,
	with: (name) => `com ${name}`,
	withNobody: 'sem responsável',
	level: (level) => `aviso ${level}`,
	score: (classification, score) => `${classification} · ${score} de 100`,
	why: 'Por que esta nota',
	reasonTitle: 'Motivo',
	summary: 'Resumo',
	noSummary: 'Ainda sem resumo: leia a conversa abaixo.',
	messages: 'Mensagens',
	noMessages: 'Nenhuma mensagem.',
	taken: 'Responsável',
	you: 'você',
	authors: { contact: 'Cliente', agent: 'Robô', human: 'Equipe', system: 'Sistema' },
	revoked: '(apagada por quem a escreveu)',
	statuses: {
		...{ pending: 'na fila', sending: 'enviando', sent: 'enviada', delivered: 'entregue', read: 'lida' },
		...{ played: 'ouvida', failed: 'FALHOU', blocked: 'NÃO ENVIADA', unknown: 'sem confirmação', received: '' },
	},
	reasons: {
		...{ asked_for_person: 'Pediu uma pessoa', agent_decision: 'O robô decidiu chamar alguém' },
		...{ human_takeover: 'Uma pessoa assumiu', limit: 'Limite diário de respostas', policy: 'Regra do atendimento' },
		...{
			model_unavailable: 'O modelo não respondeu',
			known_client: 'Cliente conhecido',
			out_of_scope: 'Fora do assunto',
		},
		...{ automation_stopped: 'Os robôs estão parados', test_mode: 'O robô está em teste' },
		...{ transfer_limit: 'Passou por robôs demais' },
	},
	windowOpen: (time) => `Janela aberta: texto livre até ${time}.`,
	windowClosed: 'Fora da janela de 24 horas: só um modelo aprovado pode ser enviado.',
	optedOut: 'Esta pessoa pediu para não receber mensagens.',
	answer: 'Resposta',
	send: 'Enviar',
	templates: 'Modelos aprovados',
	variable: (number) => `Variável ${number}`,
	sendTemplate: 'Enviar modelo',
	noTemplates: 'Nenhum modelo aprovado.',
	take: 'Assumir',
	takeAgain: 'Assumir de volta',
	giveBack: 'Devolver ao robô',
	botHasIt: 'O robô está com esta conversa.',
	label: 'O que foi este atendimento?',
	outcomes: {
		...{ needed: 'Precisava de uma pessoa', not_needed: 'Não precisava', bot_right: 'O robô respondeu bem' },
		...{ bot_wrong: 'O robô respondeu mal', other: 'Outro' },
	},
	lead: 'Que lead é este?',
	verdicts: {
		...{ bom: 'Bom', ruim: 'Ruim', pessoal: 'Pessoal', spam: 'Spam', concorrente: 'Concorrente' },
		...{ opportunity: 'Oportunidade', client: 'Cliente', rejected: 'Recusou', no_answer: 'Sem resposta' },
	},
	save: 'Anotar',
	draft: 'Rascunho do robô',
	sendDraft: 'Enviar',
	discardDraft: 'Descartar',
	discardReason: 'Por que não enviar',
	discardReasons: { wrong: 'Está errado', tone: 'Tom', not_needed: 'Não precisa', other: 'Outro' },
	viewOnly: 'Você pode ver, não responder.',
	done: {
		...{ reply: 'Mensagem na fila de envio.', template: 'Modelo na fila de envio.', take: 'A conversa é sua.' },
		...{ return: 'O robô tem a conversa de novo.', label: 'Anotado.', lead: 'Anotado.', draft: 'Rascunho enviado.' },
		discard: 'Rascunho descartado.',
	},
	problem: 'Não foi feito',
	problems: {
		MESSAGE_EMPTY: 'Escreva algo primeiro.',
		HANDOFF_VIEW_ONLY: 'Você pode ver, não agir: peça o papel de operador a um administrador.',
		HANDOFF_RETURNED: 'O robô tem esta conversa de novo. Assuma primeiro e envie depois; o texto continua abaixo.',
		HANDOFF_WINDOW_CLOSED: 'O cliente escreveu há mais de 24 horas: só um modelo aprovado pode ser enviado.',
		HANDOFF_OPTED_OUT: 'Esta pessoa pediu para não receber mensagens. Nada foi enviado.',
		HANDOFF_DRAFT_GONE: 'Este rascunho já foi enviado, descartado ou trocado por outro.',
		TEMPLATE_NOT_FOUND: 'Escolha um modelo.',
		TEMPLATE_NOT_APPROVED: 'Este modelo não está aprovado pela Meta.',
		VALUE_REFUSED: 'Falta algo no formulário, ou o texto é longo demais.',
		WRONG_STATE: 'Você não atende por esta empresa.',
	},
};

const en: Words = {
	queue: 'Hand-overs',
	conversation: 'Conversation',
	refusedTitle: 'This link opens nothing',
	refused: 'It may have expired. Ask whoever sent it for a new one.',
	waiting: 'Waiting',
	answered: 'With the team',
	returned: 'With the bot',
	nobody: 'Nobody waits for a person right now.',
	mine: 'Mine',
	all: 'All',
	past: 'With those that ended',
	drafts: 'Drafts of the bot that wait to be sent',
	refresh: 'Refresh',
	back: 'Back to the queue',
	unnamed: 'Unnamed contact',
	overdue: 'OVERDUE',
	due: (time) => `answer by ${time}`,
	since: (time) => `since ${time}`,
	with: (name) => `with ${name}`,
	withNobody: 'nobody has it',
	level: (level) => `reminder ${level}`,
	score: (classification, score) => `${classification} · ${score} of 100`,
	why: 'Why this score',
	reasonTitle: 'Reason',
	summary: 'Summary',
	noSummary: 'No summary yet: read the conversation below.',
	messages: 'Messages',
	noMessages: 'No message.',
	taken: 'Who has it',
	you: 'you',
	authors: { contact: 'Customer', agent: 'Bot', human: 'Team', system: 'System' },
	revoked: '(deleted by its author)',
	statuses: {
		...{ pending: 'queued', sending: 'sending', sent: 'sent', delivered: 'delivered', read: 'read' },
		...{ played: 'played', failed: 'FAILED', blocked: 'NOT SENT', unknown: 'not confirmed', received: '' },
	},
	reasons: {
		...{ asked_for_person: 'Asked for a person', agent_decision: 'The bot decided to call somebody' },
		...{ human_takeover: 'A person took over', limit: 'Daily limit of answers', policy: 'A rule of the service' },
		...{ model_unavailable: 'The model did not answer', known_client: 'A known client', out_of_scope: 'Off topic' },
		...{ automation_stopped: 'The bots are stopped', test_mode: 'The bot is in test mode' },
		...{ transfer_limit: 'Handed between too many bots' },
	},
	windowOpen: (time) => `Window open: free text until ${time}.`,
	windowClosed: 'Outside the 24-hour window: only an approved template can be sent.',
	optedOut: 'This person asked not to be written to.',
	answer: 'Answer',
	send: 'Send',
	templates: 'Approved templates',
	variable: (number) => `Variable ${number}`,
	sendTemplate: 'Send template',
	noTemplates: 'No approved template.',
	take: 'Take it',
	takeAgain: 'Take it back',
	giveBack: 'Back to the bot',
	botHasIt: 'The bot has this conversation.',
	label: 'What was this hand-over?',
	outcomes: {
		...{ needed: 'A person was needed', not_needed: 'Not needed', bot_right: 'The bot answered well' },
		...{ bot_wrong: 'The bot answered badly', other: 'Other' },
	},
	lead: 'What kind of lead is it?',
	verdicts: {
		...{ bom: 'Good', ruim: 'Bad', pessoal: 'Personal', spam: 'Spam', concorrente: 'Competitor' },
		...{ opportunity: 'Opportunity', client: 'Client', rejected: 'Declined', no_answer: 'No answer' },
	},
	save: 'Note it',
	draft: 'Draft of the bot',
	sendDraft: 'Send',
	discardDraft: 'Discard',
	discardReason: 'Why not send it',
	discardReasons: { wrong: 'It is wrong', tone: 'Tone', not_needed: 'Not needed', other: 'Other' },
	viewOnly: 'You may look, not answer.',
	done: {
		...{ reply: 'The message is on its way.', template: 'The template is on its way.', take: 'It is yours.' },
		...{
			return: 'The bot has the conversation again.',
			label: 'Noted.',
			lead: 'Noted.',
			draft: 'The draft is on its way.',
		},
		discard: 'Draft discarded.',
	},
	problem: 'Not done',
	problems: {},
};

export const HANDOFF_WORDS: Record<PageLanguage, Words> = { 'pt-BR': pt, en };
