// The package's own types are those of an ES module, which TypeScript refuses to require; its CommonJS build is what runs.
declare module '@orama/stemmers/portuguese' {
	export function stemmer(word: string): string;
}
declare module '@orama/stemmers/english' {
	export function stemmer(word: string): string;
}
declare module '@orama/stemmers/spanish' {
	export function stemmer(word: string): string;
}
