import { LEAD_CLASSES, type LeadClass } from '../types';

/** A labelled case with what was said of it. A coarse label leaves the temperature open. */
export interface Judged {
	label: LeadClass | 'LEAD';
	predicted: LeadClass;
	score: number;
	confidence: number;
	/** Was a model needed? */
	unsure: boolean;
	/** The contact was in the tenant's list. */
	known: boolean;
	tokens: number;
	usd: number;
}

export const COARSE_CLASSES = ['lead', 'PESSOAL', 'SPAM', 'DESQUALIFICADO'] as const;
export type CoarseClass = (typeof COARSE_CLASSES)[number];

export interface ClassFigures {
	precision: number;
	recall: number;
	f1: number;
	support: number;
}

export interface Evaluation {
	n: number;
	/** Over lead, PESSOAL, SPAM and DESQUALIFICADO; classes that occur in neither label nor answer are left out. */
	macroF1: number;
	perClass: Record<string, ClassFigures>;
	spamPrecision: number;
	/** Share of unknown PESSOAL that the class alone would have answered as a lead, and of known. */
	pessoalAnswered: number;
	knownPessoalAnswered: number;
	/** Of all pairs of leads with different temperature the share that the score puts in order; ties count half. */
	concordance: number | null;
	llmShare: number;
	tokens: number;
	usd: number;
	/** Rows: label. Columns: answer. */
	confusion: Record<string, Record<string, number>>;
	calibration: CalibrationBin[];
	/** Mean distance of confidence from accuracy over the bins, weighted. */
	calibrationError: number;
}

export interface CalibrationBin {
	from: number;
	to: number;
	n: number;
	confidence: number;
	accuracy: number;
}

export const coarse = (label: LeadClass | 'LEAD'): CoarseClass =>
	label === 'PESSOAL' || label === 'SPAM' || label === 'DESQUALIFICADO' ? label : 'lead';

const share = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);

export function figuresOf<T extends string>(pairs: ReadonlyArray<{ label: T; predicted: T }>, name: T): ClassFigures {
	const hits = pairs.filter(({ label, predicted }) => label === name && predicted === name).length;
	const support = pairs.filter(({ label }) => label === name).length;
	const answered = pairs.filter(({ predicted }) => predicted === name).length;
	const precision = share(hits, answered);
	const recall = share(hits, support);
	return { precision, recall, f1: share(2 * precision * recall, precision + recall), support };
}

const TEMPERATURES: readonly (LeadClass | 'LEAD')[] = ['LEAD_COLD', 'LEAD_WARM', 'LEAD_HOT'];

/** Harrell's index of the score against COLD < WARM < HOT. */
export function concordance(cases: ReadonlyArray<{ label: LeadClass | 'LEAD'; score: number }>): number | null {
	const ranked = cases
		.map(({ label, score }) => ({ rank: TEMPERATURES.indexOf(label), score }))
		.filter(({ rank }) => rank >= 0);
	let pairs = 0;
	let ordered = 0;
	for (const warmer of ranked) {
		for (const colder of ranked) {
			if (warmer.rank <= colder.rank) continue;
			pairs += 1;
			ordered += warmer.score > colder.score ? 1 : warmer.score === colder.score ? 0.5 : 0;
		}
	}
	return pairs === 0 ? null : ordered / pairs;
}

const BINS = 10;

export function calibration(cases: ReadonlyArray<{ confidence: number; right: boolean }>): CalibrationBin[] {
	return Array.from({ length: BINS }, (_, index) => {
		const from = index / BINS;
		const to = (index + 1) / BINS;
		const inside = cases.filter(({ confidence }) => confidence >= from && (confidence < to || index === BINS - 1));
		return {
			from,
			to,
			n: inside.length,
			confidence: share(
				inside.reduce((total, { confidence }) => total + confidence, 0),
				inside.length,
			),
			accuracy: share(inside.filter(({ right }) => right).length, inside.length),
		};
	}).filter(({ n }) => n > 0);
}

function confusionOf(cases: readonly Judged[]): Evaluation['confusion'] {
	const labels = [...new Set([...LEAD_CLASSES, ...cases.map(({ label }) => label)])];
	return Object.fromEntries(
		labels.map((label) => [
			label,
			Object.fromEntries(
				LEAD_CLASSES.map((predicted) => [
					predicted,
					cases.filter((entry) => entry.label === label && entry.predicted === predicted).length,
				]),
			),
		]),
	);
}

/** Share of personal messages that the class alone takes for a lead, and so would answer. */
const answered = (cases: readonly Judged[]): number => {
	const personal = cases.filter(({ label }) => label === 'PESSOAL');
	return share(personal.filter(({ predicted }) => coarse(predicted) === 'lead').length, personal.length);
};

export function evaluate(cases: readonly Judged[]): Evaluation {
	const pairs = cases.map(({ label, predicted }) => ({ label: coarse(label), predicted: coarse(predicted) }));
	const present = COARSE_CLASSES.filter((name) =>
		pairs.some(({ label, predicted }) => label === name || predicted === name),
	);
	const coarseFigures = present.map((name) => [name, figuresOf(pairs, name)] as const);
	const fine = cases.filter((entry): entry is Judged & { label: LeadClass } => entry.label !== 'LEAD');
	const bins = calibration(
		cases.map(({ confidence }, index) => ({ confidence, right: pairs[index].label === pairs[index].predicted })),
	);
	const n = cases.length;
	return {
		n,
		macroF1: share(
			coarseFigures.reduce((total, [, { f1 }]) => total + f1, 0),
			present.length,
		),
		perClass: Object.fromEntries([
			...coarseFigures,
			...LEAD_CLASSES.filter((name) => coarse(name) === 'lead').map((name) => [name, figuresOf(fine, name)] as const),
		]),
		spamPrecision: figuresOf(pairs, 'SPAM').precision,
		pessoalAnswered: answered(cases.filter(({ known }) => !known)),
		knownPessoalAnswered: answered(cases.filter(({ known }) => known)),
		concordance: concordance(cases),
		llmShare: share(cases.filter(({ unsure }) => unsure).length, n),
		tokens: cases.reduce((total, { tokens }) => total + tokens, 0),
		usd: cases.reduce((total, { usd }) => total + usd, 0),
		confusion: confusionOf(cases),
		calibration: bins,
		calibrationError: bins.reduce((total, bin) => total + share(bin.n, n) * Math.abs(bin.confidence - bin.accuracy), 0),
	};
}
