import type { LlmPort, LlmRequest, LlmUsage } from '../../../core/llm';
import { FactoryError } from '../../../core/errors';
import {
	CHECKS,
	CHECK_CODES,
	conversationOf,
	tenantText,
	verdictsInMemory,
	type CheckCode,
	type Conversation,
	type Judge,
	type RawTurn,
} from '../../../core/reflection';

export const JUDGED = CHECK_CODES.filter((code) => CHECKS[code].by === 'judge');

let serial = 0;
/** A conversation out of alternating lines, the customer first. */
export function talk(lines: readonly string[], id = `c${(serial += 1)}`, leadKey = `lead-${id}`): Conversation {
	return conversationOf(id, leadKey, rawTurns(lines));
}

export const rawTurns = (lines: readonly string[]): RawTurn[] =>
	lines.map((text, index) => ({
		who: index % 2 === 0 ? 'customer' : 'agent',
		text,
		at: new Date(Date.UTC(2026, 9, 1, 12, 0, index * 30)).toISOString(),
	}));

export const GOOD_TALK = [
	'Oi, quanto custa o plano de gestão de redes para a minha padaria?',
	'Oi! O plano para padarias custa R$ 100 por mês e inclui doze posts. Quantas lojas você tem?',
	'Uma só. Como eu contrato?',
	'Perfeito para uma loja. Posso mandar o contrato hoje por aqui, combinado?',
];

type Answered = Partial<Record<CheckCode, { answer: string; turns: number[] }>>;

/** Every check with the same answer, but for some. */
export const answers = (answer: string, turns: number[] = [2], changes: Answered = {}): Answered => ({
	...Object.fromEntries(JUDGED.map((code) => [code, { answer, turns }])),
	...changes,
});

const usageOf = (model: string): LlmUsage => ({
	provider: 'script',
	model,
	inputTokens: 1_000,
	cachedInputTokens: 0,
	outputTokens: 200,
	costUsd: 0.001,
	latencyMs: 1,
	attempts: 1,
	requestId: null,
	outcome: 'ok',
});

/** A model at the edge of the pack: says what `script` says, through the schema of the call. */
export function scriptedPort(
	script: (request: LlmRequest<unknown>, call: number) => unknown,
): LlmPort & { calls: number } {
	const port = {
		provider: 'script',
		calls: 0,
		generate: async <T>(request: LlmRequest<T>) => {
			port.calls += 1;
			const said = script(request, port.calls);
			if (said instanceof FactoryError) throw said;
			const parsed = request.schema.safeParse(said);
			if (!parsed.success)
				throw new FactoryError('LLM_INVALID_OUTPUT', 'off schema', { details: { usage: usageOf(request.model) } });
			return { output: parsed.data, usage: usageOf(request.model) };
		},
	};
	return port;
}

export function judgeWith(port: LlmPort, changes: Partial<Judge> = {}): Judge {
	let fences = 0;
	return {
		port: async () => port,
		model: 'judge-1',
		effort: 'default',
		brief: tenantText('{"business":"Agência Lume"}'),
		candidateSha: 'v1',
		store: verdictsInMemory(),
		fence: () => `fence${(fences += 1)}`,
		...changes,
	};
}
