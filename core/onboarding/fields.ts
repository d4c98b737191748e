/** The questions of the form. One list: the pages, the checks and the texts beside a field are all made of it. */

export type OnboardingLanguage = 'pt-BR' | 'en';

export const PAGES = ['business', 'agent', 'conversation', 'hours', 'persona', 'documents', 'test', 'channel'] as const;
export type PageName = (typeof PAGES)[number];

export interface Field {
	key: string;
	page: PageName;
	/** Portuguese and English. */
	label: readonly [string, string];
	hint?: readonly [string, string];
	type?: 'text' | 'textarea' | 'email' | 'dropdown' | 'password' | 'file';
	options?: readonly string[];
	required?: boolean;
	/** One entry a line. */
	lines?: boolean;
	/** Never kept: it goes to the vault or into the documents. */
	transient?: boolean;
	/** Where the answer stands in the AgentSpec. */
	spec?: string;
	/** Where it stands in the persona. */
	persona?: string;
}

export const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;
const DAYS: ReadonlyArray<readonly [string, string]> = [
	['Segunda-feira', 'Monday'],
	['Terça-feira', 'Tuesday'],
	['Quarta-feira', 'Wednesday'],
	['Quinta-feira', 'Thursday'],
	['Sexta-feira', 'Friday'],
	['Sábado', 'Saturday'],
	['Domingo', 'Sunday'],
];
const PER_LINE = ['um por linha', 'one a line'] as const;

const on = (page: PageName, fields: Array<Omit<Field, 'page'>>): Field[] => fields.map((field) => ({ ...field, page }));

