import { OUTCOME_KINDS } from '../leads';
import type { Acted, PageForm } from './act';
import { OUTCOMES } from './labels';
import { button, escape, form, frame, link, timeOf, type PageContext } from './page-frame';
import { scoreOf, stateLine } from './page-queue';
import type { ScoreReason, ShownDraft, ShownMessage, ShownTemplate, Thread, Viewer } from './store';
import { HANDOFF_WORDS } from './words';

export interface ThreadView {
	thread: Thread;
	viewer: Viewer;
	/** What was just done, and the form as it was sent: on a refusal it stands there again. */
	acted?: Pick<Acted, 'action' | 'problem'> | null;
	typed?: PageForm;
}

const section = (title: string, body: string): string => (body === '' ? '' : `<h2>${escape(title)}</h2>${body}`);
const typedText = ({ typed, acted }: ThreadView, name: string): string =>
	acted?.problem && typeof typed?.[name] === 'string' ? typed[name] : '';

function said(view: ThreadView, { language }: PageContext): string {
	const words = HANDOFF_WORDS[language];
	if (!view.acted) return '';
	const { problem, action } = view.acted;
	if (!problem) return `<p class="note good" role="status">${escape(words.done[action])}</p>`;
	const why = words.problems[problem.code] ?? problem.message;
	return `<p class="note bad" role="alert">${escape(words.problem)}: ${escape(why)}</p>`;
}

function reasonLine(reason: ScoreReason, words: (typeof HANDOFF_WORDS)['en']): string {
	const rule = words.rules[reason.rule ?? ''] ?? (reason.rule ?? '').replace(/_/g, ' ');
	const points = reason.points === undefined ? '' : ` (${reason.points > 0 ? '+' : ''}${reason.points})`;
	return `<li>${escape(`${rule}${reason.word ? `: ${reason.word}` : ''}${points}`)}</li>`;
}

function facts({ thread, viewer }: ThreadView, context: PageContext): string {
	const words = HANDOFF_WORDS[context.language];
	const { handoff } = thread;
	if (!handoff) return '';
	const reasons = handoff.score_reasons.map((reason) => reasonLine(reason, words)).join('');
	const score = scoreOf(handoff, context.language);
	return [
		`<div class="card"><strong>${escape(words.reasonTitle)}:</strong> ${escape(words.reasons[handoff.reason] ?? handoff.reason)}`,
		score ? `<br><strong>${escape(score)}</strong>` : '',
		`<span class="meta">${stateLine(handoff, context, viewer.userId)}</span></div>`,
		reasons ? section(words.why, `<ul>${reasons}</ul>`) : '',
		section(words.summary, `<p>${escape(thread.summary ?? words.noSummary)}</p>`),
	].join('');
}

function message(shown: ShownMessage, context: PageContext): string {
	const words = HANDOFF_WORDS[context.language];
	const isOut = shown.direction === 'outbound';
	const status = isOut ? (words.statuses[shown.status] ?? shown.status) : '';
	const meta = [words.authors[shown.author], timeOf(context, shown.at), status].filter(Boolean).join(' · ');
	const isBad = ['failed', 'blocked'].includes(shown.status);
	const body = shown.revoked ? words.revoked : shown.body || `[${shown.kind}]`;
	return `<li class="msg${isOut ? ' out' : ''}">${escape(body)}<span class="meta${isBad ? ' bad' : ''}">${escape(meta)}</span></li>`;
}

function answerForm(view: ThreadView, context: PageContext): string {
	const words = HANDOFF_WORDS[context.language];
	const { thread } = view;
	const typed = typedText(view, 'text');
	const isDraft = view.acted?.action === 'draft';
	const area = `<label for="text">${escape(words.answer)}</label><textarea id="text" name="text" rows="5" required>${escape(isDraft ? '' : typed)}</textarea>${button(words.send, true)}`;
	const window = thread.windowOpen
		? `<p>${escape(words.windowOpen(timeOf(context, thread.windowEnds)))}</p>`
		: `<p class="bad">${escape(words.windowClosed)}</p>`;
	// Outside the window the field stays only to keep what was typed.
	const free = thread.windowOpen || typed !== '' ? form(context, thread.conversationId, 'reply', area) : '';
	return section(words.answer, window + free);
}

/** Variables of a template in the order of their first mention. */
const variablesOf = ({ content }: ShownTemplate): string[] => [
	...new Set([...content.matchAll(/\{\{\s*([\w.]+)\s*\}\}/g)].map(([, name]) => name)),
];

