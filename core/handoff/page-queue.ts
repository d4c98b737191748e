import { escape, frame, navigation, paragraph, plainList, reloadLink, section } from '../pages';
import { REFRESH_SECONDS } from './defaults';
import { link, queryOf, timeOf, type PageContext } from './page-frame';
import type { DraftedConversation, QueuedHandoff } from './store';
import { HANDOFF_WORDS } from './words';

export interface QueueView {
	tenantName: string;
	viewerId: string;
	filter: 'all' | 'mine' | 'past';
	handoffs: readonly QueuedHandoff[];
	drafted: readonly DraftedConversation[];
}

/** The line under a name: state, who has it, until when. */
export function stateLine(handoff: QueuedHandoff, context: PageContext, viewerId: string): string {
	const words = HANDOFF_WORDS[context.language];
	const { state, overdue, assigned_user_id: assigned, assigned_name: name } = handoff;
	const parts = [
		words[state],
		state === 'waiting' && handoff.sla_due_at ? words.due(timeOf(context, handoff.sla_due_at)) : '',
		words.since(timeOf(context, handoff.started_at)),
		assigned ? words.with(assigned === viewerId ? words.you : (name ?? '?')) : words.withNobody,
		handoff.escalation_level > 0 ? words.level(handoff.escalation_level) : '',
	].filter((part) => part !== '');
	const late = overdue && state === 'waiting' ? `<span class="bad">${escape(words.overdue)}</span> · ` : '';
	return `${late}${escape(parts.join(' · '))}`;
}

export const scoreOf = ({ classification, score }: QueuedHandoff, language: PageContext['language']): string =>
	classification !== null && score !== null ? HANDOFF_WORDS[language].score(classification, score) : '';

function card(handoff: QueuedHandoff, context: PageContext, viewerId: string): string {
	const words = HANDOFF_WORDS[context.language];
	const name = link(context, { c: handoff.conversation_id }, handoff.contact_name ?? words.unnamed);
	const facts = [words.reasons[handoff.reason] ?? handoff.reason, scoreOf(handoff, context.language)].filter(Boolean);
	return `<li class="card"><strong>${name}</strong><br>${escape(facts.join(' · '))}<span class="meta">${stateLine(handoff, context, viewerId)}</span></li>`;
}

/** Who waits for a person, the most urgent first. */
export function queuePage(view: QueueView, context: PageContext): string {
	const words = HANDOFF_WORDS[context.language];
	const { filter: shown, tenantName } = view;
	const reloads: Record<string, string> = context.isReloading ? { reload: '1' } : {};
	const tabs = (['all', 'mine', 'past'] as const).map((filter) =>
		filter === shown
			? `<strong aria-current="page">${escape(words[filter])}</strong>`
			: link(context, { filter, ...reloads }, words[filter]),
	);
	const refresh = link(context, { filter: shown, ...reloads }, words.refresh);
	const cards = view.handoffs.map((handoff) => card(handoff, context, view.viewerId));
	const drafted = view.drafted.map(
		({ conversation_id: c, contact_name: name }) => `<li>${link(context, { c }, name ?? words.unnamed)}</li>`,
	);
	const waiting = view.handoffs.filter(({ state }) => state === 'waiting').length;
	return frame(
		context.language,
		`${waiting > 0 ? `(${waiting}) ` : ''}${words.queue} · ${tenantName}`,
		[
			cards.length > 0 ? plainList(cards) : paragraph(words.nobody),
			drafted.length > 0 ? section(words.drafts, plainList(drafted)) : '',
			`<p>${reloadLink(context.language, queryOf(context, { filter: shown }), { seconds: REFRESH_SECONDS, isOn: context.isReloading })}</p>`,
		].join(''),
		{
			...{ heading: `${words.queue} · ${tenantName}`, navigation: navigation(words.queue, [...tabs, refresh]) },
			refreshSeconds: context.isReloading ? REFRESH_SECONDS : undefined,
		},
	);
}
