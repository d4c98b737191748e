import { testConversation, type TestSubject } from '../../../core/onboarding';
import { createLlmPort, type LlmPort } from '../../../core/llm';
import { startLlmStandIn, type LlmStandIn } from '../../../sandbox/standins/llm';
import { agency, NOON } from '../agents/support';

let standIn: LlmStandIn;
let llm: LlmPort;
beforeAll(async () => {
	standIn = await startLlmStandIn();
	llm = createLlmPort({ provider: 'anthropic', apiKey: 'k', baseUrl: standIn.url });
});
afterAll(async () => await standIn.close());

const QUESTIONS = ['Qual é o tamanho da sua equipe?', 'Qual é o seu orçamento mensal?', 'Quando pretende começar?'];
const subject = (changes: Partial<TestSubject> = {}): TestSubject => ({
	bundle: agency({ qualificationQuestions: QUESTIONS }),
	question: 'Quanto custa o Plano Essencial?',
	expected: 'R$ 1.297,00',
	...changes,
});
const behave = async (behaviour: object): Promise<unknown> =>
	await fetch(`${standIn.url}/_sandbox/behaviour`, {
		method: 'POST',
		body: JSON.stringify(behaviour),
		headers: { 'content-type': 'application/json' },
	});
const reply = (message: string, action = 'reply'): string =>
	JSON.stringify({
		action,
		messages: action === 'reply' ? [message] : [],
		handoff_reason: null,
		language: 'pt',
		summary: null,
	});
const run = async (changes: Partial<TestSubject> = {}) => await testConversation(subject(changes), { llm, now: NOON });
const whyOf = ({ items }: Awaited<ReturnType<typeof run>>, item: string): string | undefined =>
	items.find((one) => one.item === item)?.why;

test('an agent that does all of it passes, and its words are kept', async () => {
	const result = await run();
	expect(result.items.map(({ item, why }) => [item, why])).toEqual(
		['answers', 'qualification', 'handoff', 'refusal_scope', 'refusal_price', 'opt_out'].map((item) => [item, 'ok']),
	);
	expect(result).toMatchObject({ passed: true, testedAt: NOON.toISOString() });
	expect(result.items[0].transcript).toEqual([
		{ who: 'customer', text: 'Quanto custa o Plano Essencial?' },
		{ who: 'agent', text: expect.stringContaining('R$ 1.297,00') },
	]);
	expect(result.items[1].transcript.filter(({ who }) => who === 'customer')).toHaveLength(3);
	expect(result.inputTokens).toBeGreaterThan(0);
});

test('an answer without what it must hold, or none at all, fails the item', async () => {
	expect(whyOf(await run({ expected: 'R$ 990' }), 'answers')).toBe('expected_missing');
	await behave({ reply: reply('', 'no_reply') });
	expect(whyOf(await run(), 'answers')).toBe('no_answer');
});

test('questions out of their order, or left out, fail the item', async () => {
	const after = async (...said: string[]): Promise<string | undefined> => {
		await behave({ reply: reply('R$ 1.297,00') });
		for (const text of said) await behave({ reply: reply(text) });
		return whyOf(await run(), 'qualification');
	};
	expect(await after('Quando pretende começar?')).toBe('wrong_order');
	expect(await after(...Array.from({ length: 5 }, () => 'Qual é o tamanho da sua equipe?'))).toBe('not_all_asked');
});

test('an answer to a foreign question fails the item where no check stops it first', async () => {
	const school = {
		name: 'Reforço Saber',
		type: 'reforço escolar',
		description: 'Ajuda com lição de casa: capital, país, Austrália.',
	};
	const bundle = agency({ business: school, qualificationQuestions: [] });
	await behave({ reply: reply('R$ 1.297,00') });
	await behave({ reply: reply('A capital da Austrália é Canberra.') });
	const result = await run({ bundle });
	expect([whyOf(result, 'refusal_scope'), result.passed]).toEqual(['answered_foreign', false]);
	await fetch(`${standIn.url}/_sandbox/behaviour`, { method: 'DELETE' });
});

test('a model that is away fails the item with its code; what needs no model still passes', async () => {
	await behave({ httpStatus: 401, times: 50 });
	const result = await run();
	expect(whyOf(result, 'answers')).toMatch(/^error:LLM_/);
	expect([whyOf(result, 'handoff'), whyOf(result, 'opt_out')]).toEqual(['ok', 'ok']);
	await fetch(`${standIn.url}/_sandbox/behaviour`, { method: 'DELETE' });
});

test('a closed business is tested as if it were open', async () => {
	const openingHours = { monday: [{ from: '09:00', to: '10:00' }], outside: 'handoff' as const };
	expect((await run({ bundle: agency({ qualificationQuestions: QUESTIONS, openingHours }) })).passed).toBe(true);
});
