import { WORDS_KEPT, WORD_LETTERS_KEPT } from '../defaults';

/** Words repeat: what `of` made of the latest is kept. */
export function remembered(of: (word: string) => string): (word: string) => string {
	const recent = new Map<string, string>();
	return (word) => {
		const kept = recent.get(word);
		if (kept !== undefined) return kept;
		const made = of(word);
		if (recent.size >= WORDS_KEPT) recent.clear();
		if (word.length <= WORD_LETTERS_KEPT) recent.set(word, made);
		return made;
	};
}
