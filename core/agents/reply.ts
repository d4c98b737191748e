import { FactoryError, isFactoryError } from '../errors';
import type { LlmPort, LlmUsage } from '../llm';
import type { CompiledAgentBundle } from './bundle';
import { HISTORY_BOUNDS, LLM_MAX_RETRIES } from './defaults';
import { toolId, type ToolRunner, type ToolStep } from '../plugins';
import { burstText, conversationMessages, momentBlock } from './reply-context';
import { REPLY_SCHEMA_NAME, replySchemaFor, type AgentReply } from './reply-schema';
import { stepMessages } from './reply-tools';
import { routeDecides, routeVerdict } from './route';
import { runSentinel, type SentinelResult } from './sentinel';
import { boundMessages, splitText } from './sentinel/text/split';
import type { HandoffReason, SentinelVerdict, TurnContext, TurnDecision, TurnRoute } from './types';
import { wellFormed } from './well-formed';

export interface ReplyInput {
	bundle: CompiledAgentBundle;
	/** The rendered prompt version: base, learned rules, voice. */
	prompt: string;
	context: TurnContext;
	llm: LlmPort;
	now: Date;
	/** What the classifier made of whoever wrote; absent: the agent answers. */
	route?: TurnRoute;
	/** The opening menu: sent in place of the model's answer when the checks let the turn pass. */
	menu?: string;
	/** The tools of this turn, where the agent has some. */
	tools?: ToolRunner;
	signal?: AbortSignal;
}

const DECIDED: Omit<TurnDecision, 'action'> = {
	messages: [],
	handoffReason: null,
	deferUntil: null,
	optOut: false,
	checks: [],
	usage: [],
};

/** A text of the spec's own, fitted to the channel: Instagram takes 1000 bytes. */
const fixedMessage = (text: string, { channel }: TurnContext): string[] =>
	splitText(text, { maxCharacters: Number.MAX_SAFE_INTEGER, channel: channel.kind });

function handoffDecision(
	text: string,
	reason: HandoffReason,
	context: TurnContext,
	checks: SentinelVerdict[],
	usage: LlmUsage[],
): TurnDecision {
	return { ...DECIDED, action: 'handoff', messages: fixedMessage(text, context), handoffReason: reason, checks, usage };
}

/** What the input stage made of the turn; null when the model is to be asked. */
function decideBeforeModel(
	bundle: CompiledAgentBundle,
	context: TurnContext,
	result: SentinelResult,
): TurnDecision | null {
	const { policy } = bundle;
	const { verdicts: checks, decidedBy } = result;
	const broken = checks.some((verdict) => verdict.check === decidedBy && verdict.broken);
	switch (result.action) {
		case 'allow':
		case 'rewrite':
			return null;
		case 'silence':
			return { ...DECIDED, action: 'silence', checks };
		case 'defer':
			return { ...DECIDED, action: 'defer', deferUntil: result.deferUntil, checks };
		case 'block':
			if (!broken && decidedBy === 'opt_out') {
				return {
					...DECIDED,
					action: 'reply',
					messages: fixedMessage(policy.optOut.confirmation, context),
					optOut: true,
					checks,
				};
			}
			if (!broken && decidedBy === 'off_scope') {
				return { ...DECIDED, action: 'reply', messages: fixedMessage(policy.outOfScope.message, context), checks };
			}
			return handoffDecision(policy.handoff.message, 'policy', context, checks, []);
		case 'handoff': {
			const text = decidedBy === 'opening_hours' ? policy.openingHours.outsideMessage : policy.handoff.message;
			return handoffDecision(text, result.handoffReason, context, checks, []);
		}
	}
}

/** One typed call. A failure carries the checks that passed and what was spent before, so that nothing of the turn's trace is lost. */
async function askModel(
	input: ReplyInput,
	checks: SentinelVerdict[],
	spent: LlmUsage[],
	steps: readonly ToolStep[],
): Promise<{ output: AgentReply; usage: LlmUsage }> {
	const { bundle, prompt, context, llm, now, signal, tools } = input;
	const mayCall = tools?.mayCall() ?? false;
	try {
		return await llm.generate<AgentReply>({
			model: bundle.model.model,
			system: [{ text: prompt, cache: true }, { text: momentBlock(bundle, context, now) }],
			messages: [...conversationMessages(bundle, context), ...stepMessages(bundle, steps, mayCall)],
			schema: replySchemaFor({
				tools: tools ? (bundle.tools ?? []).map(toolId) : [],
				mayCall,
				agents: (context.transferTargets ?? []).map(({ slug }) => slug),
			}),
			schemaName: REPLY_SCHEMA_NAME,
			maxOutputTokens: bundle.model.maxOutputTokens,
			timeoutMs: bundle.model.timeoutSeconds * 1_000,
			maxRetries: LLM_MAX_RETRIES,
			signal,
		});
	} catch (error) {
		if (!isFactoryError(error)) throw error;
		const { code, message, retryable, retryAfterMs, item } = error;
		const details = { ...(typeof error.details === 'object' ? error.details : {}), checks, spent };
		throw new FactoryError(code, message, { retryable, retryAfterMs, item, details, cause: error });
	}
}

/** Asks until the model answers: every tool that it asks for is called and told, up to the limit; then it is asked once more without tools. */
async function askWithTools(
	input: ReplyInput,
	checks: SentinelVerdict[],
): Promise<{ output: AgentReply; usage: LlmUsage[]; steps: ToolStep[] }> {
	const steps: ToolStep[] = [...(input.tools?.done ?? [])];
	const spent: LlmUsage[] = [];
	for (;;) {
		const { output, usage } = await askModel(input, checks, spent, steps);
		spent.push(usage);
		if (output.action !== 'use_tool' || !input.tools) return { output, usage: spent, steps };
		steps.push(await input.tools.call(output.tool ?? '', output.arguments_json ?? null));
	}
}

