import {
	button,
	choiceField,
	escape,
	form,
	frame,
	keptText,
	list,
	paragraph,
	problemSummary,
	section,
	table,
	textField,
	type FieldProblem,
} from '../pages';
import { WORDS } from './approval-words';
import { REJECT_REASONS } from './findings';
import type { GateResult } from './gate';
import type { DryRun } from './measure';
import type { ChangedLead } from './replay';
import type { StoredSuggestion } from './suggestions';
import { describeOperation, type CardLanguage } from './texts';

export type Decided = keyof (typeof WORDS)['en']['decided'];

const SHARES = new Set(['precision', 'recall', 'ece']);
function figure(metric: string, value: number, language: CardLanguage): string {
	const written = (number: number, digits: number): string =>
		number.toLocaleString(language, { minimumFractionDigits: digits, maximumFractionDigits: digits });
	return SHARES.has(metric) ? `${written(value * 100, 1)} %` : written(value, metric === 'hot_volume' ? 0 : 1);
}

function backtest(gate: GateResult, language: CardLanguage): string {
	const words = WORDS[language];
	const rows = gate.table.map(({ metric, incumbent, candidate, low, high }) => [
		words.metrics[metric],
		figure(metric, incumbent, language),
		figure(metric, candidate, language),
		low === null || high === null ? '–' : `${figure(metric, low, language)} … ${figure(metric, high, language)}`,
	]);
	const columns = words.columns.map((title, at) => ({ title, isNumber: at > 0 }));
	const facts = `n = ${gate.labelled}, z = ${gate.z.toFixed(2)} (> ${gate.requiredZ.toFixed(2)})`;
	return `<p><strong>${escape(words.verdicts[gate.verdict])}</strong> · ${escape(facts)}</p>${table(columns, rows, words.backtest)}`;
}

function whoIsAffected({ affected }: DryRun, language: CardLanguage): string {
	const words = WORDS[language];
	if (affected === null) return '';
	const { leads, days, changed, hotBefore, hotAfter, hotter, colder } = affected;
	const shown = (title: string, people: readonly ChangedLead[]): string =>
		people.length === 0
			? ''
			: `<p>${escape(title)}:</p>${list(
					people.map(
						({ shown: who, from, to, scoreFrom, scoreTo }) =>
							`${who}: ${words.classes[from]} ${scoreFrom} → ${words.classes[to]} ${scoreTo}`,
					),
				)}`;
	const summary = changed === 0 ? words.nobody : words.affected(leads, days, changed, hotBefore, hotAfter);
	return section(words.who, paragraph(summary) + shown(words.hotter, hotter) + shown(words.colder, colder));
}

/** A decision as it was sent, and why it was not taken. */
export interface RefusedDecision {
	decision: unknown;
	reason?: unknown;
	operations?: unknown;
	problem: FieldProblem;
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

function decisions(
	{ type, operations }: StoredSuggestion,
	token: string,
	language: CardLanguage,
	again?: RefusedDecision,
): string {
	const words = WORDS[language];
	const act = (decision: string, inside: string): string => form({ token, decision }, inside);
	const problemOf = (id: string): string | undefined => (again?.problem.id === id ? again.problem.message : undefined);
	if (type === 'escalation') return `<div id="decide">${act('close', button(words.close, true))}</div>`;
	const reason = choiceField({
		...{
			id: 'reason',
			name: 'reason',
			label: words.reason,
			problem: problemOf('reason'),
			value: textOf(again?.reason),
		},
		options: REJECT_REASONS.map((code) => [code, words.reasons[code]] as const),
	});
	const isEdit = again?.decision === 'edit';
	const editor = textField({
		...{ id: 'operations', name: 'operations', label: words.edit, hint: words.editHint, rows: 14 },
		...{ problem: problemOf('operations'), attributes: ' spellcheck="false" class="code"' },
		value: (isEdit ? textOf(again.operations) : undefined) ?? JSON.stringify(operations, null, 2),
	});
	return [
		`<div id="decide">${act('approve', button(words.approve, true))}</div>`,
		act('reject', reason + button(words.reject)),
		act('needs_data', button(words.moreData)),
		`<details${isEdit ? ' open' : ''}><summary>${escape(words.edit)}</summary>${act('edit', editor + button(words.sendEdit))}</details>`,
	].join('');
}

/** The card that a person decides on. Opening it changes nothing: messengers fetch links for their preview; the buttons act. */
export function approvalPage(
	card: { suggestion: StoredSuggestion; dryRun: DryRun | null; person: string },
	token: string,
	language: CardLanguage,
	again?: RefusedDecision,
): string {
	const { suggestion, dryRun, person } = card;
	const words = WORDS[language];
	const isTask = suggestion.type === 'escalation';
	const gate = suggestion.gate && 'table' in suggestion.gate ? suggestion.gate : null;
	const changes = isTask
		? ''
		: section(
				words.changes,
				list(suggestion.operations.map((operation) => describeOperation(operation, language))) +
					`<pre tabindex="0">${escape(suggestion.diff ?? '')}</pre>`,
			);
	const tested = isTask ? '' : section(words.backtest, gate ? backtest(gate, language) : paragraph(words.noBacktest));
	const tokens = dryRun?.promptTokens ?? null;
	const cost = section(words.cost, paragraph(tokens === null ? words.freeOfCharge : words.tokens(tokens)));
	return frame(
		language,
		isTask ? words.escalation : words.title,
		[
			problemSummary(language, again ? [again.problem] : []),
			changes,
			section(words.why, paragraph(suggestion.rationale ?? '')),
			section(words.expected, paragraph(suggestion.expectedEffect ?? '')),
			tested,
			dryRun ? whoIsAffected(dryRun, language) : '',
			section(words.risk, paragraph(suggestion.risk ?? '')),
			isTask ? '' : cost,
			paragraph(words.person(person)),
			decisions(suggestion, token, language, again),
		].join(''),
	);
}

export const decidedPage = (decided: Decided, language: CardLanguage): string =>
	frame(language, WORDS[language].done, paragraph(WORDS[language].decided[decided]));

interface Why {
	code: string;
	message: string;
}
export const failureText = ({ code, message }: Why, language: CardLanguage): string =>
	WORDS[language].failures[code] ?? message;

/** What is wrong, and what was typed when the link opened no more. */
export const approvalFailurePage = (why: Why, language: CardLanguage, typed = ''): string =>
	frame(language, WORDS[language].failed, paragraph(failureText(why, language)) + keptText(language, typed));
