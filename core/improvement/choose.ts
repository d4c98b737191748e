import { z } from 'zod/v4';
import { isFactoryError } from '../errors';
import type { LlmPort, LlmUsage } from '../llm';
import { CHOICE_CALL, MAX_OPERATIONS } from './defaults';
import type { Offer } from './offers';
import { describeEvidence, describeOperation } from './texts';

/** All that a model may say of a suggestion: numbers of a list that code made. */
const choiceSchema = z.strictObject({ operations: z.array(z.int()).describe('Numbers of the operations to propose.') });

const INSTRUCTIONS = `You choose which changes to try together on a lead classifier or on a sales agent. Below is a numbered list of changes,
each with the figures that speak for it. Answer with the numbers of those that belong together and have the clearest evidence, at most ${MAX_OPERATIONS}.
Prefer few. Every change is tested on held-back data before anybody meets it.`;

export interface Choice {
	/** Indexes into the offers; null: no usable answer, the strongest are taken. */
	chosen: number[] | null;
	usage: LlmUsage[];
	error: string | null;
}

/** Lets a model choose among offers. Whatever it answers, only offers come out; without an answer the caller's order stands. */
export async function chooseAmong(offers: readonly Offer[], model: { llm: LlmPort; model: string }): Promise<Choice> {
	const list = offers.map(
		({ operation, evidence }, index) =>
			`${index + 1}. ${describeOperation(operation, 'en')} ${describeEvidence(evidence, 'en')}`,
	);
	try {
		const { output, usage } = await model.llm.generate({
			model: model.model,
			system: [{ text: INSTRUCTIONS }],
			messages: [{ role: 'user', content: list.join('\n') }],
			schema: choiceSchema,
			schemaName: 'operation_choice',
			...CHOICE_CALL,
		});
		const chosen = [...new Set(output.operations)].filter((n) => n >= 1 && n <= offers.length).map((n) => n - 1);
		return { chosen: chosen.length > 0 ? chosen : null, usage: [usage], error: null };
	} catch (error) {
		// Whatever it was: the strongest offers are as good a proposal, and the code says why nobody chose.
		if (!isFactoryError(error)) return { chosen: null, usage: [], error: 'INTERNAL' };
		const usage = (error.details as { usage?: LlmUsage } | undefined)?.usage;
		return { chosen: null, usage: usage ? [usage] : [], error: error.code };
	}
}
