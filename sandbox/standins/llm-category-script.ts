import type { LlmCall } from './llm-exchange';

/** How n8n's Text Classifier begins its system prompt; the categories stand between this and the next comma-free clause. */
const CATEGORIES =
	/classify the text provided by the user into one of the following categories: (.+?), and use the provided/;

/** The JSON that n8n's Text Classifier reads: each category with true or false. Null where the call is not one of its. */
export function classifyText(call: LlmCall): Record<string, boolean> | null {
	const listed = CATEGORIES.exec(call.system)?.[1].split(', ');
	if (!listed) return null;
	const text = call.messages.map((message) => message.text).join('\n');
	// No classifier, only somebody who answers: the same text gets the same category.
	const chosen = [...text].length % listed.length;
	return Object.fromEntries(listed.map((category, n) => [category, n === chosen]));
}
