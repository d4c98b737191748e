import type { Random } from './random';

/** How people write in a hurry: each with the share of messages it happens to. */
const ABBREVIATIONS: ReadonlyArray<[RegExp, string]> = [
	[/(?<!\p{L})vocês(?!\p{L})/giu, 'vcs'],
	[/(?<!\p{L})você(?!\p{L})/giu, 'vc'],
	[/(?<!\p{L})hoje(?!\p{L})/giu, 'hj'],
	[/(?<!\p{L})quanto(?!\p{L})/giu, 'qto'],
	[/(?<!\p{L})também(?!\p{L})/giu, 'tbm'],
	[/(?<!\p{L})por favor(?!\p{L})/giu, 'pfv'],
	[/(?<!\p{L})para(?!\p{L})/giu, 'pra'],
	[/(?<!\p{L})que(?!\p{L})/giu, 'q'],
	[/(?<!\p{L})quando(?!\p{L})/giu, 'qdo'],
	[/(?<!\p{L})mensagem(?!\p{L})/giu, 'msg'],
	[/(?<!\p{L})obrigado(?!\p{L})/giu, 'obg'],
	[/(?<!\p{L})não(?!\p{L})/giu, 'n'],
];
const EMOJI = ['😊', '🙏', '😂', '👍', '😅', '❤️', '🙌', '🤔'];

const withoutAccents = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '');

/** One letter of one long word swapped, lost or doubled. */
function withTypo(text: string, random: Random): string {
	const long = [...text.matchAll(/\p{L}{6,}/gu)].filter((match) => !/https?|www/.test(match[0]));
	if (long.length === 0) return text;
	const { 0: word, index } = random.pick(long);
	const at = 1 + Math.floor(random.next() * (word.length - 3));
	const kinds = [
		() => word.slice(0, at) + word[at + 1] + word[at] + word.slice(at + 2),
		() => word.slice(0, at) + word.slice(at + 1),
		() => word.slice(0, at) + word[at] + word.slice(at),
	];
	return text.slice(0, index) + random.pick(kinds)() + text.slice(index + word.length);
}

const stretched = (text: string, random: Random): string =>
	text.replace(/([aeiou])(?=[\s!?.,]|$)/iu, (vowel) => vowel.repeat(2 + Math.floor(random.next() * 4)));

/** The message as somebody may have typed it. */
export function withNoise(text: string, random: Random): string {
	let noisy = text;
	if (random.chance(0.3)) {
		for (const [long, short] of ABBREVIATIONS) if (random.chance(0.6)) noisy = noisy.replace(long, short);
	}
	if (random.chance(0.35)) noisy = withoutAccents(noisy);
	if (random.chance(0.35)) noisy = noisy.toLowerCase();
	if (random.chance(0.15)) noisy = withTypo(noisy, random);
	if (random.chance(0.08)) noisy = stretched(noisy, random);
	if (random.chance(0.15)) noisy = `${noisy} ${random.pick(EMOJI)}`;
	if (random.chance(0.25)) noisy = noisy.replace(/[.,!?]/gu, '');
	if (random.chance(0.04) && !/https?:|www|t\.me|wa\.me/.test(noisy)) noisy = noisy.toUpperCase();
	return noisy.trim();
}
