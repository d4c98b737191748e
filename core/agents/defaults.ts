/** Every bound and default of the agents capability: once, with its unit and its reason. */

export const BUNDLE_SCHEMA_VERSION = 1;

/** Bounds of an AgentSpec's texts, in characters. They keep a typing error from becoming a prompt of megabytes. */
export const TEXT_BOUNDS = {
	name: 80,
	role: 200,
	/** One line of a list: a goal, a question, a rule, a topic. */
	line: 500,
	/** A paragraph that somebody wrote in a form. */
	paragraph: 4_000,
	/** A message of ours to a customer: Instagram and Messenger take 1000 bytes, accents take two. */
	fixedMessage: 900,
	phrase: 120,
	url: 2_000,
	documentTitle: 160,
	/** Far over the token ceiling, so that the ceiling's own, clearer error is the one people meet. */
	documentContent: 1_000_000,
	modelName: 120,
} as const;

/** Bounds of an AgentSpec's lists, in entries. */
export const LIST_BOUNDS = {
	goals: 20,
	documents: 50,
	qualificationQuestions: 20,
	handoffRules: 30,
	forbiddenTopics: 50,
	forbiddenPhrases: 200,
	allowedLinks: 100,
	/** Ranges a day: morning, afternoon, evening and one to spare. */
	rangesPerDay: 4,
	optOutWords: 40,
	plugins: 20,
} as const;

/**
 * Estimated tokens that all documents together may take in the prompt. The prompt goes with every turn: 24,000 tokens leave
 * room for rules, history and answer in a 32k window, and cached they cost well under a cent a turn on a small model.
 */
export const DOCUMENT_TOKEN_CEILING = 24_000;

/** Characters per token, for the estimate. Portuguese with accents lies between 3.3 and 4 on the usual tokenizers. */
export const CHARACTERS_PER_TOKEN = 3.5;

export const REPLY_LIMITS = {
	/** Messages a turn. Meta charges each delivered message, and more than three in a row reads like spam. */
	maxMessages: { minimum: 1, maximum: 3, fallback: 2 },
	/** Characters a message. 4096 is WhatsApp's limit for a text; 1200 is what a phone shows without "read more" twice. */
	maxCharacters: { minimum: 80, maximum: 4_096, fallback: 1_200 },
	/** Seconds after the last message of a burst before a turn starts; 0 switches waiting off. */
	debounceSeconds: { minimum: 0, maximum: 60, fallback: 4 },
	/** Seconds after the first message of a burst at which a turn starts whatever still comes in. */
	debounceMaxSeconds: { minimum: 0, maximum: 300, fallback: 20 },
	/** Estimated tokens of what the model remembers of a conversation; without it 12,000 characters of messages. */
	contextTokens: { minimum: 500, maximum: 20_000 },
	/** Automatic replies a day, beside the plan's own limit; null means that only the plan counts. */
	dailyReplies: { minimum: 1, maximum: 100_000, fallback: null },
} as const;

/** Meta's own limits for one text message. */
export const CHANNEL_LIMITS = {
	whatsapp: { unit: 'characters', maximum: 4_096 },
	instagram: { unit: 'bytes', maximum: 1_000 },
	messenger: { unit: 'bytes', maximum: 1_000 },
} as const;

export const MODEL_DEFAULTS = {
	provider: 'anthropic',
	/** Only read for OpenAI: Responses is its current API, compatible servers mostly speak Chat Completions. */
	api: 'responses',
	/** The seeds ask for a light model per turn (GPT-4o or Claude Haiku class). */
	model: 'claude-haiku-4-5',
	/** Tokens. Three full messages and the envelope fit; reasoning models need the room. */
	maxOutputTokens: { minimum: 64, maximum: 16_000, fallback: 1_500 },
	/** Seconds for one attempt: a customer waits, and the lease of a turn must outlive it. */
	timeoutSeconds: { minimum: 2, maximum: 120, fallback: 30 },
} as const;

/** Further attempts inside one call; the queue retries the turn with backoff beyond that. */
export const LLM_MAX_RETRIES = 1;

/** What of a conversation goes to the model: enough for a sale's thread, bounded in cost. */
export const HISTORY_BOUNDS = {
	messages: 40,
	characters: 12_000,
	/** Characters of one earlier message. */
	perMessage: 2_000,
	/** Characters of the burst to answer: two WhatsApp texts of the greatest length. */
	incoming: 8_192,
	/** Characters of the conversation's running summary. */
	summary: 1_500,
	/** Messages since the summary from which the model is told how old it is: fewer are the turn that wrote it. */
	summaryStale: 6,
	/** Letters of a first name. It is written by the customer. */
	firstName: 30,
} as const;

