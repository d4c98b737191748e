/** Scores by ISO 639-1 code, best first; empty when nothing was recognised. */
export type LanguageDetector = (text: string) => Array<{ language: string; score: number }>;

interface EldModule {
	eld: { detect(text: string): { language: string; getScores(): Record<string, number> } };
}

let loading: Promise<LanguageDetector> | undefined;

async function load(): Promise<LanguageDetector> {
	// eld is an ES module with half a second of tables: loaded when the first reply is checked, not when n8n loads the nodes.
	const { eld } = (await import('eld/small')) as EldModule;
	return (text) =>
		Object.entries(eld.detect(text).getScores())
			.map(([language, score]) => ({ language, score }))
			.sort((a, b) => b.score - a.score);
}

/** Loads the language detector once per process. A failed load is tried again by the next call. */
export function loadLanguageDetector(): Promise<LanguageDetector> {
	loading ??= load().catch((error: unknown) => {
		loading = undefined;
		throw error;
	});
	return loading;
}
