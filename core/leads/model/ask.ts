import { isFactoryError } from '../../errors';
import type { LlmPort, LlmUsage } from '../../llm';
import { modelRequest, type ModelQuestion } from './request';
import { answersByLead, type ModelAnswer } from './schema';

/** What came of one call: an answer for each lead that the model answered, what it cost, and why there is none. */
export interface ModelOutcome {
	/** By position in the question. */
	answers: Array<ModelAnswer | null>;
	usage: LlmUsage[];
	/** Code of the error that ended the call; null where it succeeded. */
	error: string | null;
}

/** Asks for several leads at once. Never throws for the model: who has no answer keeps the rules' one. */
export async function askModel(port: () => Promise<LlmPort>, question: ModelQuestion): Promise<ModelOutcome> {
	try {
		const { output, usage } = await (await port()).generate(modelRequest(question));
		const answers = answersByLead(output);
		return { answers: question.leads.map((_, index) => answers.get(index + 1) ?? null), usage: [usage], error: null };
	} catch (error) {
		// Whatever it was, a customer waits: the rules answer, and the code says why.
		if (!isFactoryError(error)) return { answers: question.leads.map(() => null), usage: [], error: 'INTERNAL' };
		const usage = (error.details as { usage?: LlmUsage } | undefined)?.usage;
		return { answers: question.leads.map(() => null), usage: usage ? [usage] : [], error: error.code };
	}
}
