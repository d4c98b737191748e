import {
	apologyDecision,
	canonicalJson,
	chooseRoute,
	loadAnsweringAgent,
	mutedDecision,
	replyToTurn,
	transferLimitDecision,
	type AnsweringAgent,
	type TurnContext,
	type TurnDecision,
	type TurnRoute,
} from '../agents';
import type { Database } from '../database';
import { FactoryError, isFactoryError } from '../errors';
import type { LlmPort, LlmUsage } from '../llm';
import { createToolRunner, stored, toolId, type ToolConnection, type ToolRunner } from '../plugins';
import { LEASE_SECONDS, MAX_TURN_ATTEMPTS, RETRY_BASE_SECONDS, RETRY_CAP_SECONDS } from './defaults';
import { startHeartbeat } from './heartbeat';
import { routeConversation, transferConversation } from './routing';
import { loadTurn, retryTurn, type ClaimedTurn, type LoadedTurn, type SettledDecision } from './turns';

export interface AnswerPorts {
	/** The model for a provider; asked only when the turn needs one. */
	llm(model: { provider: string; api: string; model: string }): Promise<LlmPort>;
	/** Where tools listen and what signs the calls; asked only when an agent calls one. */
	tools?(): Promise<ToolConnection>;
	now(): Date;
	random(): number;
}

/** `decided`: hand it to completeTurn. `put_back`: the turn waits in the queue, nothing else to do. `gone`: another worker has it. */
export type TurnAnswer =
	| { result: 'decided'; decision: SettledDecision }
	| { result: 'put_back'; retryAt: string; reason: string }
	| { result: 'gone' };

/**
 * Answers one leased turn: context, frozen agent, checks, the model and its tools. Renews the lease while the model thinks; `leaseSeconds`
 * is what the claim took, `route` what the classifier made of whoever wrote.
 */
export async function answerTurn(
	database: Database,
	turn: ClaimedTurn,
	ports: AnswerPorts,
	{ leaseSeconds = LEASE_SECONDS, route }: { leaseSeconds?: number; route?: TurnRoute } = {},
): Promise<TurnAnswer> {
	const heartbeat = startHeartbeat(database, turn, leaseSeconds);
	const spent: LlmUsage[] = [];
	try {
		// A hand-over to another agent is one more round; how many there may be is counted where they are written.
		for (;;) {
			const answer = await answerRound(database, turn, ports, route, spent);
			if (answer !== 'transferred') return answer;
		}
	} catch (error) {
		if (isFactoryError(error) && error.code === 'LEASE_LOST') return { result: 'gone' };
		throw error;
	} finally {
		heartbeat.stop();
	}
}

async function answerRound(
	database: Database,
	turn: ClaimedTurn,
	ports: AnswerPorts,
	route: TurnRoute | undefined,
	spent: LlmUsage[],
): Promise<TurnAnswer | 'transferred'> {
	const loaded = await loadTurn(database, turn);
	if (!loaded) return { result: 'gone' };
	const ids = {
		agentVersionId: loaded.agentVersionId,
		systemPromptId: loaded.systemPromptId,
		personaId: loaded.personaId,
	};
	const decided = (decision: TurnDecision): TurnAnswer => ({
		result: 'decided',
		decision: { ...decision, usage: [...spent, ...decision.usage], ...ids },
	});
	const agent = await loadAnsweringAgent(database, turn.tenantId, loaded);
	if (loaded.automation !== 'on') return decided(await muted(loaded, agent, ports.now()));
	const choice = loaded.routing && chooseRoute(loaded.routing, saidIn(loaded.context));
	if (choice && 'agentId' in choice) {
		await routeConversation(database, turn, choice);
		return 'transferred';
	}
	if (!agent) return decided(nobodyAnswers(loaded));

	const { bundle, prompt } = agent;
	const context = {
		...loaded.context,
		toolCalls: loaded.context.toolCalls?.filter((call) => call.turnId !== turn.turnId),
	};
	try {
		const llm = lazyPort(bundle.model, ports);
		const tools = bundle.tools && toolsOf(database, turn, loaded, agent, ports);
		const menu = choice?.ask;
		const decision = await replyToTurn({ bundle, prompt, context, llm, now: ports.now(), route, tools, menu });
		if (decision.action === 'defer') return await putBackUntil(database, turn, decision, ports);
		if (decision.action !== 'transfer') return decided(decision);
		spent.push(...decision.usage);
		if ((await transferConversation(database, turn, decision.transferTo ?? '')) === 'done') return 'transferred';
		return decided(transferLimitDecision(bundle, context, { checks: decision.checks, usage: [] }));
	} catch (error) {
		return await afterFailure(database, turn, ports, { error, spent }, (usage) =>
			decided(apologyDecision(bundle, context, usage)),
		);
	}
}

