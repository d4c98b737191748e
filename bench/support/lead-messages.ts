import { generate } from '../../eval/leads/grammar/generate';

/** Any seed would do; this one is not that of the evaluation. */
const SEED = 7;
/** Coprime to the number of messages: a walk in such steps visits each, and mixes the classes as a day does. */
const STEP = 271;

/** Synthetic messages of all classes, typos and slang included, in an order that does not change. */
export function leadMessages(): string[] {
	const texts = generate(SEED).map(({ text }) => text);
	return texts.map((_, n) => texts[(n * STEP) % texts.length]);
}
