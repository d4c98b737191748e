import {
	scoreLead,
	scoreMeaning,
	trainScorer,
	type LabelledLead,
	type LeadFacts,
	type Training,
} from '../../../core/leads';
import { featuresOf } from '../../../core/leads/learning/features';
import { minimise } from '../../../core/leads/learning/lbfgs';
import { fitCalibration, fitLogistic, logOdds, sigmoid } from '../../../core/leads/learning/logistic';
import { aucOf, calibrationError, pairedGain, type Judged } from '../../../core/leads/learning/metrics';
import { NO_SIGNAL, RIGHT_RULES, seeded, simulateLeads, WRONG_RULES } from '../../../bench/support/simulated-leads';

const SEEDS = Array.from({ length: 8 }, (_, i) => i + 1);
const switchedOn = (trainings: Training[]): number =>
	trainings.filter((training) => training.trained && training.beatsRules).length;

describe('L-BFGS', () => {
	test("finds the bottom of Rosenbrock's valley", () => {
		const found = minimise(
			(x, gradient) => {
				const [a, b] = x;
				gradient[0] = -400 * a * (b - a * a) - 2 * (1 - a);
				gradient[1] = 200 * (b - a * a);
				return 100 * (b - a * a) ** 2 + (1 - a) ** 2;
			},
			Float64Array.of(-1.2, 1),
		);
		expect(found[0]).toBeCloseTo(1, 4);
		expect(found[1]).toBeCloseTo(1, 4);
	});

	test('finds the same weights as the gradient says: it is nought at the end', () => {
		const leads = simulateLeads(WRONG_RULES, 400, 3);
		const examples = leads.map((lead) => ({ features: featuresOf(lead), y: lead.y, weight: 1 }));
		const model = fitLogistic(examples);
		// At the optimum the intercept, which is nearly free, makes promised and real wins equal.
		const promised = examples.reduce((sum, { features }) => sum + sigmoid(logOdds(model, features)), 0);
		const won = leads.filter(({ y }) => y === 1).length;
		expect(Math.abs(promised - won)).toBeLessThan(0.05);
	});
});

describe('metrics', () => {
	const judged = (rows: Array<[number, 0 | 1]>) => rows.map(([z, y]) => ({ z, y, weight: 1 }));

	test('AUC counts pairs, ties by half', () => {
		expect(
			aucOf(
				judged([
					[3, 1],
					[2, 1],
					[1, 0],
				]),
			),
		).toBe(1);
		expect(
			aucOf(
				judged([
					[1, 1],
					[2, 0],
				]),
			),
		).toBe(0);
		expect(
			aucOf(
				judged([
					[1, 1],
					[1, 0],
				]),
			),
		).toBe(0.5);
		expect(
			aucOf(
				judged([
					[3, 1],
					[1, 1],
					[2, 0],
					[0, 0],
				]),
			),
		).toBe(0.75);
		expect(aucOf(judged([[1, 1]]))).toBe(0.5);
	});

	test('calibration error is the distance between promise and truth', () => {
		const half = judged(Array.from({ length: 100 }, (_, i) => [0, (i % 2) as 0 | 1]));
		expect(calibrationError(half)).toBeLessThan(0.01);
		const sure = judged(Array.from({ length: 100 }, () => [Math.log(9), 0]));
		expect(calibrationError(sure)).toBeCloseTo(0.9, 5);
	});

	test('calibration repairs log-odds that are twice too sure', () => {
		const random = seeded(5);
		const outcomes = Array.from({ length: 4_000 }, (): Judged => {
			const z = 4 * random() - 2;
			return { z: 2 * z, y: random() < sigmoid(z) ? 1 : 0, weight: 1 };
		});
		const { slope, shift } = fitCalibration(outcomes);
		expect(slope).toBeCloseTo(0.5, 1);
		expect(Math.abs(shift)).toBeLessThan(0.2);
	});

	test('the gain of a twin is nothing', () => {
		const one = judged([
			[1, 1],
			[-1, 0],
			[0, 1],
		]);
		expect(pairedGain(one, one)).toEqual({ gain: 0, z: 0 });
	});
});

