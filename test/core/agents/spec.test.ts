import { agentSpecJsonSchema, parseAgentSpec } from '../../../core/agents';
import { type FactoryError } from '../../../core/errors';
import { agencySpec } from './support';

const failure = (input: unknown): FactoryError => {
	try {
		parseAgentSpec(input);
	} catch (error) {
		return error as FactoryError;
	}
	throw new Error('the spec was accepted');
};

test('fills every default in Brazilian Portuguese', () => {
	const spec = parseAgentSpec({
		identity: { name: 'Bia' },
		business: { name: 'X', type: 'loja', description: 'Vende.' },
	});
	expect(spec).toMatchObject({
		language: 'pt-BR',
		timeZone: 'America/Sao_Paulo',
		identity: { disclosesAutomation: true },
		limits: { maxMessages: 2, debounceSeconds: 4, debounceMaxSeconds: 20, dailyReplies: null },
		model: { provider: 'anthropic', api: 'responses' },
		openingHours: { monday: [], outside: 'answer' },
		plugins: {},
	});
	expect(spec.optOut.words).toEqual(expect.arrayContaining(['PARAR', 'SAIR', 'STOP', 'CANCELAR', 'DESCADASTRAR']));
	expect(spec.handoff.message).toMatch(/pessoa da equipe/);
});

test.each([
	['en', /team/],
	['es', /equipo/],
] as const)('fills the texts of an agent in "%s" in that language', (language, pattern) => {
	const spec = parseAgentSpec({ ...agencySpec({ language }), handoff: { when: ['x'] } });
	for (const text of [
		spec.handoff.message,
		spec.handoff.apology,
		spec.openingHours.outsideMessage,
		spec.optOut.confirmation,
	])
		expect(text).toMatch(pattern);
	expect(spec.handoff.when).toEqual(['x']);
});

test('a checked spec is accepted again unchanged', () => {
	const spec = parseAgentSpec(agencySpec());
	expect(parseAgentSpec(spec)).toEqual(spec);
});

test.each([
	['identity', {}, 'identity.name'],
	['identity', undefined, 'identity'],
	['language', 'fr', 'language'],
	['timeZone', 'Brasil/Sao_Paulo', 'timeZone'],
	['limits', { maxMessages: 4 }, 'limits.maxMessages'],
	['limits', { maxMessages: 0 }, 'limits.maxMessages'],
	['limits', { maxCharacters: 4_097 }, 'limits.maxCharacters'],
	['limits', { debounceSeconds: -1 }, 'limits.debounceSeconds'],
	['limits', { debounceSeconds: 30, debounceMaxSeconds: 10 }, 'limits.debounceMaxSeconds'],
	['limits', { dailyReplies: 0 }, 'limits.dailyReplies'],
	['openingHours', { monday: [{ from: '9:00', to: '18:00' }] }, 'openingHours.monday[0].from'],
	['openingHours', { monday: [{ from: '09:00', to: '09:00' }] }, 'openingHours.monday[0]'],
	['openingHours', { outside: 'sleep' }, 'openingHours.outside'],
	['model', { provider: 'other' }, 'model.provider'],
	['allowedLinks', ['ok.com.br', 'not a link'], 'allowedLinks[1]'],
	['allowedLinks', ['javascript:alert(1)'], 'allowedLinks[0]'],
	['forbiddenPhrases', Array.from({ length: 201 }, (_, index) => `f${index}`), 'forbiddenPhrases'],
	['optOut', { words: [] }, 'optOut.words'],
	['optOut', { words: ['!!!'] }, 'optOut.words[0]'],
	[
		'documents',
		[
			{ title: 'A', content: 'x' },
			{ title: 'A', content: 'y' },
		],
		'documents',
	],
	['documents', [{ title: 'A', content: 'a\u0000b' }], 'documents[0].content'],
	['plugins', { 'Google Calendar': { enabled: true } }, 'plugins.Google Calendar'],
	['goals', [], 'goals'],
	['nonsense', 1, 'nonsense'],
])('refuses %s = %j and names %s', (field, value, path) => {
	const error = failure({ ...agencySpec(), [field]: value });
	expect(error).toMatchObject({ code: 'SPEC_INVALID', item: path, retryable: false });
	expect(error.message).toContain(path);
	expect((error.details as { issues: Array<{ path: string }> }).issues[0].path).toBe(path);
});

test.each([null, undefined, 'text', 1, []])('refuses %j as a spec', (input) => {
	expect(failure(input)).toMatchObject({ code: 'SPEC_INVALID', item: '(the spec itself)' });
});

test('lists every wrong field', () => {
	const { details } = failure({ ...agencySpec(), tone: '', language: 'xx' });
	expect((details as { issues: Array<{ path: string }> }).issues.map(({ path }) => path)).toEqual(['tone', 'language']);
});

test('the JSON Schema describes every field', () => {
	const undescribed: string[] = [];
	const visit = (schema: Record<string, any>, path: string) => {
		for (const [name, field] of Object.entries<Record<string, any>>(schema.properties ?? {})) {
			if (typeof field.description !== 'string') undescribed.push(`${path}${name}`);
			visit(field, `${path}${name}.`);
			if (field.items) visit(field.items, `${path}${name}[].`);
		}
	};
	const schema = agentSpecJsonSchema();
	visit(schema, '');
	expect(undescribed).toEqual([]);
	expect(schema).toMatchObject({ type: 'object', additionalProperties: false, required: ['identity', 'business'] });
});
