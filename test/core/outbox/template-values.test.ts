import { fillTemplate, type FillableTemplate, type TemplateValues } from '../../../core/outbox/template-values';

const template = (changes: Partial<FillableTemplate> = {}): FillableTemplate => ({
	name: 'oferta',
	content: 'Oi {{lead_name}}, custa {{value}}.',
	parameter_format: null,
	components: [],
	meta_components: [],
	...changes,
});
const POSITIONAL = template({ content: 'Em {{2}}, oi {{1}}' });

test('named values carry their names, places their order, and the history reads the whole', () => {
	expect(fillTemplate(template(), { values: { value: 'R$ 1', lead_name: 'Ana' } })).toEqual({
		components: [
			{
				type: 'body',
				parameters: [
					{ type: 'text', text: 'Ana', parameter_name: 'lead_name' },
					{ type: 'text', text: 'R$ 1', parameter_name: 'value' },
				],
			},
		],
		text: 'Oi Ana, custa R$ 1.',
	});
	expect(fillTemplate(POSITIONAL, { parameters: ['Ana', 'maio'] })).toEqual({
		components: [
			{
				type: 'body',
				parameters: [
					{ type: 'text', text: 'Ana' },
					{ type: 'text', text: 'maio' },
				],
			},
		],
		text: 'Em maio, oi Ana',
	});
});

test('a head and a button take their values', () => {
	const rich = template({
		content: 'Oi',
		meta_components: [
			{ type: 'HEADER', format: 'IMAGE' },
			{ type: 'BODY', text: 'Oi' },
			{ type: 'BUTTONS', buttons: [{ type: 'QUICK_REPLY' }, { type: 'URL', url: 'https://x.test/{{1}}' }] },
		],
	});
	expect(fillTemplate(rich, { header: 'https://x.test/a.jpg', button: 'p1' }).components).toEqual([
		{ type: 'header', parameters: [{ type: 'image', image: { link: 'https://x.test/a.jpg' } }] },
		{ type: 'button', sub_type: 'url', index: '1', parameters: [{ type: 'text', text: 'p1' }] },
	]);
	expect(() => fillTemplate(rich, { button: 'p1' })).toThrow('needs a header (image)');
	expect(() => fillTemplate(rich, { header: 'https://x.test/a.jpg' })).toThrow('behind its button');
});

test('ready components leave as they are where no value is given', () => {
	const ready = template({ components: [{ type: 'body', parameters: [] }] });
	expect(fillTemplate(ready, {}).components).toEqual(ready.components);
});

test.each<[string, FillableTemplate, TemplateValues, string]>([
	['a missing one', template(), { values: { lead_name: 'Ana' } }, 'needs a value for {{value}}'],
	['all missing', POSITIONAL, {}, 'needs a value for {{2}}, {{1}}'],
	['an unknown one', POSITIONAL, { parameters: ['a', 'b', 'c'] }, 'has no variable {{3}}; it has {{2}}, {{1}}'],
	['one too many', template({ content: 'Oi' }), { parameters: ['a'] }, 'it has none'],
	['an empty one', POSITIONAL, { parameters: ['a', ' '] }, 'empty value for {{2}}'],
	['a line break', POSITIONAL, { parameters: ['a\nb', 'c'] }, 'line break'],
	['a tab', POSITIONAL, { parameters: ['a\tb', 'c'] }, 'line break'],
	['four spaces', POSITIONAL, { parameters: ['a    b', 'c'] }, 'four spaces'],
	['a header that it has not', POSITIONAL, { parameters: ['a', 'b'], header: 'x' }, 'nothing to fill in its header'],
])('values with %s are refused with the name of what is wrong', (_what, of, given, message) => {
	expect(() => fillTemplate(of, given)).toThrow(
		expect.objectContaining({ code: 'TEMPLATE_VALUES_WRONG', message: expect.stringContaining(message) }),
	);
});
