import { randomBytes } from 'node:crypto';
import { FactoryError } from '../../core/errors';
import { judgeLeads, type LeadSettings, DEFAULT_THRESHOLDS } from '../../core/leads';
import { createLlmPort, type LlmPort } from '../../core/llm';
import type { DecideUnsure } from './judge';

const FENCE_BYTES = 12;

/** What a tenant without settings of its own has, as far as a model's answer depends on it. */
const settingsFor = (modelProvider: string, model: string): LeadSettings => ({
	...DEFAULT_THRESHOLDS,
	...{ modelEnabled: true, modelProvider, modelApi: modelProvider === 'anthropic' ? 'messages' : 'responses', model },
	...{ scoreHalfLifeDays: 30, answeredClasses: [], analysisLanguage: 'pt-BR' },
	...{ explorationShare: 0, hotCapacityPerDay: 0, learnedScorerEnabled: false },
});

/**
 * The model that the environment names: ANTHROPIC_API_KEY or OPENAI_API_KEY, with ANTHROPIC_BASE_URL or OPENAI_BASE_URL and
 * EVAL_MODEL where wished. Undefined where there is no key. A call that fails leaves the rules' answer, as for a tenant.
 */
export function modelOf(env: NodeJS.ProcessEnv): DecideUnsure | undefined {
	const port = portOf(env);
	if (!port) return undefined;
	const settings = settingsFor(port.llm.provider, env.EVAL_MODEL ?? port.model);
	return async (input, persona) => {
		const [judged] = await judgeLeads([{ input, persona, settings, previous: null, mayAsk: true }], {
			llm: async () => await Promise.resolve(port.llm),
			fence: () => randomBytes(FENCE_BYTES).toString('base64url'),
		});
		if (judged instanceof FactoryError) throw judged;
		const { verdict, usage } = judged;
		return {
			...{ classification: verdict.classification, score: verdict.score },
			tokens: usage.reduce((sum, { inputTokens, outputTokens }) => sum + (inputTokens ?? 0) + (outputTokens ?? 0), 0),
			usd: usage.reduce((sum, { costUsd }) => sum + (costUsd ?? 0), 0),
		};
	};
}

function portOf(env: NodeJS.ProcessEnv): { llm: LlmPort; model: string } | undefined {
	if (env.ANTHROPIC_API_KEY) {
		const login = { apiKey: env.ANTHROPIC_API_KEY, baseUrl: env.ANTHROPIC_BASE_URL };
		return { llm: createLlmPort({ provider: 'anthropic', ...login }), model: 'claude-haiku-4-5' };
	}
	if (env.OPENAI_API_KEY) {
		const login = { apiKey: env.OPENAI_API_KEY, baseUrl: env.OPENAI_BASE_URL };
		return { llm: createLlmPort({ provider: 'openai', ...login, api: 'responses' }), model: 'gpt-5-mini' };
	}
	return undefined;
}
