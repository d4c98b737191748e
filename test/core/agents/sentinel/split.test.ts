import { boundMessages, fits, splitText } from '../../../../core/agents/sentinel/text/split';

const instagram = { maxCharacters: 4_096, channel: 'instagram' } as const;
const short = (maxCharacters: number) => ({ maxCharacters, channel: 'whatsapp' }) as const;

test('breaks at paragraphs first, then at sentences, then at words', () => {
	expect(splitText('Primeiro parágrafo aqui.\n\nSegundo parágrafo aqui.', short(30))).toEqual([
		'Primeiro parágrafo aqui.',
		'Segundo parágrafo aqui.',
	]);
	expect(splitText('Uma frase curta. Outra frase curta.', short(20))).toEqual([
		'Uma frase curta.',
		'Outra frase curta.',
	]);
	expect(splitText('palavras sem ponto algum aqui', short(15))).toEqual(['palavras sem', 'ponto algum', 'aqui']);
});

test('loses no word and every part fits', () => {
	const text = 'Olá, tudo bem? Aqui vão os detalhes do plano, com ação e emoção. '.repeat(80).trim();
	const parts = splitText(text, instagram);
	expect(parts.every((part) => fits(part, instagram))).toBe(true);
	expect(parts.join(' ')).toBe(text);
});

test('never cuts an emoji in half', () => {
	const parts = splitText('😀'.repeat(600), instagram);
	expect(parts.join('')).toBe('😀'.repeat(600));
	expect(parts.every((part) => !/[\uD800-\uDFFF]/u.test(part))).toBe(true);
});

test('joins short messages before it drops any', () => {
	expect(boundMessages(['a', 'b', 'c'], 2, short(80))).toEqual(['a\n\nb', 'c']);
	expect(boundMessages(['a'.repeat(50), 'b'.repeat(50), 'c'.repeat(50)], 2, short(80))).toEqual([
		'a'.repeat(50),
		'b'.repeat(50),
	]);
	expect(boundMessages(['a'], 3, short(80))).toEqual(['a']);
});