function templateForms(view: ThreadView, context: PageContext): string {
	const words = HANDOFF_WORDS[context.language];
	const { thread, typed, acted } = view;
	if (thread.templates.length === 0) return thread.windowOpen ? '' : `<p>${escape(words.noTemplates)}</p>`;
	const forms = thread.templates.map((template) => {
		const wasThis = acted?.problem && typed?.template === template.id;
		const inputs = variablesOf(template).map((name, index) => {
			const id = `${template.id}-${index + 1}`;
			const value = wasThis ? typedText(view, `p${index + 1}`) : '';
			const label = /^\d+$/.test(name) ? words.variable(Number(name)) : name;
			return `<label for="${id}">${escape(label)}</label><input id="${id}" name="p${index + 1}" required maxlength="1024" value="${escape(value)}">`;
		});
		const hidden = `<input type="hidden" name="template" value="${escape(template.id)}">`;
		const inside = `<p>${escape(template.content)}</p>${hidden}${inputs.join('')}${button(words.sendTemplate, true)}`;
		return `<details${wasThis ? ' open' : ''} class="card"><summary>${escape(`${template.name} (${template.language})`)}</summary>${form({ ...context, formKey: `${context.formKey}${template.id.slice(0, 8)}` }, thread.conversationId, 'template', inside)}</details>`;
	});
	return section(words.templates, forms.join(''));
}

function draftForms(view: ThreadView, context: PageContext): string {
	const words = HANDOFF_WORDS[context.language];
	const { thread, acted, typed } = view;
	const one = (draft: ShownDraft): string => {
		const wasThis = acted?.problem && acted.action === 'draft' && typed?.draft === draft.id;
		const hidden = `<input type="hidden" name="draft" value="${escape(draft.id)}">`;
		const body = wasThis ? typedText(view, 'text') : draft.messages.join('\n\n');
		const own = { ...context, formKey: `${context.formKey}${draft.id.slice(0, 8)}` };
		const options = Object.entries(words.discardReasons)
			.map(([code, label]) => `<option value="${code}">${escape(label)}</option>`)
			.join('');
		const edit = `${hidden}<textarea name="text" rows="5" aria-label="${escape(words.draft)}" required>${escape(body)}</textarea>${button(words.sendDraft, true)}`;
		const drop = `${hidden}<select name="reason" aria-label="${escape(words.discardDraft)}">${options}</select>${button(words.discardDraft)}`;
		const id = thread.conversationId;
		return `<div class="card">${form(own, id, 'draft', edit)}${form(own, id, 'discard', drop)}</div>`;
	};
	return section(words.draft, thread.drafts.map(one).join(''));
}

function choices(
	name: string,
	labels: Record<string, string>,
	codes: readonly string[],
	chosen: string | null,
): string {
	const options = codes
		.map(
			(code) => `<option value="${code}"${code === chosen ? ' selected' : ''}>${escape(labels[code] ?? code)}</option>`,
		)
		.join('');
	return `<select id="${name}" name="${name}">${options}</select>`;
}

function labelForms({ thread }: ThreadView, context: PageContext): string {
	const words = HANDOFF_WORDS[context.language];
	const id = thread.conversationId;
	const of = (name: string, title: string, select: string): string =>
		`<label for="${name}">${escape(title)}</label>${select}${button(words.save)}`;
	const outcome = thread.handoff
		? form(
				context,
				id,
				'label',
				of('label', words.label, choices('label', words.outcomes, OUTCOMES, thread.handoff.outcome)),
			)
		: '';
	const lead = thread.leadId
		? form(context, id, 'lead', of('verdict', words.lead, choices('verdict', words.verdicts, OUTCOME_KINDS, null)))
		: '';
	return outcome + lead ? `<h2>${escape(words.save)}</h2>${outcome}${lead}` : '';
}

function doing(view: ThreadView, context: PageContext): string {
	const words = HANDOFF_WORDS[context.language];
	const { thread, viewer } = view;
	if (viewer.role === 'viewer') return `<p class="note">${escape(words.viewOnly)}</p>`;
	const id = thread.conversationId;
	const hasIt = thread.status === 'handoff';
	const isMine = hasIt && thread.handoff?.assigned_user_id === viewer.userId;
	const take = isMine ? '' : form(context, id, 'take', button(hasIt ? words.take : words.takeAgain, !hasIt));
	const give = hasIt ? form(context, id, 'return', button(words.giveBack)) : '';
	const kept = !hasIt && typedText(view, 'text') !== '';
	const answers = thread.optedOut
		? `<p class="bad">${escape(words.optedOut)}</p>`
		: hasIt || kept
			? answerForm(view, context) + templateForms(view, context)
			: '';
	return [
		hasIt ? '' : `<p class="note">${escape(words.botHasIt)}</p>`,
		`<div class="row">${take}${give}</div>`,
		draftForms(view, context),
		answers,
		labelForms(view, context),
	].join('');
}

/** One conversation with all that a person needs to answer. It does not refresh itself: what is typed must not be lost. */
export function threadPage(view: ThreadView, context: PageContext): string {
	const { thread } = view;
	const words = HANDOFF_WORDS[context.language];
	const name = thread.contactName ?? words.unnamed;
	const messages = thread.messages.map((shown) => message(shown, context)).join('');
	return frame(
		context.language,
		`${name} · ${words.conversation}`,
		[
			`<nav>${link(context, {}, words.back)}${link(context, { c: thread.conversationId }, words.refresh)}</nav>`,
			`<h1>${escape(name)}</h1>`,
			said(view, context),
			facts(view, context),
			section(
				words.messages,
				messages ? `<ul style="list-style:none;padding:0">${messages}</ul>` : `<p>${escape(words.noMessages)}</p>`,
			),
			doing(view, context),
		].join(''),
	);
}
