import { MIN_LABELS, trainScorer, type Training } from '../core/leads';
import { median } from './support/measure';
import type { Report, Row } from './support/report';
import { NO_SIGNAL, RIGHT_RULES, simulateLeads, WRONG_RULES, type Truth } from './support/simulated-leads';
import type { BenchContext } from './index';

const TENANTS = 40;
const LABELS = [20, 60, 100, 200, 300, 600, 2_000];

const WORLDS: Array<{ name: string; truths: readonly Truth[]; base: number }> = [
	{ name: 'rules are wrong', truths: WRONG_RULES, base: -1.6 },
	{ name: 'nothing to learn', truths: NO_SIGNAL, base: -1.6 },
	{ name: 'rules are right', truths: RIGHT_RULES, base: -4.5 },
];

type Trained = Training & { trained: true };

/** Simulated tenants whose truth is known: is the learned scorer on where it should be, and off elsewhere? */
export async function scorerBench({ say, quick }: BenchContext): Promise<Report> {
	const tenants = quick ? TENANTS / 10 : TENANTS;
	const rows: Row[] = [];
	const shareOn = new Map<string, number>();
	for (const { name, truths, base } of WORLDS) {
		for (const labels of LABELS) {
			const times: number[] = [];
			const trainings = Array.from({ length: tenants }, (_, seed) => {
				const leads = simulateLeads(truths, labels, seed + 1, base);
				const start = performance.now();
				const training = trainScorer(leads);
				times.push(performance.now() - start);
				return training;
			});
			const trained = trainings.filter((training): training is Trained => training.trained);
			const on = trained.filter(({ beatsRules }) => beatsRules).length;
			shareOn.set(`${name}, ${labels}`, on / tenants);
			rows.push({
				label: `${name}, ${labels} labels`,
				figures: [`${on} of ${tenants}`, ...figuresOf(trained), median(times)],
			});
			say(`${name}, ${labels} labels: on at ${on} of ${tenants}`);
		}
	}
	const share = (world: string): number => shareOn.get(world) ?? NaN;
	return {
		tables: [
			{
				title: 'Simulated tenants, figures on held-back leads',
				columns: ['scorer on', 'log-loss', 'of the rules', 'AUC', 'of the rules', 'ECE', 'of the rules', 'training ms'],
				rows,
			},
		],
		targets: [
			{
				name: 'share on, rules are wrong, 600 labels',
				figure: share('rules are wrong, 600'),
				atLeast: 0.95,
				gate: true,
			},
			{
				name: 'share on, nothing to learn, 300 labels',
				figure: share('nothing to learn, 300'),
				atMost: 0.1,
				gate: true,
			},
			{
				name: `share on, fewer than ${MIN_LABELS} labels`,
				figure: share('rules are wrong, 20'),
				atMost: 0,
				gate: true,
			},
		],
		notes: [
			'The rules are calibrated on the same leads as the scorer: what it wins is order, not scale. Synthetic: five rules, seeded.',
		],
	};
}

function figuresOf(trained: Trained[]): Array<number | string> {
	if (trained.length === 0) return ['-', '-', '-', '-', '-', '-'];
	const mean = (of: (training: Trained) => number): number =>
		trained.reduce((sum, training) => sum + of(training), 0) / trained.length;
	return (['logLoss', 'auc', 'ece'] as const).flatMap((figure) => [
		mean(({ held }) => held.model[figure]),
		mean(({ held }) => held.rules[figure]),
	]);
}
