/** What the scripted model reads out of a system prompt. It looks for wording, not for one exact layout. */
export interface PromptFacts {
	business: string | null;
	/** Lines that hold a price, without bullets. */
	prices: string[];
	questions: string[];
}

/** Headings in Markdown (## X), in capitals or tags (<x>), or a line that ends in a colon. */
const HEADING = /^\s*(?:#{1,6}\s+(.+?)|<([\w-]+)[^>]*>|([^.?!:]{3,60}):)\s*$/;
const QUESTION_HEADING = /qualifica|perguntas|questions/i;
const BUSINESS_LINE =
	/^\W*(?:nome (?:da empresa|do neg[oó]cio)|empresa|neg[oó]cio|business(?: name)?)\W*:\W*(.{2,80}?)\W*$/im;
const PRICE = /R\$\s?\d/;
/** A rule about prices is not an offer. */
const RULE = /\b(nunca|n[aã]o|jamais|never|proibid[oa])\b/i;

export function readPromptFacts(system: string): PromptFacts {
	const lines = system.split('\n');
	return {
		business: BUSINESS_LINE.exec(system)?.[1]?.trim() ?? null,
		prices: lines.filter((line) => PRICE.test(line) && !RULE.test(line)).map(plain),
		questions: questionsOf(lines),
	};
}

/** The lines under the heading of the qualification questions; without one, no question at all. */
function questionsOf(lines: string[]): string[] {
	const questions: string[] = [];
	let inside = false;
	for (const line of lines) {
		const heading = HEADING.exec(line);
		if (heading) inside = QUESTION_HEADING.test(heading[1] ?? heading[2] ?? heading[3] ?? '');
		else if (inside && line.includes('?')) questions.push(plain(line.slice(0, line.lastIndexOf('?') + 1)));
	}
	return questions;
}

/** Without bullets, numbers, emphasis and quotes around it. */
function plain(line: string): string {
	return line
		.replace(/^[\s>|*-]*(?:\d+[.)]\s*)?(?:\[[^\]]*\]\s*)?/, '')
		.replace(/\*\*|[`"]/g, '')
		.replace(/\s*\|\s*$/, '')
		.trim();
}

/** Words that carry meaning: lower case, without accents, four letters or more. */
export function words(text: string): Set<string> {
	const bare = text
		.normalize('NFD')
		.replace(/\p{Diacritic}/gu, '')
		.toLowerCase();
	return new Set(bare.match(/[a-z0-9]{4,}/g)?.filter((word) => !COMMON.has(word)) ?? []);
}

const COMMON = new Set(
	'quero saber qual quais quanto custa preco valor para minha meu voces sobre gostaria favor obrigado pedido'.split(
		' ',
	),
);

/** The lines that share most words with the text; the first line where none shares any. */
export function bestLines(lines: string[], text: string, most: number): string[] {
	const asked = words(text);
	const score = (line: string): number => [...words(line)].filter((word) => asked.has(word)).length;
	const top = Math.max(0, ...lines.map(score));
	if (top === 0) return lines.slice(0, most);
	return lines.filter((line) => score(line) === top).slice(0, most);
}