const sendable = (text: string): string => wellFormed(text).trim();

/** Every message through the output stage. One held back holds back the whole reply: half an answer misleads. */
async function decideAfterModel(
	input: ReplyInput,
	{ reply, steps }: { reply: AgentReply; steps: readonly ToolStep[] },
	before: SentinelVerdict[],
	usage: LlmUsage[],
): Promise<TurnDecision> {
	const { bundle, context, now } = input;
	const { policy } = bundle;
	const written = reply.messages.map(sendable).filter((text) => text !== '');
	const tools = { offered: bundle.tools ?? [], steps };
	const results: SentinelResult[] = [];
	for (const text of written.length === 0 ? [''] : written) {
		results.push(await runSentinel('output', policy, { text, context, now, tools }));
	}
	const checks = [...before, ...results.flatMap(({ verdicts }) => verdicts)];
	const held = results.find(({ action }) => action !== 'allow' && action !== 'rewrite');
	if (held) return handoffDecision(policy.handoff.message, held.handoffReason, context, checks, usage);
	const limit = { maxCharacters: policy.limits.maxCharacters, channel: context.channel.kind };
	const messages = boundMessages(
		results.flatMap(({ texts }) => texts),
		policy.limits.maxMessages,
		limit,
	);
	return { ...DECIDED, action: 'reply', messages, checks, usage };
}

async function inputStage({ bundle, context, now, route }: ReplyInput): Promise<SentinelResult> {
	const result = await runSentinel('input', bundle.policy, { text: burstText(context), context, now });
	return route ? { ...result, verdicts: [...result.verdicts, routeVerdict(route)] } : result;
}

/**
 * Decides what becomes of a turn: input checks, the route of whoever wrote, then the model (with its tools), then output checks. Throws what the model
 * port throws (the caller retries the turn, and at the limit takes `apologyDecision`).
 */
export async function replyToTurn(input: ReplyInput): Promise<TurnDecision> {
	const { bundle, context } = input;
	const before = await inputStage(input);
	if (input.route && routeDecides(input.route, before)) {
		return input.route.action === 'silence'
			? { ...DECIDED, action: 'silence', checks: before.verdicts }
			: handoffDecision(bundle.policy.handoff.message, 'known_client', context, before.verdicts, []);
	}
	const decided = decideBeforeModel(bundle, context, before);
	if (decided) return decided;

	if (input.menu !== undefined) {
		return {
			...DECIDED,
			action: 'reply',
			messages: fixedMessage(input.menu, context),
			menuAsked: true,
			checks: before.verdicts,
		};
	}

	const { output, usage, steps } = await askWithTools(input, before.verdicts);
	const decision = await decideByAnswer(input, { output, steps }, before.verdicts, usage);
	return { ...decision, summary: summaryOf(output) };
}

/** Customers' words in the model's: bounded, and only ever shown to the model as data. */
const summaryOf = ({ summary }: AgentReply): string | null =>
	summary === null ? null : sendable(summary.slice(0, HISTORY_BOUNDS.summary)) || null;

async function decideByAnswer(
	input: ReplyInput,
	{ output, steps }: { output: AgentReply; steps: readonly ToolStep[] },
	checks: SentinelVerdict[],
	usage: LlmUsage[],
): Promise<TurnDecision> {
	const { bundle, context } = input;
	switch (output.action) {
		case 'no_reply':
			return { ...DECIDED, action: 'silence', checks, usage };
		case 'handoff':
			return handoffDecision(bundle.policy.handoff.message, 'agent_decision', context, checks, usage);
		case 'transfer': {
			const target = context.transferTargets?.find(({ slug }) => slug === output.agent);
			if (target) return { ...DECIDED, action: 'transfer', transferTo: target.id, checks, usage };
			return handoffDecision(bundle.policy.handoff.message, 'agent_decision', context, checks, usage);
		}
		case 'use_tool':
			// Only a model that was offered no tool can get here: its schema let it through.
			return handoffDecision(bundle.policy.handoff.message, 'agent_decision', context, checks, usage);
		case 'reply':
			return decideAfterModel(input, { reply: output, steps }, checks, usage);
	}
}

/** The end of a turn whose model stayed away: a person takes over and the customer is told, never silence. */
export function apologyDecision(
	bundle: CompiledAgentBundle,
	context: TurnContext,
	usage: LlmUsage[] = [],
	checks: SentinelVerdict[] = [],
): TurnDecision {
	return handoffDecision(bundle.policy.handoff.apology, 'model_unavailable', context, checks, usage);
}

/** The end of a turn that was handed around too often: a person takes over. */
export const transferLimitDecision = (
	bundle: CompiledAgentBundle,
	context: TurnContext,
	{ checks, usage }: Pick<TurnDecision, 'checks' | 'usage'>,
): TurnDecision => handoffDecision(bundle.policy.handoff.message, 'transfer_limit', context, checks, usage);

/** A turn that may not be answered: nothing is said, but whoever opts out has opted out. `bundle` null: no agent is active. */
export async function mutedDecision(
	bundle: CompiledAgentBundle | null,
	context: TurnContext,
	now: Date,
	{ action, reason, check }: { action: 'handoff' | 'silence'; reason: HandoffReason; check: SentinelVerdict },
): Promise<TurnDecision> {
	const optedOut =
		bundle !== null &&
		(await runSentinel('input', bundle.policy, { text: burstText(context), context, now })).decidedBy === 'opt_out';
	return { ...DECIDED, action, handoffReason: action === 'handoff' ? reason : null, optOut: optedOut, checks: [check] };
}