export const SENTINEL = {
	/** Letters under which a language guess is no better than chance. */
	languageMinimumLetters: 20,
	/** Detector score from which a foreign language is believed; lists of product names stay below it. */
	languageMinimumScore: 0.75,
	/** By how much the foreign language must beat the agent's own. */
	languageMinimumMargin: 0.12,
	/** Words in a row shared with the protected section that count as a leak. */
	leakWords: 12,
	/** Cents from which a number without a currency counts as a price: smaller ones count posts, lessons, repetitions. */
	likelyPriceMinimumCents: 2_000,
	/** Stems kept to recognise the business' own subjects. */
	scopeStems: 4_000,
	/** Letters of a word's stem; a shorter word counts whole. */
	stemLetters: 5,
	/** Letters under which a word says nothing about a subject. */
	stemMinimumLetters: 4,
	/** Days looked ahead for the next opening: a week and the day that the clock changes. */
	openingSearchDays: 8,
} as const;

/** Learned lines and persona voice in a rendered prompt, in entries and characters. */
export const PROMPT_ADDITIONS = { learnedRules: 60, ruleCharacters: 500, voiceCharacters: 4_000 } as const;

/** Entries of an agent's allow-list in test mode: a pilot, not a customer base. */
export const ALLOW_LIST_ENTRIES = 200;

/** Times an opening menu is sent: who does not choose then talks to the agent of the channel account. */
export const MENU_ASKS = 2;

/** Longest text shown in a diff, in characters, and how much of a document's hash. */
export const DIFF_TEXT = 160;
export const DIFF_HASH = 12;

/** Characters of a wrong value that an error repeats. */
export const ERROR_ECHO = 40;

/** A message is not broken in its first third: the stump would be a message of its own, and Meta charges each. */
export const SPLIT_STUMP_SHARE = 1 / 3;

export const DEFAULT_LANGUAGE = 'pt-BR';
export const DEFAULT_TIME_ZONE = 'America/Sao_Paulo';

/** Whole messages that end automatic messages. Meta's templates say PARAR and SAIR in Brazil, STOP elsewhere. */
export const OPT_OUT_WORDS = [
	'PARAR',
	'PARE',
	'SAIR',
	'STOP',
	'CANCELAR',
	'DESCADASTRAR',
	'DESINSCREVER',
	'REMOVER',
	'UNSUBSCRIBE',
	'BAJA',
	'NÃO QUERO MAIS RECEBER',
	'NÃO QUERO RECEBER MENSAGENS',
] as const;

/** Texts that an agent has without anybody writing them. */
export const DEFAULT_TEXTS = {
	'pt-BR': {
		role: 'assistente virtual de atendimento',
		tone: 'cordial, claro e direto; frases curtas, como numa conversa de WhatsApp',
		goal: 'Entender o que a pessoa precisa, tirar dúvidas com base nos documentos e indicar o próximo passo',
		handoffWhen: 'A pessoa reclama, está irritada ou fala de um problema que os documentos não resolvem',
		handoff: 'Certo! Vou chamar uma pessoa da equipe para continuar com você por aqui.',
		apology:
			'Desculpe, estou com uma instabilidade e não consegui responder agora. Já avisei a equipe e uma pessoa vai continuar com você.',
		outsideHours:
			'Nosso horário de atendimento já terminou. Deixei sua mensagem com a equipe, que responde assim que voltar.',
		outOfScope:
			'Só consigo ajudar com assuntos da empresa por aqui. Posso ajudar com alguma dúvida sobre nossos serviços?',
		optOut:
			'Pronto! Você não vai mais receber mensagens automáticas nossas. Se quiser voltar, é só escrever para a equipe.',
	},
	en: {
		role: 'virtual customer assistant',
		tone: 'friendly, clear and direct; short sentences, as in a chat',
		goal: 'Understand what the person needs, answer from the documents and point to the next step',
		handoffWhen: 'The person complains, is upset or has a problem that the documents do not solve',
		handoff: 'Sure! I am calling somebody from the team to continue with you here.',
		apology:
			'Sorry, I had a technical problem and could not answer. The team knows, and a person will continue with you.',
		outsideHours: 'We are closed at the moment. The team has your message and answers as soon as we are back.',
		outOfScope:
			'I can only help with matters of this business here. Is there a question about our services I can answer?',
		optOut: 'Done! You will not get automatic messages from us any more. To come back, just write to the team.',
	},
	es: {
		role: 'asistente virtual de atención',
		tone: 'cordial, claro y directo; frases cortas, como en un chat',
		goal: 'Entender lo que la persona necesita, responder con los documentos e indicar el siguiente paso',
		handoffWhen: 'La persona se queja, está molesta o tiene un problema que los documentos no resuelven',
		handoff: '¡Claro! Voy a llamar a una persona del equipo para que siga contigo por aquí.',
		apology:
			'Perdón, tuve un problema técnico y no pude responder. El equipo ya lo sabe y una persona seguirá contigo.',
		outsideHours:
			'Ahora estamos fuera del horario de atención. El equipo tiene tu mensaje y responde en cuanto vuelva.',
		outOfScope: 'Por aquí solo puedo ayudar con temas de la empresa. ¿Tienes alguna duda sobre nuestros servicios?',
		optOut: '¡Listo! No recibirás más mensajes automáticos nuestros. Si quieres volver, escribe al equipo.',
	},
} as const;
