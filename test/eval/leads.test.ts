import { classifyByRules, evaluate, parseCases, parsePersona, type Evaluation, type Judged } from '../../core/leads';
import { FAMILIES } from '../../eval/leads/grammar/families';
import { generate, splitOfFamilies, type Generated } from '../../eval/leads/grammar/generate';
import { judge } from '../../eval/leads/judge';
import { modelOf } from '../../eval/leads/model';
import { toLine } from '../../eval/leads/report';
import { isHeldBack } from '../../eval/leads/split';
import { startLlmStandIn } from '../../sandbox/standins/llm';
import { read, readJson } from '../house/files';

const personas = Object.fromEntries(
	['agency', 'gym', 'clinic'].map((name) => [name, parsePersona(readJson(`eval/leads/personas/${name}.json`))]),
);
const personaOf = (name: string | null) => personas[name ?? ''] ?? parsePersona({});
const measured = async (lines: readonly object[]): Promise<Evaluation> => {
	const { cases, bad } = parseCases(lines.map((line) => JSON.stringify(line)).join('\n'));
	expect(bad).toEqual([]);
	return evaluate(await judge(cases, personaOf));
};

describe('the rules alone on synthetic messages of families nobody looked at', () => {
	const heldBack = generate(1).filter(({ split }) => split === 'held-back');
	test.each([
		['with the persona', heldBack],
		['with a business of which nothing is known', heldBack.map(({ persona: _, ...rest }) => rest)],
	])('%s', async (_, lines) => {
		const figures = await measured(lines);
		expect(figures.macroF1).toBeGreaterThanOrEqual(0.8);
		expect(figures.spamPrecision).toBeGreaterThanOrEqual(0.97);
		expect(figures.pessoalAnswered).toBeLessThanOrEqual(0.02);
		expect(figures.concordance).toBeGreaterThanOrEqual(0.85);
		expect(figures.llmShare).toBeLessThanOrEqual(0.35);
	});
});

test('the half of the hard cases that is only measured', async () => {
	const figures = await measured(
		read('eval/leads/hard-cases.jsonl')
			.trim()
			.split('\n')
			.map((line) => JSON.parse(line) as { text: string })
			.filter(({ text }) => isHeldBack(text)),
	);
	expect(figures.macroF1).toBeGreaterThanOrEqual(0.8);
	expect(figures.spamPrecision).toBeGreaterThanOrEqual(0.97);
	expect(figures.concordance).toBeGreaterThanOrEqual(0.85);
	expect(figures.llmShare).toBeLessThanOrEqual(0.35);
});

test('with a model it is asked of the unsure ones alone, and its tokens are counted', async () => {
	const standIn = await startLlmStandIn();
	try {
		const decideUnsure = modelOf({ ANTHROPIC_API_KEY: 'scripted', ANTHROPIC_BASE_URL: standIn.url });
		const { cases } = parseCases(
			['Quero contratar hoje, como pago?', 'to só conhecendo']
				.map((text) => JSON.stringify({ text, label: 'LEAD' }))
				.join('\n'),
		);
		const [sure, unsure] = await judge(cases, personaOf, { decideUnsure });
		expect([sure.unsure, sure.tokens]).toEqual([false, 0]);
		expect(unsure.unsure).toBe(true);
		expect(unsure.tokens).toBeGreaterThan(0);
	} finally {
		await standIn.close();
	}
	expect(modelOf({})).toBeUndefined();
});

test('no known personal contact is taken for a lead', async () => {
	const figures = await measured(
		generate(1)
			.filter(({ label }) => label === 'PESSOAL')
			.map((line) => ({ ...line, known: true })),
	);
	expect(figures).toMatchObject({ knownPessoalAnswered: 0, llmShare: 0, tokens: 0 });
});

describe('the grammar', () => {
	test('makes at least 600 messages, the same for the same seed', () => {
		expect(generate(3).length).toBeGreaterThanOrEqual(600);
		expect(generate(3)).toEqual(generate(3));
		expect(generate(3)).not.toEqual(generate(4));
	});
	test('shares no family and no template between train and held-back', () => {
		const splits = splitOfFamilies();
		const templates = new Map<string, string>();
		for (const { label, name, templates: own } of FAMILIES)
			for (const template of own) {
				const split = splits.get(`${label}/${name}`) ?? '';
				expect(templates.get(template) ?? split).toBe(split);
				templates.set(template, split);
			}
	});
	test('fills every slot', () => {
		expect(generate(5).filter(({ text }: Generated) => /[{}]|undefined/u.test(text))).toEqual([]);
	});
});

