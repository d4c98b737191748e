import {
	button,
	escape,
	frame,
	inputField,
	keptText,
	note,
	paragraph,
	plainList,
	problemSummary,
	section,
	table,
} from '../pages';
import type { DiffLine, RollbackEffect, VersionComparison } from '../reports';
import { DETAIL_WORDS } from './detail-words';
import { mayDecide, type Viewer } from './links';
import { navigation } from './overview-page';
import type { Breaker, ListedVersion } from './store';
import { act, link, number, percent, time, type PageContext } from './view';
import { DASHBOARD_WORDS } from './words';

const words = (context: PageContext) => DETAIL_WORDS[context.language];
const navigated = (context: PageContext) => ({ navigation: navigation('versions', context) });

/** What a form just did, or why it did not. */
export interface Said {
	text: string;
	isBad: boolean;
	/** The form of a breaker that was refused, as it was typed. */
	breaker?: { target: 'persona' | 'prompt'; agentId: string | null; reason: string };
}

const isOf = (breaker: Breaker, said: Said | undefined): boolean =>
	said?.breaker?.target === breaker.target && said.breaker.agentId === breaker.agentId;
const reasonId = ({ target, agentId }: Pick<Breaker, 'target' | 'agentId'>): string => `reason-${agentId ?? target}`;

/** Above the lists: what was done, or what is wrong and where; a form that is gone leaves what was typed. */
function outcome(said: Said | undefined, breakers: readonly Breaker[], { language }: PageContext): string {
	if (!said) return '';
	if (!said.isBad) return note(said.text);
	const breaker = breakers.find((one) => isOf(one, said));
	const summary = problemSummary(language, [{ id: breaker ? reasonId(breaker) : null, message: said.text }]);
	return summary + (breaker ? '' : keptText(language, said.breaker?.reason ?? ''));
}

function breakerCard(breaker: Breaker, viewer: Viewer, context: PageContext, again?: Said): string {
	const said = words(context);
	const { targets } = DASHBOARD_WORDS[context.language];
	const name = `${targets[breaker.target]}${breaker.agent ? ` (${breaker.agent})` : ''}`;
	const isOpen = breaker.state === 'open';
	const text = isOpen
		? said.breakerOpen(name, time(context, breaker.since), breaker.reason ?? '?')
		: said.breakerHalfOpen(name);
	const hidden = { target: breaker.target, agent: breaker.agentId ?? '', to: isOpen ? 'half_open' : 'closed' };
	const refusedHere = isOf(breaker, again) ? again : undefined;
	const reason = inputField({
		...{ id: reasonId(breaker), name: 'reason', label: said.reason, isRequired: true },
		...{ value: refusedHere?.breaker?.reason, problem: refusedHere?.text },
	});
	const form = mayDecide(viewer)
		? act(context, 'setBreaker', hidden, `${reason}${button(isOpen ? said.tryAgain : said.close)}`)
		: '';
	return `<div class="card"><p class="bad">${escape(text)}</p>${form}</div>`;
}

function versionRow(version: ListedVersion, before: string | null, viewer: Viewer, context: PageContext): string {
	const said = words(context);
	const { columns } = DASHBOARD_WORDS[context.language];
	const facts = [
		`${columns.people} ${number(context, version.people)}`,
		`${columns.conversion} ${percent(context, version.conversionPercent)}`,
		`${columns.score} ${number(context, version.score, 2)}`,
		`${columns.since} ${time(context, version.activatedAt)}`,
	];
	const { target, versionId: id } = version;
	const compare = before ? link(context, { view: 'compare', target, before, after: id }, said.compare) : '';
	const restore =
		!version.inService && mayDecide(viewer)
			? link(context, { view: 'restore', target, id }, said.restore(version.version))
			: '';
	const name = `${version.agentVersion ? `${version.agentVersion} · ` : ''}${version.version}`;
	return `<li class="card"><strong>${escape(name)}</strong>${version.inService ? ` · <span class="good">${escape(said.inService)}</span>` : ''}<span class="meta">${escape(facts.join(' · '))}</span>${[compare, restore].filter(Boolean).join(' · ')}</li>`;
}

/** What a version was made of; else the one that served before it. */
const beforeIt = (version: ListedVersion, newestFirst: readonly ListedVersion[]): string | null =>
	version.parentId ??
	newestFirst.slice(newestFirst.indexOf(version) + 1).find(({ agentVersion }) => agentVersion === version.agentVersion)
		?.versionId ??
	null;

