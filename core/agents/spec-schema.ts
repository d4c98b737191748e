import { z } from 'zod/v4';
import { schemaProblem, TOOL_BOUNDS, TOOL_LIMITS } from '../plugins';
import {
	DEFAULT_LANGUAGE,
	DEFAULT_TEXTS,
	DEFAULT_TIME_ZONE,
	LIST_BOUNDS,
	MODEL_DEFAULTS,
	OPT_OUT_WORDS,
	REPLY_LIMITS,
	TEXT_BOUNDS,
} from './defaults';
import { parseAllowedLink } from './sentinel/text/links';
import { wellFormed } from './well-formed';

const texts = DEFAULT_TEXTS[DEFAULT_LANGUAGE];

const text = (maximum: number) =>
	z
		.string()
		.trim()
		.min(1, 'must not be empty')
		.max(maximum, `is longer than ${maximum} characters: shorten it`)
		// Postgres stores neither in jsonb.
		.refine((value) => wellFormed(value) === value, 'contains a NUL or half a surrogate pair: remove it');

const listOf = <T extends z.ZodType>(entry: T, maximum: number) =>
	z.array(entry).max(maximum, `has more than ${maximum} entries: merge or remove some`);

const wholeNumber = (bounds: { minimum: number; maximum: number }) =>
	z
		.number()
		.int('must be a whole number')
		.min(bounds.minimum, `must be at least ${bounds.minimum}`)
		.max(bounds.maximum, `must be at most ${bounds.maximum}`);

function isTimeZone(value: string): boolean {
	try {
		new Intl.DateTimeFormat('en-US', { timeZone: value });
		return true;
	} catch {
		return false;
	}
}

const identity = z
	.strictObject({
		name: text(TEXT_BOUNDS.name).describe('How the agent calls itself, e.g. "Bia".'),
		role: text(TEXT_BOUNDS.role).default(texts.role).describe('What the agent is, in one line.'),
		disclosesAutomation: z
			.boolean()
			.default(true)
			.describe(
				'True: says that it is a virtual assistant when it introduces itself. Asked directly, it never denies it.',
			),
	})
	.describe('Who the agent is.');

const business = z
	.strictObject({
		name: text(TEXT_BOUNDS.name).describe('Name of the business as customers know it.'),
		type: text(TEXT_BOUNDS.role).describe('Kind of business, e.g. "agência de marketing".'),
		description: text(TEXT_BOUNDS.paragraph).describe('What it does, for whom and where, in a few sentences.'),
		site: z
			.string()
			.trim()
			.max(TEXT_BOUNDS.url)
			.refine((value) => parseAllowedLink(value) !== null, 'is not a web address: write e.g. https://example.com.br')
			.optional()
			.describe('Web site. Links to it are always allowed.'),
		address: text(TEXT_BOUNDS.line).optional().describe('Address that the agent may give.'),
		phone: text(TEXT_BOUNDS.name).optional().describe('Phone that the agent may give.'),
		email: z
			.email('is not an e-mail address')
			.max(TEXT_BOUNDS.role)
			.optional()
			.describe('E-mail that the agent may give.'),
		taxId: text(TEXT_BOUNDS.name).optional().describe('CNPJ (or tax id) that the agent may give.'),
	})
	.describe('For whom the agent speaks.');

const document = z
	.strictObject({
		title: text(TEXT_BOUNDS.documentTitle).describe('Title, unique within the spec.'),
		content: text(TEXT_BOUNDS.documentContent).describe(
			'Plain text or Markdown. Prices, discounts and contacts stated here may be given.',
		),
	})
	.describe('One document that the agent knows.');

const handoff = z
	.strictObject({
		when: listOf(text(TEXT_BOUNDS.line), LIST_BOUNDS.handoffRules)
			.default([texts.handoffWhen])
			.describe('Situations in which a person takes over, one a line.'),
		message: text(TEXT_BOUNDS.fixedMessage)
			.default(texts.handoff)
			.describe('What the customer reads when a person takes over.'),
		apology: text(TEXT_BOUNDS.fixedMessage)
			.default(texts.apology)
			.describe('What the customer reads when the model is away at the last attempt and a person takes over.'),
	})
	.prefault({})
	.describe('When and how a person takes over.');

const outOfScope = z
	.strictObject({
		action: z
			.enum(['decline', 'handoff'])
			.default('decline')
			.describe('decline: send the message and go on; handoff: a person takes over.'),
		message: text(TEXT_BOUNDS.fixedMessage)
			.default(texts.outOfScope)
			.describe('What the customer reads in answer to a request that is not of this business.'),
	})
	.prefault({})
	.describe(
		'Requests that have nothing to do with the business. Meta allows business agents only, no general assistants.',
	);