describe('a file of cases', () => {
	test('bad lines are named and left out', () => {
		const { cases, bad } = parseCases(
			['{"text":"oi","label":"lead"}', 'nonsense', '{"text":1,"label":"SPAM"}', '', '{"text":"a","label":"X"}'].join(
				'\n',
			),
		);
		expect(cases.map(({ line }) => line)).toEqual([1]);
		expect(bad.map(({ line }) => line)).toEqual([2, 3, 5]);
	});
	test('labels, known contacts and profiles come in several spellings', () => {
		const { cases } = parseCases(
			[
				{ text: 'a', label: 'lead_hot', known: true },
				{ text: 'b', label: 'LEAD', known: { contact_type: 'cliente', auto_classify_as: 'CLIENTE_VIP' } },
				{ text: 'c', label: 'SPAM', known: false, profile: { followers_count: 5, is_verified: 'yes' } },
			]
				.map((line) => JSON.stringify(line))
				.join('\n'),
		);
		expect(cases.map(({ label }) => label)).toEqual(['LEAD_HOT', 'LEAD', 'SPAM']);
		expect(cases.map(({ input }) => input.known?.autoClassifyAs)).toEqual(['PESSOAL', 'CLIENTE_VIP', undefined]);
		expect(cases[2].input.profile).toMatchObject({ followersCount: 5, isVerified: null });
	});
});

describe('the figures', () => {
	const judged = (
		label: Judged['label'],
		predicted: Judged['predicted'],
		score = 0,
		extra: Partial<Judged> = {},
	): Judged => ({
		label,
		predicted,
		score,
		confidence: 0.9,
		unsure: false,
		known: false,
		tokens: 0,
		usd: 0,
		...extra,
	});
	test('all right is one', () => {
		const figures = evaluate([
			judged('LEAD_HOT', 'LEAD_WARM', 80),
			judged('LEAD_COLD', 'LEAD_COLD', 10),
			judged('PESSOAL', 'PESSOAL'),
			judged('SPAM', 'SPAM'),
			judged('DESQUALIFICADO', 'DESQUALIFICADO'),
		]);
		expect(figures).toMatchObject({
			n: 5,
			macroF1: 1,
			spamPrecision: 1,
			pessoalAnswered: 0,
			concordance: 1,
			llmShare: 0,
		});
		expect(figures.perClass.LEAD_HOT).toMatchObject({ recall: 0, support: 1 });
	});
	test('a tie is half an order, and a coarse label has none', () => {
		expect(evaluate([judged('LEAD_HOT', 'LEAD_HOT', 5), judged('LEAD_COLD', 'LEAD_COLD', 5)]).concordance).toBe(0.5);
		expect(evaluate([judged('LEAD', 'LEAD_HOT', 5), judged('LEAD_COLD', 'LEAD_COLD', 1)]).concordance).toBeNull();
	});
	test('a personal message answered is counted by its class, known and unknown apart', () => {
		const figures = evaluate([
			judged('PESSOAL', 'LEAD_COLD', 0, { unsure: true }),
			judged('PESSOAL', 'PESSOAL'),
			judged('PESSOAL', 'LEAD_HOT', 0, { known: true }),
		]);
		expect(figures).toMatchObject({ pessoalAnswered: 0.5, knownPessoalAnswered: 1, llmShare: 1 / 3 });
	});
	test('confidence that is right half the time is off by the rest', () => {
		const figures = evaluate([judged('SPAM', 'SPAM'), judged('SPAM', 'PESSOAL')]);
		expect(figures.calibrationError).toBeCloseTo(0.4);
	});
	test('the closing line is JSON with the agreed fields', () => {
		expect(Object.keys(JSON.parse(toLine(evaluate([judged('SPAM', 'SPAM')]))) as object)).toEqual(
			'n macroF1 perClass spamPrecision pessoalAnswered concordance llmShare tokens usd'.split(' '),
		);
	});
});

test('a model is asked about the unsure ones alone', async () => {
	const { cases } = parseCases(
		'{"text":"o sol nasceu na serra","label":"PESSOAL"}\n{"text":"oi, quanto custa o plano?","label":"LEAD"}',
	);
	const asked: string[] = [];
	const result = await judge(cases, () => parsePersona({}), {
		decideUnsure: async ({ messages }, persona, rules) => {
			asked.push(messages[0].text);
			expect(classifyByRules({ platform: 'whatsapp', messages, profile: null, known: null }, persona)).toEqual(rules);
			return { classification: 'PESSOAL', score: 0, tokens: 120, usd: 0.001 };
		},
	});
	expect(asked).toEqual(['o sol nasceu na serra']);
	expect(evaluate(result)).toMatchObject({ macroF1: 1, tokens: 120, usd: 0.001, llmShare: 0.5 });
});
