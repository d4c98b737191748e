import { tryToParseJsonToFormFields } from 'n8n-workflow';
import { FIELDS, PAGES } from '../../../core/onboarding';
import { asTyped, formPage } from '../../../core/onboarding/forms';

const typed = 'R$ 1 $& "aspas" \\ {{ $json }}\nlinha 2 <b>';

describe.each(PAGES)('the page %s', (page) => {
	const answers = Object.fromEntries(FIELDS.map(({ key }) => [key, typed]));
	const issues = FIELDS.map(({ key }) => ({ field: key, message: 'errado <script>' })).slice(0, 200);
	const { fields } = formPage(page, { code: 'c', answers, issues, language: 'pt-BR', person: 'Ana "A"' });

	test("is taken by n8n's form as it is, and shows what was typed again as it was typed", () => {
		// n8n puts the text into its own with String.replace, which knows $ signs.
		const shown = tryToParseJsonToFormFields('{{ x }}'.replace('{{ x }}', fields)) as Array<Record<string, unknown>>;
		const own = FIELDS.filter((field) => field.page === page);
		expect(shown.map(({ fieldName }) => fieldName)).toEqual(
			expect.arrayContaining([...own.map(({ key }) => key), 'page', 'code', 'language', 'person']),
		);
		for (const { key, type } of own) {
			const field = shown.find(({ fieldName }) => fieldName === key)!;
			if (type !== 'file' && type !== 'password') expect(asTyped(field.defaultValue)).toBe(typed);
			else expect(field.defaultValue).toBeUndefined();
			expect(shown[shown.indexOf(field) + 1]).toMatchObject({
				fieldType: 'html',
				html: expect.stringContaining('&lt;script&gt;'),
			});
		}
	});
});