describe('a learned scorer', () => {
	test('is switched on where the rules are wrong, and judges unseen leads better', () => {
		const trainings = SEEDS.map((seed) => trainScorer(simulateLeads(WRONG_RULES, 300, seed)));
		expect(switchedOn(trainings)).toBeGreaterThanOrEqual(7);
		for (const training of trainings) {
			if (!training.trained || !training.beatsRules) continue;
			expect(training.held.model.logLoss).toBeLessThan(training.held.rules.logLoss);
			expect(training.held.winsAtHotVolume.model).toBeGreaterThanOrEqual(training.held.winsAtHotVolume.rules);
		}
	});

	test('what it promised holds on leads of later, which no training saw', () => {
		const training = trainScorer(simulateLeads(WRONG_RULES, 1_500, 7));
		if (!training.trained) throw new Error('not trained');
		const later = simulateLeads(WRONG_RULES, 2_000, 8);
		const learned = later.map((lead) => ({ lead, ...scoreLead(training.model, lead, 'v1') }));
		const auc = (of: (one: (typeof learned)[number]) => number): number =>
			aucOf(learned.map((one) => ({ z: of(one), y: one.lead.y, weight: 1 })));
		expect(auc(({ probability }) => probability)).toBeGreaterThan(auc(({ lead }) => lead.score) + 0.15);
		const promised = learned.reduce((sum, { probability }) => sum + probability, 0) / later.length;
		expect(promised).toBeCloseTo(later.filter(({ y }) => y === 1).length / later.length, 1);
		// As many are HOT as under the rules: the team's day is as long as before.
		const hot = (score: (one: (typeof learned)[number]) => number): number =>
			learned.filter((one) => score(one) >= 70).length / later.length;
		expect(Math.abs(hot(({ score }) => score) - hot(({ lead }) => lead.score))).toBeLessThan(0.06);
	});

	test('stays off at a tenant with 20 labels', () => {
		expect(trainScorer(simulateLeads(WRONG_RULES, 20, 1))).toEqual(
			expect.objectContaining({ trained: false, reason: 'too_few_labels', n: 20 }),
		);
	});

	test('stays off with fewer than 8 of one outcome', () => {
		const leads = simulateLeads(NO_SIGNAL, 60, 1).map((lead, i): LabelledLead => ({ ...lead, y: i % 9 === 0 ? 1 : 0 }));
		expect(trainScorer(leads)).toEqual(
			expect.objectContaining({ trained: false, reason: 'too_few_of_a_class', won: 7 }),
		);
	});

	test('stays off where nothing can be learned', () => {
		expect(switchedOn(SEEDS.map((seed) => trainScorer(simulateLeads(NO_SIGNAL, 300, seed))))).toBeLessThanOrEqual(1);
	});

	test('stays off, nearly always, where the rules are right', () => {
		expect(
			switchedOn(SEEDS.map((seed) => trainScorer(simulateLeads(RIGHT_RULES, 300, seed, -4.5)))),
		).toBeLessThanOrEqual(2);
	});

	test('believes the rules where it has seen nothing', () => {
		const training = trainScorer(simulateLeads(RIGHT_RULES, 200, 4, -4.5));
		if (!training.trained) throw new Error('not trained');
		const lead: LeadFacts = { score: 20, points: [], platform: 'whatsapp', fromAd: false };
		const better = {
			...lead,
			score: 44,
			points: [{ axis: 'fit' as const, rule: 'never_seen', points: 24, evidence: 'x' }],
		};
		const probability = (of: LeadFacts): number => scoreLead(training.model, of, 'v1').probability;
		expect(probability(better)).toBeGreaterThan(probability(lead));
	});

	test('says what it changed, and does not count that twice', () => {
		const training = trainScorer(simulateLeads(WRONG_RULES, 300, 2));
		if (!training.trained) throw new Error('not trained');
		const [lead] = simulateLeads(WRONG_RULES, 1, 9);
		const once = scoreLead(training.model, lead, 'v3');
		expect(once.point).toMatchObject({ rule: 'learned_scorer', evidence: 'v3', points: once.score - lead.score });
		const again = scoreLead(training.model, { ...lead, points: [...lead.points, once.point] }, 'v3');
		expect(again).toEqual(once);
	});

	test('weighs a lead that was explored with one chance in fifty no more than twelve usual ones', () => {
		const leads = simulateLeads(WRONG_RULES, 300, 2);
		const explored = (propensity: number): Training =>
			trainScorer(leads.map((lead, i) => (i % 40 === 0 ? { ...lead, propensity } : lead)));
		expect(explored(0.02)).toEqual(explored(1 / 12));
	});
});

describe('what a score means', () => {
	const results = [
		{ score: 78, n: 40, won: 14 },
		{ score: 80, n: 12, won: 4 },
		{ score: 30, n: 9, won: 0 },
	];

	test('looks around a score until enough leads are counted', () => {
		expect(scoreMeaning(80, results)).toEqual({
			score: 80,
			from: 78,
			to: 82,
			n: 52,
			won: 18,
			share: 18 / 52,
			text: '80 = 35 % won here (n = 52)',
		});
	});

	test('says so when too few are known', () => {
		expect(scoreMeaning(30, results)).toMatchObject({ share: null, text: '30 = not known yet (n = 9)' });
		expect(scoreMeaning(50, [])).toMatchObject({ n: 0, share: null });
	});
});
