import { classifyText } from './llm-category-script';
import { isRecord, type JsonSchema, type LlmCall } from './llm-exchange';
import { isJudgeSchema, judgeConversation } from './llm-judge-script';
import { classifyLeads, isLeadSchema } from './llm-lead-script';
import { describeImage, isVisionSchema } from './llm-media';
import { bestLines, readPromptFacts } from './llm-prompt-facts';
import { smallestValue } from './llm-smallest-value';
import { lastText, sayResult, toolResult, toolsIn, wantedCall } from './llm-tool-script';

/** The scripted answer to a call, as the text that a model would write. The same call gives the same answer. */
export function scriptedAnswer(call: LlmCall, obedient = false): string {
	if (!call.schema) {
		const categories = classifyText(call);
		return categories ? JSON.stringify(categories) : `Resposta de demonstração do modelo ${call.model}.`;
	}
	return JSON.stringify(valueFor(call, call.schema, obedient));
}

function valueFor(call: LlmCall, schema: JsonSchema, obedient: boolean): unknown {
	if (isReplySchema(schema)) return replyTo(call, schema);
	if (isVisionSchema(schema)) return describeImage(call);
	if (isJudgeSchema(schema)) return judgeConversation(call, schema, obedient);
	return isLeadSchema(schema) ? classifyLeads(call, obedient) : smallestValue(schema);
}

interface ScriptedReply {
	action: 'reply' | 'handoff' | 'use_tool' | 'transfer';
	messages: string[];
	handoff_reason: string | null;
	language: 'pt';
	summary: string | null;
	tool?: string | null;
	arguments_json?: string | null;
	agent?: string | null;
}

/** The schema of the pack's agent is known by its fields. */
function isReplySchema(schema: JsonSchema): boolean {
	const properties = isRecord(schema.properties) ? schema.properties : {};
	return ['action', 'messages', 'handoff_reason', 'language', 'summary'].every((name) => name in properties);
}

const ASKS_PRICE = /pre[cç]o|valor|quanto|custa/i;
const ASKS_MANAGER = /falar com o gerente/i;
/** What the pack says in the moment of a turn whose media nobody could read. */
const CANNOT_READ = /não pôde ser (aberto|lido|ouvido)/i;
/** Price lines in one answer: more is a list, not a reply. */
const MAX_PRICE_LINES = 3;

/** The answer, with every field that the schema asks for. */
function replyTo(call: LlmCall, schema: JsonSchema): ScriptedReply {
	const fields = isRecord(schema.properties) ? schema.properties : {};
	const offered = {
		...('tool' in fields ? { tool: null, arguments_json: null } : {}),
		...('agent' in fields ? { agent: null } : {}),
	};
	const told = toolResult(lastText(call));
	if (told) return { ...reply(sayResult(told)), ...offered };
	const wanted = wantedCall(lastUserText(call), toolsIn(schema));
	if (wanted) {
		const { tool, arguments: given } = wanted;
		return { ...reply(''), ...offered, action: 'use_tool', messages: [], tool, arguments_json: JSON.stringify(given) };
	}
	const agent = wantedAgent(lastUserText(call), schema);
	if (agent) return { ...reply(''), ...offered, action: 'transfer', messages: [], agent };
	return { ...answerTo(call), ...offered };
}

/** "falar com o vendas" names another agent that is offered. */
function wantedAgent(asked: string, schema: JsonSchema): string | null {
	const field = isRecord(schema.properties) ? schema.properties.agent : undefined;
	const agents = field === undefined ? [] : toolsIn({ properties: { tool: field } });
	return agents.find((slug) => new RegExp(`falar com (?:o |a )?${slug}\\b`, 'i').test(asked)) ?? null;
}

function answerTo(call: LlmCall): ScriptedReply {
	const asked = lastUserText(call);
	const facts = readPromptFacts(call.system);
	const markers = [...new Set(asked.match(/#\d+/g) ?? [])].join(' ');
	const suffix = markers === '' ? '' : ` (${markers})`;
	if (ASKS_MANAGER.test(asked)) {
		return {
			...reply(`Claro! Vou chamar o gerente para continuar com você.${suffix}`),
			action: 'handoff',
			handoff_reason: 'O cliente quer falar com o gerente.',
		};
	}
	if (CANNOT_READ.test(call.system)) return reply(`Não consegui abrir o que você enviou. Pode escrever?${suffix}`);
	const lead = facts.business ? `Aqui é da ${facts.business}` : 'Obrigado pelo contato';
	const next = nextQuestion(call, facts.questions);
	const question = next ? ` ${next}` : ' Como posso ajudar?';
	if (ASKS_PRICE.test(asked) && facts.prices.length > 0) {
		const lines = bestLines(facts.prices, asked, MAX_PRICE_LINES);
		return reply(`Oi! ${lead}. ${lines.join(' ')}${suffix}${question}`);
	}
	return reply(`Oi! ${lead}, tudo bem?${suffix}${question}`);
}

/** The first question that was not asked yet; all asked: the first again. */
function nextQuestion(call: LlmCall, questions: string[]): string | undefined {
	const said = call.messages.filter(({ role }) => role === 'assistant').map(({ text }) => text);
	return questions.find((question) => !said.some((text) => text.includes(question))) ?? questions[0];
}

function reply(message: string): ScriptedReply {
	return { action: 'reply', messages: [message], handoff_reason: null, language: 'pt', summary: null };
}

/** Everything that the customer wrote after the last answer: a burst is one question. */
function lastUserText(call: LlmCall): string {
	const lastAnswer = call.messages.findLastIndex((message) => message.role === 'assistant');
	const burst = call.messages.slice(lastAnswer + 1);
	return burst.map((message) => message.text).join('\n');
}
