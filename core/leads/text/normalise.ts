import { TEXT_BOUNDS } from '../defaults';
import { deaccent, plain, unstretched } from './fold';
import { languageOf } from './language';
import { withoutSlang } from './slang';
import { repaired } from './spelling';
import { type Language } from './stem';
import { withEmojiTokens, withTokens } from './tokens';

export interface NormalisedText {
	/** Words, tokens and `.` `,` `?`, each between single blanks, one at either end: what the rules read. */
	line: string;
	words: string[];
	language: Language;
	/** Share of capitals among the letters, 0 to 1. */
	capitals: number;
	/** Letters spelt out one by one, or digits inside words: how filters are dodged. */
	disguised: boolean;
	/** `!` and emoji. */
	shouts: number;
}

/** Of a very long text its beginning and its end: orders stand there, and the work stays bounded. */
function bounded(text: string): string {
	if (text.length <= TEXT_BOUNDS.head + TEXT_BOUNDS.tail) return text;
	return `${text.slice(0, TEXT_BOUNDS.head)}\n${text.slice(-TEXT_BOUNDS.tail)}`;
}

const SPACED_LETTERS = /(?<![\p{L}\d])(?:[\p{L}\d][ .*_-]){3,40}[\p{L}\d](?![\p{L}\d])/gu;
const LEET: Readonly<Record<string, string>> = { 0: 'o', 1: 'i', 3: 'e', 4: 'a', 5: 's', 7: 't', '@': 'a', $: 's' };
const MIXED = /(?<![\p{L}\d$@/.:-])[a-z013457@$]{3,30}(?![\p{L}\d@])/gu;
/** Letters on both sides of a digit, or a digit for a first letter: nobody types so by chance. */
const DISGUISED = /^(?:[a-z]+[013457@$]+[a-z][a-z013457@$]*|[013457]{1,2}[a-z]{3,}[013457@$]*[a-z]*)$/u;
/** "10x", "19h30", "3kg": digits with a unit are no disguise. */
const WITH_UNIT = /^\d+[a-z]{1,4}\d*$/u;

const undisguised = (text: string): string =>
	text
		.replace(SPACED_LETTERS, (spelt) => ` ${spelt.replace(/[ .*_-]/gu, '')} `)
		.replace(MIXED, (word) =>
			!DISGUISED.test(word) || WITH_UNIT.test(word) ? word : word.replace(/[013457@$]/gu, (sign) => LEET[sign]),
		);

function capitalShare(text: string): number {
	const letters = text.match(/\p{L}/gu)?.length ?? 0;
	return letters < TEXT_BOUNDS.capitalsFromLetters ? 0 : (text.match(/\p{Lu}/gu)?.length ?? 0) / letters;
}

/** Brackets such as [áudio] say how the words came, not what they say. */
const FRAME = /\[\s?(?:áudio|audio|transcrição|transcricao|voice|imagem|image|foto|vídeo|video)[^\]]{0,40}\]/giu;

export function normaliseText(raw: string): NormalisedText {
	const text = plain(bounded(raw)).replace(FRAME, ' ');
	const lower = unstretched(text.toLowerCase());
	const open = undisguised(lower);
	const tokens = deaccent(withTokens(withEmojiTokens(open)))
		.replace(/[’`´]/gu, "'")
		.replace(/[.!;:\n\r…()[\]{}|•–—]+/gu, ' . ')
		.replace(/,/gu, ' , ')
		.replace(/[?¿]+/gu, ' ? ')
		.replace(/[^\p{L}\p{N}_'.,?]+/gu, ' ');
	const parts = tokens.split(' ').filter((part) => part !== '');
	const list = parts
		.map((part) => part.replace(/^'+|'+$/gu, ''))
		.filter((part) => part !== '')
		.flatMap((part) => withoutSlang(repaired(part)).split(' '));
	const words = list.filter((part) => !/^[.,?]$/u.test(part));
	return {
		line: ` ${list.join(' ')} `,
		words,
		language: languageOf(words),
		capitals: capitalShare(text),
		disguised: open.replace(/ /gu, '') !== lower.replace(/[ ]/gu, ''),
		shouts: (text.match(/!|\p{Extended_Pictographic}/gu) ?? []).length,
	};
}
