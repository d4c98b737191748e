import { classifyByRules, DEFAULT_THRESHOLDS, GENERIC_PERSONA, parsePersona } from '../../../core/leads';
import { contact, input, rules } from './support';

const agency = parsePersona({
	business_type: 'agência de marketing',
	positive_keywords: ['tráfego', 'anúncios'],
	negative_keywords: ['sorteio'],
	ideal_niches: ['clínica'],
	ideal_job_titles: ['dona'],
	min_followers: 1000,
	max_followers: 10_000,
});

test.each([
	['quero fechar hoje, me manda o contrato', 'LEAD_HOT'],
	['quero agendar uma avaliação amanhã', 'LEAD_HOT'],
	['como faço pra contratar?', 'LEAD_HOT'],
	['I want to sign up today', 'LEAD_HOT'],
	['quiero contratar hoy', 'LEAD_HOT'],
	['quanto custa a mensalidade do plano anual?', 'LEAD_WARM'],
	['quero contratar só ano que vem', 'LEAD_WARM'],
	['como funciona o serviço de vocês?', 'LEAD_WARM'],
	['oi', 'LEAD_COLD'],
	['preço?', 'LEAD_COLD'],
	['onde fica?', 'LEAD_COLD'],
])('%s is %s', (text, expected) => {
	expect(rules(text).classification).toBe(expected);
});

test('every point has a rule, a message and a word, and their sum is the score', () => {
	const { points, score } = rules('sou dona de clínica e quero anúncios, quanto custa?', {}, agency);
	expect(points.map(({ rule }) => rule)).toEqual(
		expect.arrayContaining(['positive_keyword', 'job_title', 'niche', 'price']),
	);
	for (const point of points) {
		expect(point.messageId).toBe('m1');
		expect(point.evidence).toMatch(/^[a-z_0-9' ]{1,40}$/u);
	}
	const sum = points.reduce((total, { points: worth }) => total + worth, 20);
	expect(score).toBe(Math.min(Math.round(sum), DEFAULT_THRESHOLDS.hot - 1));
});

test('a negation within three words takes a keyword back', () => {
	const said = rules('não preciso de tráfego', {}, agency);
	expect(said.points.find(({ rule }) => rule === 'positive_keyword')).toBeUndefined();
	expect(rules('não quero contratar').verifiedIntent).toBe(false);
});

test.each([
	[5_000, 10],
	[700, 4],
	[100, -8],
	[null, 0],
	[Number.NaN, 0],
	[-3, 0],
	[Number.POSITIVE_INFINITY, 0],
])('%s followers give %s points', (followersCount, expected) => {
	const { points } = rules('oi', { profile: { followersCount } }, agency);
	expect(points.find(({ rule }) => rule === 'followers')?.points ?? 0).toBe(expected);
});

test('a profile that is unknown takes nothing', () => {
	expect(rules('oi', { profile: null }).score).toBe(rules('oi', { profile: {} }).score);
});

test('what was written before counts half', () => {
	const history = [{ id: 'h1', text: 'quanto custa?', kind: 'text', referral: null }];
	const { points } = rules('oi', { history });
	expect(points).toEqual([expect.objectContaining({ rule: 'price', points: 7, messageId: 'h1' })]);
});

test('the evidence names the message of the burst it was found in', () => {
	const messages = ['oi', 'quero contratar'].map((text, index) => ({
		id: `m${index}`,
		text,
		kind: 'text',
		referral: null,
	}));
	const { points } = classifyByRules({ ...input(''), messages }, GENERIC_PERSONA);
	expect(points.find(({ rule }) => rule === 'buying')?.messageId).toBe('m1');
});

test('an ad brings points and its message', () => {
	const messages = [{ id: 'm1', text: 'oi', kind: 'text', referral: { source_type: 'ad' } }];
	expect(classifyByRules({ ...input(''), messages }, GENERIC_PERSONA).points).toEqual([
		expect.objectContaining({ rule: 'ad_referral', messageId: 'm1' }),
	]);
});

describe('a known contact', () => {
	test('is what the list says, surely and without a model', () => {
		expect(rules('quanto custa?', { known: contact('PESSOAL') })).toMatchObject({
			classification: 'PESSOAL',
			personalReason: 'familiar',
			confidence: 1,
			unsure: false,
			gate: null,
		});
		expect(rules('oi', { known: contact('SPAM') }).classification).toBe('SPAM');
	});
	test('who is a client stays one until they want more', () => {
		const vip = contact('CLIENTE_VIP', 'cliente');
		expect(rules('meu login caiu', { known: vip })).toMatchObject({
			classification: 'PESSOAL',
			personalReason: 'cliente_ativo',
		});
		expect(rules('quero contratar mais um plano hoje', { known: vip }).classification).toBe('LEAD_HOT');
	});
	test('of the house is interno', () => {
		expect(rules('oi', { known: contact('PESSOAL', 'socio') }).personalReason).toBe('interno');
	});
});

test.each([[''], ['   '], ['\u200b'], ['!!!'], ['[áudio]']])('nothing to read (%j) is cold and unsure', (text) => {
	expect(rules(text)).toMatchObject({ classification: 'LEAD_COLD', unsure: true, verifiedIntent: false, gate: null });
});

test('no message at all is the same', () => {
	expect(classifyByRules({ ...input(''), messages: [] }, GENERIC_PERSONA)).toMatchObject({
		classification: 'LEAD_COLD',
		unsure: true,
	});
});

test.each([
	['words', 'quero contratar '.repeat(6_500)],
	['one letter', 'a'.repeat(100_000)],
	['digits', '1'.repeat(100_000)],
	['blanks', `oi${' '.repeat(100_000)}`],
	['dots', 'a.'.repeat(50_000)],
	['negations', 'nao '.repeat(25_000)],
	['at signs', '@a'.repeat(50_000)],
	['spelt letters', 'a b '.repeat(25_000)],
	['emoji', '🔥'.repeat(50_000)],
	['kin', 'mae , '.repeat(20_000)],
])('100 kB of %s cost no more than a few times what 5 kB of them cost', (_, text) => {
	// The best of some runs each: what else the machine does is not asked.
	const best = (read: string): number =>
		Math.min(
			...Array.from({ length: 5 }, () => {
				const started = performance.now();
				rules(read);
				return performance.now() - started;
			}),
		);
	expect(best(text)).toBeLessThan(10 * Math.max(1, best(text.slice(0, 5_000))));
});

test('keywords named like members of a prototype are words', () => {
	const persona = parsePersona({ positive_keywords: ['constructor', '__proto__', 'toString'] });
	expect(rules('constructor', {}, persona).points).toHaveLength(1);
	expect(rules('hasOwnProperty', {}, persona).points).toHaveLength(0);
});
