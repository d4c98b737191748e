import { readCost } from '../../../core/crm/imports/costs';
import { readCsv } from '../../../core/crm/imports/csv';
import { fillIn } from '../../../core/crm/campaigns/follow-ups';
import { importKey, readFormLead, type FormLead } from '../../../core/crm/imports/form-lead';
import { isLeadKey } from '../../../core/crm/imports/google';
import { metaFields } from '../../../core/crm/imports/meta-lead';
import { isYes, normaliseEmail, normalisePhone } from '../../../core/crm/imports/normalise';

test.each([
	['+55 11 98765-4321', '5511987654321'],
	['(11) 98765-4321', '5511987654321'],
	['011 98765-4321', '5511987654321'],
	['0055 11 3333-4444', '551133334444'],
	['p:+5511987654321', '5511987654321'],
	["'5511987654321", '5511987654321'],
	['+1 (415) 555-0100', '14155550100'],
	['+351 912 345 678', '351912345678'],
	['12345', null],
	['+55 11 1234', null],
	['55 01 98765-4321', null],
	['liga pra mim', null],
	['', null],
])('a phone written %s is %s', (written, phone) => expect(normalisePhone(written)).toBe(phone));

test.each([
	[' Ana@Example.com ', 'ana@example.com'],
	['ana@example', null],
	['a b@c.de', null],
])('an e-mail written %s is %s', (written, email) => expect(normaliseEmail(written)).toBe(email));

test('boxes are ticked in many ways', () => {
	expect(['Sim', 'x', 'TRUE', '1', 'Aceito'].map(isYes)).toEqual([true, true, true, true, true]);
	expect(['não', '', 'no', '0', 'talvez'].map(isYes)).toEqual([false, false, false, false, false]);
});

test("Meta's field data, custom questions and boxes", () => {
	const lead = readFormLead(
		metaFields({
			id: '1',
			created_time: '2026-11-20T10:00:00+0000',
			ad_id: '7',
			campaign_id: '9',
			form_id: '5',
			field_data: [
				{ name: 'full_name', values: ['Ana Souza'] },
				{ name: 'phone_number', values: ['+5511987654321'] },
				{ name: 'qual_produto?', values: ['plano a', 'plano b'] },
			],
			custom_disclaimer_responses: [{ checkbox_key: 'aceito_ofertas', is_checked: '1' }],
		}),
		{ marketingField: 'aceito_ofertas' },
	);
	expect(lead).toEqual({
		...{ fullName: 'Ana Souza', phone: '5511987654321', email: null, externalId: null },
		...{ occurredAt: '2026-11-20T10:00:00.000Z', marketing: true },
		referral: { ad_id: '7', campaign_id: '9', form_id: '5' },
		answers: { 'qual_produto?': 'plano a, plano b' },
	});
});

test.each([
	[[['Telefone', '1']], 'phone_invalid'],
	[[['E-mail', 'nada']], 'email_invalid'],
	[[['Nome', 'Ana']], 'no_phone_or_email'],
	[
		[
			['email', 'a@b.co'],
			['Data', '31/31/2026'],
		],
		'date_invalid',
	],
] as Array<[Array<[string, string]>, string]>)('%j is broken: %s', (fields, reason) =>
	expect(readFormLead(fields)).toBe(reason),
);

test('without an id of the platform the phone tells leads apart, else the e-mail', () => {
	const lead = (fields: Array<[string, string]>): FormLead => readFormLead(fields) as FormLead;
	expect(
		importKey(
			lead([
				['lead_id', 'l:123'],
				['phone', '11987654321'],
			]),
		),
	).toBe('123');
	expect(importKey(lead([['phone', '(11) 98765-4321']]))).toBe(
		importKey(
			lead([
				['whatsapp', '+5511987654321'],
				['nome', 'x'],
			]),
		),
	);
	expect(importKey(lead([['email', 'a@b.co']]))).toMatch(/^h:[0-9a-f]{64}$/);
});

describe('a CSV file', () => {
	const cells = (text: string | Buffer) =>
		readCsv(Buffer.from(text as string)).rows.map(({ line, fields }) => [line, ...fields.map(([, value]) => value)]);

	test.each([
		['comma', 'nome,telefone\nAna,11987654321\n'],
		['semicolon and CRLF', 'nome;telefone\r\nAna;11987654321\r\n'],
		['tab', 'nome\ttelefone\nAna\t11987654321'],
		['byte order mark', '\uFEFFnome;telefone\nAna;11987654321'],
		['quotes around everything', '"nome";"telefone"\n"Ana";"11987654321"'],
	])('with %s is read', (_, text) => expect(cells(text)).toEqual([[2, 'Ana', '11987654321']]));

	test("in Meta's UTF-16 and in old Excel's latin1", () => {
		const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('nome\ttelefone\nJoão\t1', 'utf16le')]);
		expect(readCsv(utf16).rows[0].fields[0]).toEqual(['nome', 'João']);
		expect(readCsv(Buffer.from('nome;telefone\nJoão;1', 'latin1')).rows[0].fields[0]).toEqual(['nome', 'João']);
	});

	test('counts lines as an editor does, through quoted line breaks and empty lines', () => {
		expect(cells('nome,nota\n"Ana","a\nb"\n\nRui,x\n').map(([line]) => line)).toEqual([3, 5]);
	});

	test('that is none, is empty or too long is refused', () => {
		expect(() => cells('nome\n"aberto')).toThrow(expect.objectContaining({ code: 'IMPORT_UNREADABLE' }));
		expect(() => cells('nome\n')).toThrow(expect.objectContaining({ code: 'IMPORT_UNREADABLE' }));
		expect(() => cells(`nome\n${'a\n'.repeat(5_001)}`)).toThrow(expect.objectContaining({ code: 'IMPORT_TOO_LARGE' }));
		expect(() => readCsv(Buffer.alloc(5_000_001))).toThrow(expect.objectContaining({ code: 'IMPORT_TOO_LARGE' }));
	});
});

test.each([
	['1.234,56', 1234.56],
	['1,234.56', 1234.56],
	['R$ 10', 10],
	['10.5', 10.5],
	['1.234', 1234],
	['-3', 'spend_invalid'],
	['muito', 'spend_invalid'],
])('a cost of %s is %s', (spend, expected) => {
	const cost = readCost(
		[
			['Campaign ID', 'c1'],
			['Dia', '20/11/2026'],
			['Valor usado', spend],
		],
		{ platform: 'facebook', currency: 'brl' },
	);
	expect(typeof cost === 'string' ? cost : cost.spend).toBe(expected);
	if (typeof cost !== 'string') expect(cost).toMatchObject({ day: '2026-11-20', currency: 'BRL' });
});

test("Google's key is compared whole", () => {
	expect(isLeadKey('abc', 'abc')).toBe(true);
	expect(['ab', 'abcd', '', 'abd'].map((given) => isLeadKey(given, 'abc'))).toEqual([false, false, false, false]);
	expect(isLeadKey('', '')).toBe(false);
});

test('a follow-up is filled in with what is known, or not sent', () => {
	const facts = { leadName: 'Ana Souza', company: 'Loja' };
	expect(fillIn('Oi {{lead_name}}, aqui é da {{company}}', facts)).toBe('Oi Ana, aqui é da Loja');
	expect(fillIn('Oi {{lead_name}}', { ...facts, leadName: '😀 <b>' })).toBe('Oi cliente');
	expect(fillIn('custa {{value}}', facts)).toBeNull();
});