/** Personas and prompts that have served, how each did, and the breakers that stop the loop. */
export function versionsPage(
	{ versions, breakers }: { versions: readonly ListedVersion[]; breakers: readonly Breaker[] },
	viewer: Viewer,
	context: PageContext,
	said?: Said,
): string {
	const { targets, views } = DASHBOARD_WORDS[context.language];
	const lists = (['persona', 'prompt'] as const).map((target) => {
		const rows = versions.filter((version) => version.target === target);
		const cards = rows.map((version) => versionRow(version, beforeIt(version, rows), viewer, context));
		return section(targets[target], rows.length > 0 ? plainList(cards) : paragraph(words(context).noVersions));
	});
	const stopped = breakers.map((breaker) => breakerCard(breaker, viewer, context, said)).join('');
	const title = `${views.versions} · ${viewer.tenantName}`;
	const body = `${outcome(said, breakers, context)}${stopped ? section(words(context).breaker, stopped) : ''}${lists.join('')}`;
	return frame(context.language, title, body, navigated(context));
}

function diff(lines: readonly DiffLine[]): string {
	const marked = lines.map(({ kind, text }) =>
		kind === 'same' ? escape(text) : kind === 'added' ? `<ins>+ ${escape(text)}</ins>` : `<del>- ${escape(text)}</del>`,
	);
	return `<pre tabindex="0">${marked.join('\n')}</pre>`;
}

/** Two versions side by side: how each did, and what changed between them. */
export function comparePage(
	{ before, after, diff: changes }: VersionComparison,
	viewer: Viewer,
	context: PageContext,
): string {
	const said = words(context);
	const { targets, columns } = DASHBOARD_WORDS[context.language];
	const head = [
		{ title: columns.figure },
		...[before, after].map(({ version }, at) => ({
			title: `${at === 0 ? said.before : said.after}: ${version}`,
			isNumber: true,
		})),
	];
	const row = (name: string, of: (version: VersionComparison['before']) => string): string[] => [
		name,
		of(before),
		of(after),
	];
	const rows = [
		row(columns.people, ({ people }) => number(context, people)),
		row('HOT', ({ hot }) => number(context, hot)),
		row(columns.conversion, ({ conversionPercent }) => percent(context, conversionPercent)),
		row(columns.score, ({ judgedScore, meanScore }) => number(context, judgedScore ?? meanScore, 2)),
		row(columns.precision, ({ precisionPercent }) => percent(context, precisionPercent)),
		row(columns.since, ({ activatedAt }) => time(context, activatedAt)),
	];
	const changed = changes.added + changes.removed > 0;
	const text = changed
		? `${paragraph(said.changed(changes.added, changes.removed))}${diff(changes.lines)}`
		: paragraph(said.sameText);
	const restore =
		after.inService && mayDecide(viewer)
			? link(context, { view: 'restore', target: before.target, id: before.versionId }, said.restore(before.version))
			: '';
	const title = `${targets[after.target]} ${before.version} → ${after.version}`;
	const body = `${table(head, rows, title)}${text}${changes.cut > 0 ? paragraph(said.cut(changes.cut)) : ''}<p>${restore}</p>`;
	return frame(context.language, title, body, navigated(context));
}

export interface RestoreView {
	version: { target: 'persona' | 'prompt'; versionId: string; version: number };
	/** Of taking the version in service out of it. */
	effect: RollbackEffect | null;
	/** As it was typed, where it was refused. */
	reason?: string;
	problem?: string;
}

/** Asks before a version comes back, and says who meets another one then. */
export function restorePage({ version, effect, reason = '', problem }: RestoreView, context: PageContext): string {
	const said = words(context);
	const title = said.askTitle(DASHBOARD_WORDS[context.language].targets[version.target], version.version);
	const whom = effect ? paragraph(said.affected(effect.people, effect.people7d, effect.openConversations)) : '';
	const running = effect?.runningRollout ? paragraph(said.endsRollout) : '';
	const field = inputField({
		id: 'reason',
		name: 'reason',
		label: said.reason,
		value: reason,
		problem,
		isRequired: true,
	});
	const summary = problemSummary(context.language, problem ? [{ id: 'reason', message: problem }] : []);
	const hidden = { target: version.target, id: version.versionId };
	const form = act(context, 'restore', hidden, `${field}${button(said.confirm, true)}`);
	const back = link(context, { view: 'versions' }, said.back);
	return frame(context.language, title, `${summary}${whom}${running}${form}<p>${back}</p>`, navigated(context));
}