const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'must be HH:MM between 00:00 and 24:00');
const range = z
	.strictObject({
		from: clock.describe('Opens, HH:MM.'),
		to: clock.describe('Closes, HH:MM; earlier than `from` means after midnight of the next day.'),
	})
	.refine(
		({ from, to }) => from !== to && from !== '24:00',
		'must open before 24:00 and not close at the minute it opens: a whole day is 00:00 to 24:00',
	);
const day = (name: string) => listOf(range, LIST_BOUNDS.rangesPerDay).default([]).describe(`Opening times on ${name}.`);

const openingHours = z
	.strictObject({
		monday: day('Monday'),
		tuesday: day('Tuesday'),
		wednesday: day('Wednesday'),
		thursday: day('Thursday'),
		friday: day('Friday'),
		saturday: day('Saturday'),
		sunday: day('Sunday'),
		outside: z
			.enum(['answer', 'defer', 'handoff'])
			.default('answer')
			.describe('Outside the hours: answer anyway, answer at the next opening, or leave it to a person.'),
		outsideMessage: text(TEXT_BOUNDS.fixedMessage)
			.default(texts.outsideHours)
			.describe('What the customer reads outside the hours when `outside` is handoff.'),
	})
	.prefault({})
	.describe('Opening hours in `timeZone`. All days empty: always open.');

const limits = z
	.strictObject({
		maxMessages: wholeNumber(REPLY_LIMITS.maxMessages)
			.default(REPLY_LIMITS.maxMessages.fallback)
			.describe('Messages a reply.'),
		maxCharacters: wholeNumber(REPLY_LIMITS.maxCharacters)
			.default(REPLY_LIMITS.maxCharacters.fallback)
			.describe('Characters a message.'),
		debounceSeconds: wholeNumber(REPLY_LIMITS.debounceSeconds)
			.default(REPLY_LIMITS.debounceSeconds.fallback)
			.describe('Seconds to wait after the last message of a burst; 0 switches waiting off.'),
		debounceMaxSeconds: wholeNumber(REPLY_LIMITS.debounceMaxSeconds)
			.default(REPLY_LIMITS.debounceMaxSeconds.fallback)
			.describe('Seconds after the first message of a burst at which the turn starts in any case.'),
		contextTokens: wholeNumber(REPLY_LIMITS.contextTokens)
			.optional()
			.describe(
				'Most tokens (3.5 characters each) of what the model remembers of a conversation: summary, tool calls, last messages. Left out: 12,000 characters of messages.',
			),
		dailyReplies: wholeNumber(REPLY_LIMITS.dailyReplies)
			.nullable()
			.default(REPLY_LIMITS.dailyReplies.fallback)
			.describe('Automatic replies a day over all conversations; null: only the limit of the plan.'),
	})
	.refine((value) => value.debounceSeconds === 0 || value.debounceMaxSeconds >= value.debounceSeconds, {
		path: ['debounceMaxSeconds'],
		message: 'must not be less than debounceSeconds',
	})
	.prefault({})
	.describe('Bounds of a reply.');

const model = z
	.strictObject({
		provider: z
			.enum(['anthropic', 'openai'])
			.default(MODEL_DEFAULTS.provider)
			.describe('Whose API is spoken; openai also for compatible servers.'),
		api: z
			.enum(['responses', 'chat_completions'])
			.default(MODEL_DEFAULTS.api)
			.describe('Which OpenAI API; not read for anthropic.'),
		model: text(TEXT_BOUNDS.modelName).default(MODEL_DEFAULTS.model).describe('Model name as the provider knows it.'),
		maxOutputTokens: wholeNumber(MODEL_DEFAULTS.maxOutputTokens)
			.default(MODEL_DEFAULTS.maxOutputTokens.fallback)
			.describe('Most tokens of an answer.'),
		timeoutSeconds: wholeNumber(MODEL_DEFAULTS.timeoutSeconds)
			.default(MODEL_DEFAULTS.timeoutSeconds.fallback)
			.describe('Seconds for one attempt.'),
	})
	.prefault({})
	.describe('Which model answers.');

const optOut = z
	.strictObject({
		words: listOf(
			text(TEXT_BOUNDS.phrase).refine((word) => /[\p{L}\p{N}]/u.test(word), 'must hold a letter or a digit'),
			LIST_BOUNDS.optOutWords,
		)
			.min(1, 'must hold at least one word: customers must be able to opt out')
			.default([...OPT_OUT_WORDS])
			.describe('Whole messages that stop automatic messages; case, accents and punctuation do not matter.'),
		confirmation: text(TEXT_BOUNDS.fixedMessage)
			.default(texts.optOut)
			.describe('What the customer reads after opting out.'),
	})
	.prefault({})
	.describe('How customers stop automatic messages.');

