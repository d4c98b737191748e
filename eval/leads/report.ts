import { LEAD_CLASSES, type Evaluation } from '../../core/leads';

const figure = (value: number): string => value.toFixed(3);
const percent = (value: number): string => `${(value * 100).toFixed(1)} %`;

function table(rows: readonly string[][]): string {
	const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
	return rows
		.map((row) =>
			row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]))).join('  '),
		)
		.join('\n');
}

/** What a person reads: classes, confusion, calibration, cost. */
export function toText(evaluation: Evaluation): string {
	const { perClass, confusion, calibration } = evaluation;
	const classes = table([
		['class', 'precision', 'recall', 'F1', 'n'],
		...Object.entries(perClass).map(([name, { precision, recall, f1, support }]) => [
			name,
			figure(precision),
			figure(recall),
			figure(f1),
			String(support),
		]),
	]);
	const matrix = table([
		['label \\ answer', ...LEAD_CLASSES],
		...Object.entries(confusion)
			.filter(([, row]) => Object.values(row).some((count) => count > 0))
			.map(([label, row]) => [label, ...LEAD_CLASSES.map((name) => String(row[name]))]),
	]);
	const bins = table([
		['confidence', 'n', 'said', 'right'],
		...calibration.map(({ from, to, n, confidence, accuracy }) => [
			`${from.toFixed(1)} to ${to.toFixed(1)}`,
			String(n),
			figure(confidence),
			figure(accuracy),
		]),
	]);
	const { concordance } = evaluation;
	return [
		classes,
		`macro F1 over the coarse classes ${figure(evaluation.macroF1)}, SPAM precision ${figure(evaluation.spamPrecision)}`,
		`PESSOAL taken for a lead by its class: unknown ${percent(evaluation.pessoalAnswered)}, known ${percent(evaluation.knownPessoalAnswered)}`,
		`order of HOT, WARM, COLD by score: ${concordance === null ? 'no pair to compare' : figure(concordance)}`,
		matrix,
		`calibration error ${figure(evaluation.calibrationError)}\n${bins}`,
		`to the model ${percent(evaluation.llmShare)}, tokens ${evaluation.tokens}, US$ ${evaluation.usd.toFixed(4)}`,
	].join('\n\n');
}

/** The line that a machine reads. */
export function toLine(evaluation: Evaluation): string {
	const { n, macroF1, perClass, spamPrecision, pessoalAnswered, concordance, llmShare, tokens, usd } = evaluation;
	return JSON.stringify(
		{ n, macroF1, perClass, spamPrecision, pessoalAnswered, concordance, llmShare, tokens, usd },
		(_, value: unknown) => (typeof value === 'number' ? Math.round(value * 10_000) / 10_000 : value),
	);
}
