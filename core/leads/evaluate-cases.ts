import type { Database } from '../database';
import { FactoryError } from '../errors';
import { readMeasures } from './classify-text';
import { EVALUATION_LIMIT } from './defaults';
import { parseCases, type BadLine } from './evaluation/cases';
import { evaluate, type Evaluation, type Judged } from './evaluation/metrics';
import { judgeLeads, type ClassifyPorts } from './judge';

export interface CaseEvaluation extends Evaluation {
	/** Cases that could not be read, by their place from 1. */
	bad: BadLine[];
	personaVersion: number | null;
}

/**
 * Measures the classifier on a tenant's own labelled messages, by its persona and settings; nothing is stored. Without `askModel` the
 * rules answer alone and `llmShare` says where they would have asked.
 */
export async function evaluateCases(
	database: Database,
	tenantId: string,
	given: readonly unknown[],
	ports: ClassifyPorts,
	{ askModel = false }: { askModel?: boolean } = {},
): Promise<CaseEvaluation> {
	if (given.length > EVALUATION_LIMIT) {
		throw new FactoryError(
			'VALUE_REFUSED',
			`${given.length} messages are too many for one evaluation; ${EVALUATION_LIMIT} fit. Take a sample.`,
			{ item: 'cases' },
		);
	}
	const { cases, bad } = parseCases(given.map((line) => JSON.stringify(line)).join('\n'));
	if (cases.length === 0) {
		const first = bad[0] ? ` The first: ${bad[0].reason}.` : '';
		throw new FactoryError('VALUE_REFUSED', `No message could be read. Give items with text and label.${first}`, {
			item: 'cases',
		});
	}
	const { persona, settings } = await readMeasures(database, tenantId);
	const judged = await judgeLeads(
		cases.map(({ input }) => ({ input, persona, settings, previous: null, mayAsk: askModel })),
		ports,
	);
	const results = cases.map(({ label, input }, n): Judged => {
		const lead = judged[n];
		if (lead instanceof Error) throw lead;
		const { verdict, rules, usage } = lead;
		return {
			label,
			predicted: verdict.classification,
			score: verdict.score,
			confidence: verdict.confidence,
			unsure: rules?.unsure ?? false,
			known: input.known !== null,
			tokens: usage.reduce((sum, { inputTokens, outputTokens }) => sum + (inputTokens ?? 0) + (outputTokens ?? 0), 0),
			usd: usage.reduce((sum, { costUsd }) => sum + (costUsd ?? 0), 0),
		};
	});
	return { ...evaluate(results), bad, personaVersion: persona?.version ?? null };
}
