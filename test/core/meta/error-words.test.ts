import { ERROR_CLASSES, graphAdvice } from '../../../core/meta';

const of = (code: number, language: 'pt-BR' | 'en', subcode: number | null = null) =>
	graphAdvice({ httpStatus: 400, code, subcode }, language);

test.each([
	[190, 'gere um novo token', 'make a new system user token'],
	[200, 'não tem permissão', 'lacks a permission'],
	[10, 'não tem permissão', 'lacks a permission'],
	[133005, 'já foi registrado com um PIN', 'The PIN is wrong'],
	[133016, 'espere 72 horas', 'wait 72 hours'],
	[133000, 'cancele o registro', 'deregister the number'],
	[131042, 'forma de pagamento', 'payment method'],
])('code %i says in both languages what to do', (code, portuguese, english) => {
	expect([of(code, 'pt-BR'), of(code, 'en')]).toEqual([
		expect.stringContaining(portuguese),
		expect.stringContaining(english),
	]);
});

test('a code that nobody knows says where to look and what to do with it', () => {
	expect(of(987_654, 'pt-BR')).toContain('abra um chamado na Meta com o código');
	expect(of(987_654, 'en')).toContain('open a ticket with Meta');
	expect(graphAdvice({ httpStatus: 500, code: 987_654 }, 'en')).toContain('not on our list');
});

test('every class of the table has its words in Portuguese', () => {
	const codes = [4, 80007, 613, 131026, 131047, 131049, 132001, 132015, 368, 131051, 131000];
	for (const code of codes) {
		expect(of(code, 'pt-BR')).not.toBe(of(code, 'en'));
		expect(Object.values(ERROR_CLASSES).map(({ advice }) => advice)).not.toContain(of(code, 'pt-BR'));
	}
});
