import { OUTCOME_KINDS, scorePointText } from '../leads';
import {
	button,
	choiceField,
	escape,
	frame,
	inputField,
	keptText,
	list,
	navigation,
	note,
	paragraph,
	plainList,
	problemSummary,
	section,
	textField,
} from '../pages';
import type { Acted, PageForm } from './act';
import { OUTCOMES } from './labels';
import { form, link, timeOf, type PageContext } from './page-frame';
import { scoreOf, stateLine } from './page-queue';
import type { ShownDraft, ShownMessage, ShownTemplate, Thread, Viewer } from './store';
import { HANDOFF_WORDS } from './words';

export interface ThreadView {
	thread: Thread;
	viewer: Viewer;
	/** What was just done, and the form as it was sent: on a refusal it stands there again. */
	acted?: Pick<Acted, 'action' | 'problem'> | null;
	typed?: PageForm;
}

const typedText = ({ typed, acted }: ThreadView, name: string): string =>
	acted?.problem && typeof typed?.[name] === 'string' ? typed[name] : '';

/** The field that a refused form was about, if the page still has it. */
function refusedField({ acted, typed, thread, viewer }: ThreadView): string | null {
	if (!acted?.problem || viewer.role === 'viewer') return null;
	const draft = thread.drafts.find(({ id }) => id === typed?.draft)?.id;
	const template = thread.templates.find(({ id }) => id === typed?.template);
	const variable = acted.problem.field?.slice(1) ?? (template && variablesOf(template).length > 0 ? '1' : '');
	const fields: Record<Acted['action'], string | null> = {
		...{ reply: thread.optedOut ? null : 'text', take: null, return: null },
		...{ label: thread.handoff ? 'label' : null, lead: thread.leadId ? 'verdict' : null },
		draft: draft ? `draft-${draft}` : null,
		discard: draft ? `reason-${draft}` : null,
		template:
			template && variable && !thread.optedOut && thread.status === 'handoff' ? `${template.id}-${variable}` : null,
	};
	return fields[acted.action];
}

function problemText({ acted }: ThreadView, { language }: PageContext): string {
	const problem = acted?.problem;
	return problem ? (HANDOFF_WORDS[language].problems[problem.code] ?? problem.message) : '';
}

const problemOf = (view: ThreadView, context: PageContext, id: string): string | undefined =>
	refusedField(view) === id ? problemText(view, context) : undefined;

function said(view: ThreadView, context: PageContext): string {
	const words = HANDOFF_WORDS[context.language];
	if (!view.acted) return '';
	if (!view.acted.problem) return note(words.done[view.acted.action]);
	const id = refusedField(view);
	const summary = problemSummary(context.language, [{ id, message: problemText(view, context) }]);
	// A form that is gone leaves what was typed into it to be read and copied.
	const typed = Object.entries(view.typed ?? {})
		.filter(([name, value]) => /^(text|p\d+)$/.test(name) && typeof value === 'string')
		.map(([, value]) => String(value));
	return summary + (id === null ? keptText(context.language, typed.join('\n')) : '');
}

function facts({ thread, viewer }: ThreadView, context: PageContext): string {
	const words = HANDOFF_WORDS[context.language];
	const { handoff } = thread;
	if (!handoff) return '';
	const reasons = handoff.score_reasons.map((reason) => scorePointText(reason, context.language));
	const score = scoreOf(handoff, context.language);
	return [
		`<div class="card"><strong>${escape(words.reasonTitle)}:</strong> ${escape(words.reasons[handoff.reason] ?? handoff.reason)}`,
		score ? `<br><strong>${escape(score)}</strong>` : '',
		`<span class="meta">${stateLine(handoff, context, viewer.userId)}</span></div>`,
		reasons.length > 0 ? section(words.why, list(reasons)) : '',
		section(words.summary, paragraph(thread.summary ?? words.noSummary)),
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
	const area = textField({
		...{ id: 'text', name: 'text', label: words.answer, value: isDraft ? '' : typed, isRequired: true },
		problem: problemOf(view, context, 'text'),
	});
	const window = thread.windowOpen
		? `<p>${escape(words.windowOpen(timeOf(context, thread.windowEnds)))}</p>`
		: `<p class="bad">${escape(words.windowClosed)}</p>`;
	// Outside the window the field stays only to keep what was typed.
	const free =
		thread.windowOpen || typed !== ''
			? form(context, thread.conversationId, 'reply', area + button(words.send, true))
			: '';
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
			return inputField({
				id,
				name: `p${index + 1}`,
				label,
				value,
				isRequired: true,
				problem: problemOf(view, context, id),
			});
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
		const [textId, reasonId] = [`draft-${draft.id}`, `reason-${draft.id}`];
		const area = textField({
			...{ id: textId, name: 'text', label: words.draft, value: body, isRequired: true },
			problem: problemOf(view, context, textId),
		});
		const reason = choiceField({
			...{ id: reasonId, name: 'reason', label: words.discardReason, options: Object.entries(words.discardReasons) },
			problem: problemOf(view, context, reasonId),
		});
		const edit = hidden + area + button(words.sendDraft, true);
		const drop = hidden + reason + button(words.discardDraft);
		const id = thread.conversationId;
		return `<div class="card">${form(own, id, 'draft', edit)}${form(own, id, 'discard', drop)}</div>`;
	};
	return thread.drafts.length > 0 ? section(words.draft, thread.drafts.map(one).join('')) : '';
}

function labelForms(view: ThreadView, context: PageContext): string {
	const { thread } = view;
	const words = HANDOFF_WORDS[context.language];
	const of = (
		id: string,
		label: string,
		labels: Record<string, string>,
		codes: readonly string[],
		value = '',
	): string =>
		choiceField({
			...{ id, name: id, label, value, problem: problemOf(view, context, id) },
			options: codes.map((code) => [code, labels[code] ?? code] as const),
		}) + button(words.save);
	const { conversationId: id, handoff } = thread;
	const outcome = handoff
		? form(context, id, 'label', of('label', words.label, words.outcomes, OUTCOMES, handoff.outcome ?? ''))
		: '';
	const lead = thread.leadId ? form(context, id, 'lead', of('verdict', words.lead, words.verdicts, OUTCOME_KINDS)) : '';
	return outcome + lead ? section(words.save, outcome + lead) : '';
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
	const messages = thread.messages.map((shown) => message(shown, context));
	const back = link(context, {}, words.back);
	const refresh = link(context, { c: thread.conversationId }, words.refresh);
	return frame(
		context.language,
		`${name} · ${words.conversation}`,
		[
			said(view, context),
			facts(view, context),
			section(words.messages, messages.length > 0 ? plainList(messages) : paragraph(words.noMessages)),
			doing(view, context),
		].join(''),
		{ heading: name, navigation: navigation(words.conversation, [back, refresh]) },
	);
}
