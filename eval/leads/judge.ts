import {
	classifyByRules,
	DEFAULT_THRESHOLDS,
	type EvaluationCase,
	type Judged,
	type LeadClass,
	type LeadInput,
	type LeadThresholds,
	type Persona,
	type RuleResult,
} from '../../core/leads';

/** The model's part: what it decides about a case that the rules are unsure of, and what it cost. */
export type DecideUnsure = (
	input: LeadInput,
	persona: Persona,
	rules: RuleResult,
) => Promise<{ classification: LeadClass; score: number; tokens: number; usd: number }>;

/** Every case through the rules, and through the model where they are unsure and one is given. */
export async function judge(
	cases: readonly EvaluationCase[],
	personaOf: (name: string | null) => Persona,
	options: { decideUnsure?: DecideUnsure; thresholds?: LeadThresholds } = {},
): Promise<Judged[]> {
	const judged: Judged[] = [];
	for (const { label, input, persona: name } of cases) {
		const persona = personaOf(name);
		const rules = classifyByRules(input, persona, options.thresholds ?? DEFAULT_THRESHOLDS);
		const asked =
			rules.unsure && options.decideUnsure !== undefined ? await options.decideUnsure(input, persona, rules) : null;
		judged.push({
			label,
			predicted: asked?.classification ?? rules.classification,
			score: asked?.score ?? rules.score,
			confidence: rules.confidence,
			unsure: rules.unsure,
			known: input.known !== null,
			tokens: asked?.tokens ?? 0,
			usd: asked?.usd ?? 0,
		});
	}
	return judged;
}
