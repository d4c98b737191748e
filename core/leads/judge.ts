import { FactoryError, isFactoryError } from '../errors';
import type { LlmPort, LlmUsage } from '../llm';
import { MODEL_BATCH } from './defaults';
import { GENERIC_PERSONA } from './evaluation/cases';
import { askModel, type ModelOutcome } from './model';
import { classifyByRules } from './classify-by-rules';
import type { LeadSettings } from './settings';
import type { LeadClass, LeadInput, Persona, RuleResult } from './types';
import { verdictOfKnown, verdictOfModel, verdictOfRules, withHysteresis, type LeadVerdict } from './verdict';

export interface ClassifyPorts {
	/** The model for a provider; asked only where the rules are unsure. */
	llm(model: { provider: string; api: string; model: string }): Promise<LlmPort>;
	/** A word that nobody can guess, new for each call of a model. */
	fence(): string;
}

/** One person's words and what they are measured by. */
export interface LeadCase {
	input: LeadInput;
	persona: Persona | null;
	settings: LeadSettings;
	/** Class of the person before this; null for a newcomer. */
	previous: LeadClass | null;
	/** False: nobody waits for a class that a token would make better. */
	mayAsk: boolean;
}

export interface JudgedLead {
	/** Null where the tenant knows the person. */
	rules: RuleResult | null;
	verdict: LeadVerdict;
	usage: LlmUsage[];
	/** Why the model gave no answer that it was asked for; null where it did, or was not asked. */
	modelError: string | null;
}

interface Draft extends JudgedLead {
	of: LeadCase;
	asks: boolean;
}

export const failureOf = (error: unknown): FactoryError =>
	isFactoryError(error) ? error : new FactoryError('INTERNAL', 'The classifier failed.', { cause: error });

/**
 * Classes for cases of one tenant, in their order: known contacts and sure rules without a token, the rest by a model, several a call.
 * A case whose rules fail has its error and keeps nobody else from a class.
 */
export async function judgeLeads(
	cases: readonly LeadCase[],
	ports: ClassifyPorts,
): Promise<Array<JudgedLead | FactoryError>> {
	const drafts = cases.map((of) => {
		try {
			return draftOf(of);
		} catch (error) {
			return failureOf(error);
		}
	});
	const asking = drafts.filter((draft): draft is Draft => !(draft instanceof Error) && draft.asks);
	const batches = Array.from({ length: Math.ceil(asking.length / MODEL_BATCH) }, (_, n) =>
		asking.slice(n * MODEL_BATCH, (n + 1) * MODEL_BATCH),
	);
	await Promise.all(batches.map(async (batch) => await askFor(batch, ports)));
	return drafts.map((draft) => (draft instanceof Error ? draft : settled(draft)));
}

/** Without a token: who is known, and what the rules say. */
function draftOf(of: LeadCase): Draft {
	const { input, persona, settings, mayAsk } = of;
	const blank = { of, asks: false, usage: [], modelError: null };
	if (input.known?.skipAiAnalysis) return { ...blank, rules: null, verdict: verdictOfKnown(input.known, settings) };
	// Known people are judged by their words here: their row said "analyse all the same".
	const rules = classifyByRules({ ...input, known: null }, persona ?? GENERIC_PERSONA, settings);
	const hasText = input.messages.some(({ text }) => text !== '');
	// Without a persona a model has nothing to measure against.
	const asks = rules.unsure && hasText && settings.modelEnabled && persona !== null && mayAsk;
	return { ...blank, rules, verdict: verdictOfRules(rules), asks };
}

async function askFor(batch: readonly Draft[], ports: ClassifyPorts): Promise<void> {
	const outcome = await askOnce(batch, ports);
	batch.forEach((draft, n) => {
		const answer = outcome.answers[n];
		const rules = draft.rules!;
		draft.verdict = answer ? verdictOfModel(answer, rules, draft.of.settings) : verdictOfRules(rules, 'rules_fallback');
		draft.modelError = answer ? null : (outcome.error ?? 'LLM_INVALID_OUTPUT');
	});
	// One row a call: the first of those that shared it carries the cost.
	batch[0].usage = outcome.usage;
}

async function askOnce(batch: readonly Draft[], ports: ClassifyPorts): Promise<ModelOutcome> {
	const { settings, persona } = batch[0].of;
	const { modelProvider: provider, modelApi: api, model, analysisLanguage: language } = settings;
	return await askModel(async () => await ports.llm({ provider, api, model }), {
		model,
		language,
		persona: persona ?? GENERIC_PERSONA,
		leads: batch.map(({ of }) => of.input),
		fence: ports.fence(),
	});
}

function settled({ of, rules, verdict, usage, modelError }: Draft): JudgedLead {
	const verified = rules?.verifiedIntent ?? false;
	return { rules, verdict: withHysteresis(verdict, of.previous, verified, of.settings), usage, modelError };
}