const jsonSchema = z.record(z.string(), z.json());

const tool = z.strictObject({
	name: z
		.string()
		.regex(/^[a-z][a-z0-9_]{0,39}$/, 'must be a lower-case tool name such as check_stock')
		.describe('Name of the tool; the workflow that answers tells tools apart by it.'),
	description: text(TOOL_BOUNDS.description).describe('What it does and when to use it, for the model.'),
	parameters: jsonSchema
		.superRefine((schema, { addIssue }) => {
			const problem = schemaProblem(schema);
			if (problem) addIssue({ code: 'custom', message: problem });
		})
		.describe('JSON schema (type object) of what the tool takes.'),
	result: jsonSchema
		.superRefine((schema, { addIssue }) => {
			const problem = schemaProblem(schema);
			if (problem) addIssue({ code: 'custom', message: problem });
		})
		.optional()
		.describe('JSON schema (type object) of what the tool answers.'),
	timeoutSeconds: wholeNumber(TOOL_LIMITS.timeoutSeconds).optional().describe('Seconds that one call may take.'),
});

const plugin = z.strictObject({
	enabled: z.boolean().describe('Whether the plugin is on.'),
	tools: listOf(tool, TOOL_BOUNDS.tools)
		.refine((tools) => new Set(tools.map(({ name }) => name)).size === tools.length, 'holds two tools of one name')
		.optional()
		.describe('Tools that the agent may call; left out, those that the pack knows for this plugin.'),
	config: z
		.record(z.string(), z.json())
		.default({})
		.describe("The plugin's own settings. No secrets: they belong in credentials."),
});

/** What an agent is made of. Everything with a default may be left out. */
export const agentSpecSchema = z
	.strictObject({
		identity,
		business,
		goals: listOf(text(TEXT_BOUNDS.line), LIST_BOUNDS.goals)
			.min(1, 'must hold at least one goal')
			.default([texts.goal])
			.describe('What a conversation should achieve, most important first.'),
		tone: text(TEXT_BOUNDS.line).default(texts.tone).describe('How the agent speaks.'),
		language: z
			.enum(['pt-BR', 'en', 'es'])
			.default(DEFAULT_LANGUAGE)
			.describe('Language of the prompt and of every reply.'),
		documents: listOf(document, LIST_BOUNDS.documents)
			.default([])
			.describe('What the agent knows; facts outside of it are not given.'),
		qualificationQuestions: listOf(text(TEXT_BOUNDS.line), LIST_BOUNDS.qualificationQuestions)
			.default([])
			.describe('What to find out about a lead, in this order, one question at a time.'),
		handoff,
		outOfScope,
		forbiddenTopics: listOf(text(TEXT_BOUNDS.phrase), LIST_BOUNDS.forbiddenTopics)
			.default([])
			.describe('Subjects that the agent does not speak about.'),
		forbiddenPhrases: listOf(text(TEXT_BOUNDS.phrase), LIST_BOUNDS.forbiddenPhrases)
			.default([])
			.describe('Words and phrases that must never be sent; case, accents and stretched letters do not matter.'),
		allowedLinks: listOf(
			z
				.string()
				.trim()
				.max(TEXT_BOUNDS.url)
				.refine(
					(value) => parseAllowedLink(value) !== null,
					'is not a host or web address: write e.g. example.com.br, *.example.com.br or https://wa.me/5511999999999',
				),
			LIST_BOUNDS.allowedLinks,
		)
			.default([])
			.describe(
				'Hosts (example.com, *.example.com with subdomains) or addresses (with everything below their path) that may be sent.',
			),
		timeZone: z
			.string()
			.refine(isTimeZone, 'is not an IANA time zone: write e.g. America/Sao_Paulo')
			.default(DEFAULT_TIME_ZONE)
			.describe('IANA time zone of the opening hours.'),
		openingHours,
		limits,
		model,
		optOut,
		plugins: z
			.record(
				z.string().regex(/^[a-z][a-z0-9_-]{0,39}$/, 'must be a lower-case plugin name such as google_calendar'),
				plugin,
			)
			.refine(
				(value) => Object.keys(value).length <= LIST_BOUNDS.plugins,
				`has more than ${LIST_BOUNDS.plugins} entries`,
			)
			.default({})
			.describe('Paid modules by name, e.g. google_calendar, reminders, crm.'),
	})
	.refine((spec) => new Set(spec.documents.map(({ title }) => title)).size === spec.documents.length, {
		path: ['documents'],
		message: 'holds two documents with the same title: rename or merge them',
	})
	.describe('AgentSpec: everything an agent is compiled from.');