export const FIELDS: readonly Field[] = [
	...on('business', [
		{ key: 'businessName', label: ['Nome da empresa', 'Business name'], required: true, spec: 'business.name' },
		{
			key: 'businessType',
			label: ['Tipo de negócio', 'Kind of business'],
			required: true,
			spec: 'business.type',
			persona: 'businessType',
		},
		{
			key: 'description',
			label: ['O que a empresa faz, para quem e onde', 'What the business does, for whom and where'],
			type: 'textarea',
			required: true,
			spec: 'business.description',
		},
		{ key: 'site', label: ['Site', 'Web site'], spec: 'business.site' },
		{
			key: 'address',
			label: ['Endereço que o agente pode informar', 'Address that the agent may give'],
			spec: 'business.address',
		},
		{
			key: 'phone',
			label: ['Telefone que o agente pode informar', 'Phone that the agent may give'],
			spec: 'business.phone',
		},
		{
			key: 'email',
			label: ['E-mail que o agente pode informar', 'E-mail that the agent may give'],
			spec: 'business.email',
		},
		{ key: 'taxId', label: ['CNPJ', 'Tax ID'], spec: 'business.taxId' },
	]),
	...on('agent', [
		{ key: 'agentName', label: ['Nome do agente', "Agent's name"], required: true, spec: 'identity.name' },
		{
			key: 'agentRole',
			label: ['Papel do agente, em uma linha', 'Role of the agent, in one line'],
			spec: 'identity.role',
		},
		{ key: 'tone', label: ['Tom de voz', 'Tone'], spec: 'tone' },
		{
			key: 'agentLanguage',
			label: ['Idioma das conversas', 'Language of the conversations'],
			type: 'dropdown',
			options: ['pt-BR', 'en', 'es'],
			spec: 'language',
		},
		{
			key: 'goals',
			label: ['Objetivos da conversa', 'Goals of a conversation'],
			hint: PER_LINE,
			type: 'textarea',
			lines: true,
			spec: 'goals',
		},
		{
			key: 'modelProvider',
			label: ['Provedor do modelo', 'Model provider'],
			type: 'dropdown',
			options: ['anthropic', 'openai'],
			spec: 'model.provider',
		},
		{ key: 'model', label: ['Modelo (vazio: o padrão)', 'Model (empty: the default)'], spec: 'model.model' },
	]),
	...on('conversation', [
		{
			key: 'questions',
			label: ['Perguntas de qualificação, na ordem', 'Qualification questions, in order'],
			hint: PER_LINE,
			type: 'textarea',
			lines: true,
			spec: 'qualificationQuestions',
		},
		{
			key: 'handoffWhen',
			label: ['Quando chamar uma pessoa', 'When a person takes over'],
			hint: PER_LINE,
			type: 'textarea',
			lines: true,
			spec: 'handoff.when',
		},
		{
			key: 'handoffMessage',
			label: ['Mensagem ao passar para uma pessoa', 'Message when a person takes over'],
			type: 'textarea',
			spec: 'handoff.message',
		},
		{
			key: 'outOfScope',
			label: ['Fora do assunto da empresa', 'Out of scope'],
			type: 'dropdown',
			options: ['decline', 'handoff'],
			spec: 'outOfScope.action',
		},
		{
			key: 'outOfScopeMessage',
			label: ['Mensagem para assuntos fora da empresa', 'Message for what is out of scope'],
			type: 'textarea',
			spec: 'outOfScope.message',
		},
		{
			key: 'forbiddenTopics',
			label: ['Assuntos proibidos', 'Forbidden topics'],
			hint: PER_LINE,
			type: 'textarea',
			lines: true,
			spec: 'forbiddenTopics',
		},
		{
			key: 'forbiddenPhrases',
			label: ['Palavras e frases proibidas', 'Forbidden words and phrases'],
			hint: PER_LINE,
			type: 'textarea',
			lines: true,
			spec: 'forbiddenPhrases',
		},
		{
			key: 'links',
			label: ['Links permitidos', 'Allowed links'],
			hint: PER_LINE,
			type: 'textarea',
			lines: true,
			spec: 'allowedLinks',
		},
	]),
	...on('hours', [
		{ key: 'timeZone', label: ['Fuso horário', 'Time zone'], spec: 'timeZone' },
		...WEEKDAYS.map((day, index): Omit<Field, 'page'> => ({
			key: day,
			label: DAYS[index],
			hint: ['ex.: 09:00-12:00, 13:00-18:00; vazio: fechado', 'e.g. 09:00-12:00, 13:00-18:00; empty: closed'],
			spec: `openingHours.${day}`,
		})),
		{
			key: 'outsideHours',
			label: ['Fora do horário', 'Outside the hours'],
			type: 'dropdown',
			options: ['answer', 'defer', 'handoff'],
			spec: 'openingHours.outside',
		},
		{
			key: 'outsideMessage',
			label: ['Mensagem fora do horário', 'Message outside the hours'],
			type: 'textarea',
			spec: 'openingHours.outsideMessage',
		},
	]),
	...on('persona', [
		{ key: 'audience', label: ['Público-alvo', 'Target audience'], type: 'textarea', persona: 'targetAudience' },
		{ key: 'offer', label: ['Produto ou serviço', 'Product or service'], type: 'textarea', persona: 'productService' },
		{ key: 'value', label: ['Proposta de valor', 'Value proposition'], type: 'textarea', persona: 'valueProposition' },
		{
			key: 'pains',
			label: ['Dores do cliente ideal', 'Pains of the ideal customer'],
			hint: PER_LINE,
			type: 'textarea',
			lines: true,
			persona: 'mainPainPoints',
		},
		{
			key: 'niches',
			label: ['Nichos ideais', 'Ideal niches'],
			hint: PER_LINE,
			type: 'textarea',
			lines: true,
			persona: 'idealNiches',
		},
		{
			key: 'goodWords',
			label: ['Palavras que indicam interesse', 'Words that show interest'],
			hint: PER_LINE,
			type: 'textarea',
			lines: true,
			persona: 'positiveKeywords',
		},
		{
			key: 'badWords',
			label: ['Palavras de quem não é cliente', 'Words of who is no customer'],
			hint: PER_LINE,
			type: 'textarea',
			lines: true,
			persona: 'negativeKeywords',
		},
		{
			key: 'areas',
			label: ['Regiões atendidas', 'Service areas'],
			hint: PER_LINE,
			type: 'textarea',
			lines: true,
			persona: 'serviceAreas',
		},
		{ key: 'brandVoice', label: ['Voz da marca', 'Brand voice'], type: 'textarea', persona: 'brandVoice' },
	]),
	...on('documents', [
		{
			key: 'files',
			label: ['Documentos (txt, md, pdf, docx)', 'Documents (txt, md, pdf, docx)'],
			type: 'file',
			transient: true,
		},
		{ key: 'pastedTitle', label: ['Ou cole um texto: título', 'Or paste a text: title'], transient: true },
		{ key: 'pastedText', label: ['Texto', 'Text'], type: 'textarea', transient: true },
	]),
	...on('test', [
		{
			key: 'testQuestion',
			label: [
				'Pergunta que um cliente faria e que os documentos respondem',
				'A question that a customer would ask and the documents answer',
			],
			required: true,
		},
		{
			key: 'testExpected',
			label: ['O que a resposta precisa conter (ex.: o preço)', 'What the answer must contain (e.g. the price)'],
			required: true,
		},
	]),
	...on('channel', [
		{
			key: 'channelKind',
			label: ['Canal', 'Channel'],
			type: 'dropdown',
			options: ['whatsapp', 'instagram', 'messenger'],
			required: true,
		},
		{
			key: 'channelId',
			label: [
				'ID do número (phone number ID), da conta do Instagram ou da página',
				'Phone number ID, Instagram account ID or page ID',
			],
			required: true,
		},
		{ key: 'wabaId', label: ['ID da conta do WhatsApp Business (WABA)', 'WhatsApp Business account ID (WABA)'] },
		{ key: 'token', label: ['Token de acesso', 'Access token'], type: 'password', required: true, transient: true },
		{
			key: 'pin',
			label: ['PIN de 6 dígitos para registrar o número', 'Six-digit PIN to register the number'],
			type: 'password',
			transient: true,
		},
	]),
];

export const PAGE_TITLES: Record<PageName, readonly [string, string]> = {
	business: ['1. A empresa', '1. The business'],
	agent: ['2. O agente', '2. The agent'],
	conversation: ['3. As conversas', '3. The conversations'],
	hours: ['4. Horário de atendimento', '4. Opening hours'],
	persona: ['5. O cliente ideal', '5. The ideal customer'],
	documents: ['6. O que o agente sabe', '6. What the agent knows'],
	test: ['7. Teste', '7. Test'],
	channel: ['8. O canal oficial', '8. The official channel'],
};

/** What goes to the vault and may stand nowhere else. */
export const SECRET_FIELDS = FIELDS.filter(({ type }) => type === 'password').map(({ key }) => key);

export const fieldsOf = (page: PageName): Field[] => FIELDS.filter((field) => field.page === page);
export const inLanguage = ([portuguese, english]: readonly [string, string], language: OnboardingLanguage): string =>
	language === 'en' ? english : portuguese;
