import { WORDS } from './approval-words';
import { REJECT_REASONS } from './findings';
import type { GateResult } from './gate';
import type { DryRun } from './measure';
import type { ChangedLead } from './replay';
import type { StoredSuggestion } from './suggestions';
import { describeOperation, type CardLanguage } from './texts';

export type Decided = keyof (typeof WORDS)['en']['decided'];

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escape = (text: string): string => text.replace(/[&<>"']/g, (found) => ENTITIES[found]);

const STYLE =
	'body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:46rem;padding:0 1rem;color:#16202b}h1{font-size:1.5rem}h2{font-size:1.05rem;margin:1.6rem 0 .4rem}table{border-collapse:collapse;width:100%}td,th{padding:.3rem .5rem;border-bottom:1px solid #d7dde3;text-align:left}td+td,th+th{text-align:right}pre,textarea{font:14px/1.4 ui-monospace,monospace;background:#f4f6f8;padding:.7rem;border-radius:.4rem;overflow:auto;white-space:pre-wrap;width:100%;box-sizing:border-box;border:1px solid #d7dde3}button,select{font:inherit;padding:.7rem 1rem;border:1px solid #16324f;border-radius:.5rem;background:#fff;color:#16324f}button.main{background:#16324f;color:#fff}form{display:inline-block;margin:.3rem .5rem .3rem 0}details{margin-top:.6rem}';

const page = (language: CardLanguage, title: string, body: string): string =>
	`<!doctype html><html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex"><meta name="referrer" content="no-referrer"><title>${escape(title)}</title><style>${STYLE}</style></head><body><h1>${escape(title)}</h1>${body}</body></html>`;

const section = (title: string, body: string): string => `<h2>${escape(title)}</h2>${body}`;
const paragraph = (text: string): string => `<p>${escape(text)}</p>`;
const list = (lines: readonly string[]): string =>
	`<ul>${lines.map((line) => `<li>${escape(line)}</li>`).join('')}</ul>`;

const SHARES = new Set(['precision', 'recall', 'ece']);
function figure(metric: string, value: number, language: CardLanguage): string {
	const written = (number: number, digits: number): string =>
		number.toLocaleString(language, { minimumFractionDigits: digits, maximumFractionDigits: digits });
	return SHARES.has(metric) ? `${written(value * 100, 1)} %` : written(value, metric === 'hot_volume' ? 0 : 1);
}

function backtest(gate: GateResult, language: CardLanguage): string {
	const words = WORDS[language];
	const rows = gate.table.map(({ metric, incumbent, candidate, low, high }) => {
		const interval =
			low === null || high === null ? '–' : `${figure(metric, low, language)} … ${figure(metric, high, language)}`;
		const cells = [
			words.metrics[metric],
			figure(metric, incumbent, language),
			figure(metric, candidate, language),
			interval,
		];
		return `<tr>${cells.map((cell) => `<td>${escape(cell)}</td>`).join('')}</tr>`;
	});
	const head = words.columns.map((name) => `<th>${escape(name)}</th>`).join('');
	const facts = `n = ${gate.labelled}, z = ${gate.z.toFixed(2)} (> ${gate.requiredZ.toFixed(2)})`;
	return `<p><strong>${escape(words.verdicts[gate.verdict])}</strong> · ${escape(facts)}</p><table><tr>${head}</tr>${rows.join('')}</table>`;
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

const form = (token: string, decision: string, inside: string): string =>
	`<form method="post"><input type="hidden" name="token" value="${escape(token)}"><input type="hidden" name="decision" value="${decision}">${inside}</form>`;
const button = (label: string, main = false): string =>
	`<button${main ? ' class="main"' : ''}>${escape(label)}</button>`;

function decisions({ type, operations }: StoredSuggestion, token: string, language: CardLanguage): string {
	const words = WORDS[language];
	if (type === 'escalation') return form(token, 'close', button(words.close, true));
	const options = REJECT_REASONS.map((reason) => `<option value="${reason}">${escape(words.reasons[reason])}</option>`);
	const reasons = `<label>${escape(words.reason)} <select name="reason">${options.join('')}</select></label> `;
	const text = escape(JSON.stringify(operations, null, 2));
	const editor = `<p>${escape(words.editHint)}</p><textarea name="operations" rows="14" spellcheck="false">${text}</textarea>`;
	return [
		form(token, 'approve', button(words.approve, true)),
		form(token, 'reject', reasons + button(words.reject)),
		form(token, 'needs_data', button(words.moreData)),
		`<details><summary>${escape(words.edit)}</summary>${form(token, 'edit', editor + button(words.sendEdit))}</details>`,
	].join('');
}

/** The card that a person decides on. Opening it changes nothing: messengers fetch links for their preview; the buttons act. */
export function approvalPage(
	card: { suggestion: StoredSuggestion; dryRun: DryRun | null; person: string },
	token: string,
	language: CardLanguage,
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
					`<pre>${escape(suggestion.diff ?? '')}</pre>`,
			);
	const tested = isTask ? '' : section(words.backtest, gate ? backtest(gate, language) : paragraph(words.noBacktest));
	const tokens = dryRun?.promptTokens ?? null;
	const cost = section(words.cost, paragraph(tokens === null ? words.freeOfCharge : words.tokens(tokens)));
	return page(
		language,
		isTask ? words.escalation : words.title,
		[
			changes,
			section(words.why, paragraph(suggestion.rationale ?? '')),
			section(words.expected, paragraph(suggestion.expectedEffect ?? '')),
			tested,
			dryRun ? whoIsAffected(dryRun, language) : '',
			section(words.risk, paragraph(suggestion.risk ?? '')),
			isTask ? '' : cost,
			paragraph(words.person(person)),
			decisions(suggestion, token, language),
		].join(''),
	);
}

export const decidedPage = (decided: Decided, language: CardLanguage): string =>
	page(language, WORDS[language].done, paragraph(WORDS[language].decided[decided]));

export const approvalFailurePage = (why: { code: string; message: string }, language: CardLanguage): string =>
	page(language, WORDS[language].failed, paragraph(WORDS[language].failures[why.code] ?? why.message));
