import { apologyDecision, loadAnsweringAgent, replyToTurn, type TurnDecision, type TurnRoute } from '../agents';
import type { Database } from '../database';
import { FactoryError, isFactoryError } from '../errors';
import type { LlmPort, LlmUsage } from '../llm';
import { LEASE_SECONDS, MAX_TURN_ATTEMPTS, RETRY_BASE_SECONDS, RETRY_CAP_SECONDS } from './defaults';
import { startHeartbeat } from './heartbeat';
import { loadTurn, retryTurn, type ClaimedTurn, type LoadedTurn, type SettledDecision } from './turns';

export interface AnswerPorts {
	/** The model for a provider; asked only when the turn needs one. */
	llm(model: { provider: string; api: string; model: string }): Promise<LlmPort>;
	now(): Date;
	random(): number;
}

/** `decided`: hand it to completeTurn. `put_back`: the turn waits in the queue, nothing else to do. `gone`: another worker has it. */
export type TurnAnswer =
	| { result: 'decided'; decision: SettledDecision }
	| { result: 'put_back'; retryAt: string; reason: string }
	| { result: 'gone' };

/**
 * Answers one leased turn: context, frozen agent, checks, one model call. Renews the lease while the model thinks; `leaseSeconds` is
 * what the claim took, `route` what the classifier made of whoever wrote.
 */
export async function answerTurn(
	database: Database,
	turn: ClaimedTurn,
	ports: AnswerPorts,
	{ leaseSeconds = LEASE_SECONDS, route }: { leaseSeconds?: number; route?: TurnRoute } = {},
): Promise<TurnAnswer> {
	const loaded = await loadTurn(database, turn);
	if (!loaded) return { result: 'gone' };
	const ids = {
		agentVersionId: loaded.agentVersionId,
		systemPromptId: loaded.systemPromptId,
		personaId: loaded.personaId,
	};
	const agent = await loadAnsweringAgent(database, turn.tenantId, loaded);
	if (!agent) return { result: 'decided', decision: { ...nobodyAnswers(loaded), ...ids } };

	const heartbeat = startHeartbeat(database, turn, leaseSeconds);
	try {
		const llm = lazyPort(agent.bundle.model, ports);
		const decision = await replyToTurn({
			bundle: agent.bundle,
			prompt: agent.prompt,
			context: loaded.context,
			llm,
			now: ports.now(),
			route,
		});
		if (decision.action === 'defer') return await putBackUntil(database, turn, decision, ports);
		return { result: 'decided', decision: { ...decision, ...ids } };
	} catch (error) {
		const failure = isFactoryError(error)
			? error
			: new FactoryError('INTERNAL', 'Agent Reply failed.', { cause: error });
		if (failure.code === 'LEASE_LOST') return { result: 'gone' };
		// Anything else is for the ops person to see; the customer is not left in silence for it.
		if (!failure.code.startsWith('LLM_') && turn.attempts < MAX_TURN_ATTEMPTS) throw failure;
		const usage = usageOf(failure);
		if (turn.attempts >= MAX_TURN_ATTEMPTS || !failure.retryable) {
			return { result: 'decided', decision: { ...apologyDecision(agent.bundle, loaded.context, usage), ...ids } };
		}
		const { retryAt } = await retryTurn(database, turn, {
			delaySeconds: retryDelay(turn.attempts, failure.retryAfterMs, ports.random),
			error: failure.code,
			usage,
		});
		return { result: 'put_back', retryAt, reason: failure.code };
	} finally {
		heartbeat.stop();
	}
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
	const usage = (error.details as { usage?: LlmUsage } | undefined)?.usage;
	return usage ? [usage] : [];
};