/** A model that stayed away: the turn waits and is tried again; at the last try a person takes over. */
async function afterFailure(
	database: Database,
	turn: ClaimedTurn,
	ports: AnswerPorts,
	{ error, spent }: { error: unknown; spent: LlmUsage[] },
	apologise: (usage: LlmUsage[]) => TurnAnswer,
): Promise<TurnAnswer> {
	const failure = isFactoryError(error) ? error : new FactoryError('INTERNAL', 'Agent Reply failed.', { cause: error });
	if (failure.code === 'LEASE_LOST') return { result: 'gone' };
	// Anything else is for the ops person to see; the customer is not left in silence for it.
	if (!failure.code.startsWith('LLM_') && turn.attempts < MAX_TURN_ATTEMPTS) throw failure;
	const usage = usageOf(failure);
	if (turn.attempts >= MAX_TURN_ATTEMPTS || !failure.retryable) return apologise(usage);
	const { retryAt } = await retryTurn(database, turn, {
		delaySeconds: retryDelay(turn.attempts, failure.retryAfterMs, ports.random),
		error: failure.code,
		usage: [...spent, ...usage],
	});
	return { result: 'put_back', retryAt, reason: failure.code };
}

const saidIn = ({ incoming }: TurnContext): string => incoming.map(({ text }) => text).join('\n');

/** The tools of a turn; calls of an earlier attempt stand as done and are not made again. */
const toolsOf = (
	database: Database,
	turn: ClaimedTurn,
	{ context, agent, agentVersionId }: LoadedTurn,
	{ bundle }: AnsweringAgent,
	ports: AnswerPorts,
): ToolRunner =>
	createToolRunner(database, {
		turn: { ...turn, agentId: agent.id, agentVersionId },
		tools: bundle.tools ?? [],
		configs: Object.fromEntries(Object.entries(bundle.spec.plugins).map(([name, { config }]) => [name, config])),
		done: (context.toolCalls ?? [])
			.filter(({ turnId, status }) => turnId === turn.turnId && status !== 'requested' && status !== 'unknown')
			.map((call) => ({
				...{ tool: toolId({ plugin: call.plugin, name: call.tool }), arguments: call.arguments },
				...stored(call),
			})),
		connection: async () => await (ports.tools ?? notConnected)(),
		now: ports.now,
		canonical: canonicalJson,
	});

const notConnected = (): never => {
	throw new FactoryError(
		'TOOLS_NOT_CONNECTED',
		'The agent has tools, and nothing says where they listen. Add the Vault credential to the Agent Reply node.',
	);
};

const MUTED = {
	stopped: ['handoff', 'automation_stopped', 'Automation is stopped for the tenant or for everybody.'],
	not_listed: ['handoff', 'test_mode', 'The agent is in test mode and the contact is not on its list.'],
	not_listed_ignored: ['silence', 'test_mode', 'The agent is in test mode and the contact is not on its list.'],
} as const;

async function muted(
	{ automation, context }: LoadedTurn,
	agent: AnsweringAgent | null,
	now: Date,
): Promise<TurnDecision> {
	const [action, reason, because] = MUTED[automation as keyof typeof MUTED];
	const check = { check: 'automation', stage: 'input' as const, fired: true, broken: false, action, reason: because };
	return await mutedDecision(agent?.bundle ?? null, context, now, {
		...{ action, reason },
		check: { ...check, details: { automation } },
	});
}

/** Seconds: doubled each attempt with equal jitter, never before the provider's own retry-after. */
function retryDelay(attempt: number, retryAfterMs: number | undefined, random: () => number): number {
	const full = Math.min(RETRY_CAP_SECONDS, RETRY_BASE_SECONDS * 2 ** (attempt - 1));
	return Math.max(full / 2 + (full / 2) * random(), Math.min(RETRY_CAP_SECONDS, (retryAfterMs ?? 0) / 1000));
}

async function putBackUntil(
	database: Database,
	turn: ClaimedTurn,
	decision: TurnDecision,
	ports: AnswerPorts,
): Promise<TurnAnswer> {
	const until = decision.deferUntil
		? new Date(decision.deferUntil).getTime()
		: ports.now().getTime() + RETRY_CAP_SECONDS * 1000;
	const delaySeconds = Math.max(1, (until - ports.now().getTime()) / 1000);
	const { retryAt } = await retryTurn(database, turn, {
		delaySeconds,
		error: 'outside opening hours',
		countsAsAttempt: false,
	});
	return { result: 'put_back', retryAt, reason: 'OPENING_HOURS' };
}

/** No active agent version: a person must see it, the customer gets no invented answer. */
const nobodyAnswers = (loaded: LoadedTurn): TurnDecision => ({
	action: 'handoff',
	messages: [],
	handoffReason: 'policy',
	deferUntil: null,
	optOut: false,
	checks: [
		{
			check: 'active_agent',
			stage: 'input',
			fired: true,
			broken: false,
			action: 'handoff',
			reason: loaded.agent.id
				? 'The agent has no active version, or is paused. Activate one with the Agent Compiler.'
				: 'The channel account has no agent. Assign one with the Agent Factory node.',
			details: { agentId: loaded.agent.id },
		},
	],
	usage: [],
});

function lazyPort(model: { provider: string; api: string; model: string }, ports: AnswerPorts): LlmPort {
	return { provider: model.provider, generate: async (request) => await (await ports.llm(model)).generate(request) };
}

const usageOf = (error: FactoryError): LlmUsage[] => {
	const { usage, spent = [] } = (error.details ?? {}) as { usage?: LlmUsage; spent?: LlmUsage[] };
	return usage ? [...spent, usage] : spent;
};
