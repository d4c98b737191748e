import {
	escape,
	frame,
	funnel,
	lineChart,
	list,
	navigation as navigationOf,
	note,
	paragraph,
	section,
	stackedChart,
	table,
	type Chart,
	type ChartMark,
} from '../pages';
import { adviceOf, type Dashboard } from '../reports';
import type { Viewer } from './links';
import { day, link, number, percent, time, usd, wait, type PageContext } from './view';
import { DASHBOARD_WORDS } from './words';

/** Lines of one table: the page is read on a phone, what is more stands in the views. */
const ROWS = 12;
const HEALTH_MARK = { act: '●', look: '◐', know: '○' } as const;

const words = (context: PageContext) => DASHBOARD_WORDS[context.language];

const tiles = (entries: ReadonlyArray<readonly [label: string, value: string]>): string =>
	`<ul class="tiles">${entries.map(([label, value]) => `<li><b>${escape(value)}</b>${escape(label)}</li>`).join('')}</ul>`;

/** The days of the page, and for each the figure that `pick` finds there. */
function perDay(figures: Dashboard, pick: (day: string) => number | null): Array<number | null> {
	return figures.days.map(({ day: date, counted }) => (counted ? pick(date) : null));
}

/** Moments of change on the days of the page, those of one day together. */
function marks(figures: Dashboard, context: PageContext): ChartMark[] {
	const found = new Map<number, string[]>();
	for (const change of figures.changes) {
		const date = new Date(change.at).toLocaleDateString('en-CA', { timeZone: context.timezone });
		const at = figures.days.findIndex(({ day: shown }) => shown === date);
		if (at === -1) continue;
		const { targets, kinds, change: said } = words(context);
		const label = said(targets[change.target] ?? change.target, change.version, kinds[change.kind] ?? change.kind);
		found.set(at, [...(found.get(at) ?? []), label]);
	}
	return [...found].map(([at, labels]) => ({ at, label: [...new Set(labels)].join('; ') }));
}

const base = (figures: Dashboard, context: PageContext): Pick<Chart, 'labels' | 'words' | 'format'> => ({
	labels: figures.days.map(({ day: date }) => day(context, date)),
	words: words(context),
	format: (value) => number(context, value, value < 10 ? 2 : 0),
});

function now(figures: Dashboard, context: PageContext): string {
	const said = words(context);
	if (figures.health.length === 0) return note(said.nothingStuck);
	const lines = figures.health.map(({ code, n, since }) => {
		const { level, advice } = adviceOf(code, context.language);
		const when = since === null ? '' : `, ${said.since(time(context, since))}`;
		return `<li><strong${level === 'act' ? ' class="bad"' : ''}><span aria-hidden="true">${HEALTH_MARK[level]}</span> ${number(context, n)}${escape(when)}</strong> · ${escape(advice)}</li>`;
	});
	return `<ul>${lines.join('')}</ul>`;
}

function talk(figures: Dashboard, context: PageContext): string {
	const said = words(context);
	const wrote = (pick: (row: Dashboard['days'][number]) => number | null): Array<number | null> =>
		figures.days.map((row) => (row.counted ? (pick(row) ?? 0) : null));
	const messages = lineChart({
		...base(figures, context),
		title: said.charts.messages,
		series: [
			{ name: said.series.inbound, values: wrote(({ inbound }) => inbound) },
			{ name: said.series.byAgent, values: wrote(({ byAgent }) => byAgent) },
			{ name: said.series.byPeople, values: wrote(({ byPeople }) => byPeople) },
		],
	});
	const answers = new Map(
		figures.dailyWaits.filter(({ figure }) => figure === 'answer').map((row) => [row.day, row] as const),
	);
	const waits = lineChart({
		...base(figures, context),
		title: said.charts.waits,
		series: [
			{ name: said.series.p50, values: perDay(figures, (date) => answers.get(date)?.p50Seconds ?? null) },
			{ name: said.series.p90, values: perDay(figures, (date) => answers.get(date)?.p90Seconds ?? null) },
		],
		marks: marks(figures, context),
	});
	return `<div class="charts">${messages}${waits}</div>`;
}

function leads(figures: Dashboard, context: PageContext): string {
	const said = words(context);
	const names = [...new Set(figures.classes.map(({ classification }) => classification))].sort();
	const count = new Map(figures.classes.map((row) => [`${row.day} ${row.classification}`, row.n]));
	const classes = stackedChart({
		...base(figures, context),
		title: said.charts.classes,
		series: names.map((name) => ({
			name: name.replace('LEAD_', ''),
			values: perDay(figures, (date) => count.get(`${date} ${name}`) ?? 0),
		})),
		marks: marks(figures, context),
	});
	const steps = (Object.keys(said.funnelSteps) as Array<keyof typeof said.funnelSteps>).map((step) => ({
		name: said.funnelSteps[step],
		count: figures.funnel[step] ?? 0,
	}));
	const way = funnel(said.funnel, steps, (share) => percent(context, share * 100));
	const versions = figures.versions.filter(({ people, inService }) => people > 0 || inService).slice(0, ROWS);
	const columns = [
		{ title: said.columns.target },
		{ title: said.columns.version },
		...(['people', 'conversion', 'score', 'precision'] as const).map((name) => ({
			title: said.columns[name],
			isNumber: true,
		})),
	];
	const rows = versions.map((row) => [
		said.targets[row.target],
		`${row.version}${row.inService ? ' ●' : ''}`,
		number(context, row.people),
		percent(context, row.conversionPercent),
		number(context, row.target === 'prompt' ? row.judgedScore : row.meanScore, 1),
		percent(context, row.precisionPercent),
	]);
	return `<div class="charts">${classes}${way}</div>${rows.length > 0 ? table(columns, rows, said.views.versions) : ''}`;
}

function loop(figures: Dashboard, context: PageContext): string {
	const said = words(context);
	const { columns } = said;
	const rollouts = figures.rollouts
		.slice(0, ROWS)
		.map((row) => [
			said.targets[row.target],
			`${row.incumbentVersion ?? '?'} → ${row.candidateVersion ?? '?'}`,
			said.stages[row.stage] ?? row.stage,
			`${number(context, row.incumbentPeople)} / ${number(context, row.candidatePeople)}`,
			time(context, row.startedAt),
		]);
	const suggestions = figures.suggestions.slice(0, ROWS).map((row) => {
		const open = ['awaiting_approval', 'needs_data'].includes(row.state);
		const about = `${said.targets[row.target]} · ${said.states[row.state] ?? row.state} · ${time(context, row.createdAt)}`;
		const more = open ? ` ${link(context, { view: 'suggestion', target: row.target, id: row.id }, said.open)}` : '';
		return `<li>${escape(about)}${more}</li>`;
	});
	const reflections = figures.reflections
		.slice(0, ROWS)
		.map((row) => [
			said.targets[row.target],
			time(context, row.at),
			number(context, row.score, 2),
			row.action ?? said.states[row.status] ?? row.status,
			usd(context, row.costUsd),
		]);
	const of = (...names: Array<keyof typeof columns>) => names.map((name) => ({ title: columns[name] }));
	return [
		`<h3>${escape(said.suggestions)}</h3>${suggestions.length > 0 ? `<ul>${suggestions.join('')}</ul>` : paragraph(said.noData)}`,
		`<h3>${escape(said.rollouts)}</h3>${rollouts.length > 0 ? table(of('target', 'version', 'stage', 'arms', 'since'), rollouts, said.rollouts) : paragraph(said.noData)}`,
		`<h3>${escape(said.reflections)}</h3>${reflections.length > 0 ? table([...of('target', 'at', 'score', 'action'), { title: 'US$', isNumber: true }], reflections, said.reflections) : paragraph(said.noData)}`,
	].join('');
}

function money(figures: Dashboard, context: PageContext): string {
	const said = words(context);
	const sums = (kind: 'model' | 'meta'): Array<number | null> =>
		perDay(figures, (date) => {
			const rows = figures.costs.filter((row) => row.day === date && row.kind === kind);
			return rows.length === 0 ? 0 : rows.reduce((sum, row) => sum + (row.usd ?? 0), 0);
		});
	const chart = stackedChart({
		...base(figures, context),
		title: said.charts.cost,
		series: [
			{ name: said.series.model, values: sums('model') },
			{ name: said.series.meta, values: sums('meta') },
		],
		format: (value) => number(context, value, 3),
	});
	const cost = figures.costPerResult;
	const facts = [
		said.costs(usd(context, cost.modelUsd), usd(context, cost.metaUsd)),
		`${usd(context, cost.usdPerNewConversation)} ${said.perConversation}`,
		`${usd(context, cost.usdPerClient)} ${said.perClient}`,
		...(cost.unpriced > 0 ? [said.unpriced(cost.unpriced)] : []),
	];
	return `<div class="charts">${chart}<div>${list(facts)}</div></div>`;
}

function sending(figures: Dashboard, context: PageContext): string {
	const said = words(context);
	const rows = figures.sends.map(({ status, n }) => [said.statuses[status] ?? status, number(context, n)]);
	const columns = [{ title: said.columns.status }, { title: said.columns.count, isNumber: true }];
	const open = said.outboxNow(figures.outbox.pending, figures.outbox.unknown);
	return `${paragraph(open)}${rows.length > 0 ? table(columns, rows, said.sections.sending) : ''}`;
}

function limits(figures: Dashboard, context: PageContext): string {
	const said = words(context);
	const columns = [
		{ title: said.columns.limit },
		{ title: said.columns.used, isNumber: true },
		{ title: said.columns.most, isNumber: true },
	];
	const rows = figures.limits.map((row) => [
		`${said.limits[row.name] ?? row.name} ${said.periods[row.period] ?? row.period}`,
		number(context, row.used, 2),
		row.most === null ? said.noLimit : `${number(context, row.most, 2)} (${percent(context, row.percent)})`,
	]);
	return table(columns, rows, said.sections.limits);
}

function kpis(figures: Dashboard, context: PageContext): string {
	const said = words(context);
	const columns = [
		{ title: said.columns.figure },
		{ title: said.columns.value, isNumber: true },
		{ title: said.columns.over, isNumber: true },
	];
	const rows = figures.kpis.map(({ kpi, value, unit, n }) => [
		said.kpis[kpi] ?? kpi,
		value === null ? said.noData : `${number(context, value, 2)} ${said.units[unit] ?? unit}`.trim(),
		number(context, n),
	]);
	return table(columns, rows, said.sections.kpis);
}

/** The links between the pages of a tenant. */
export function navigation(current: 'overview' | 'replies' | 'versions', context: PageContext): string {
	const { views } = words(context);
	const entries = (Object.keys(views) as Array<keyof typeof views>).map((view) =>
		view === current
			? `<strong aria-current="page">${escape(views[view])}</strong>`
			: link(context, { view }, views[view]),
	);
	return navigationOf(words(context).title, entries);
}

/** All that a tenant's people ask of their agent, most urgent first. */
export function overviewPage(figures: Dashboard, viewer: Viewer, context: PageContext): string {
	const said = words(context);
	const waitOf = (figure: string): Dashboard['waits'][number] | undefined =>
		figures.waits.find((row) => row.figure === figure);
	const sum = (pick: (row: Dashboard['days'][number]) => number | null): number =>
		figures.days.reduce((total, row) => total + (pick(row) ?? 0), 0);
	const { modelUsd, metaUsd } = figures.costPerResult;
	const top = tiles([
		[
			said.tiles.inbound,
			number(
				context,
				sum(({ inbound }) => inbound),
			),
		],
		[
			said.tiles.conversations,
			number(
				context,
				sum(({ newConversations }) => newConversations),
			),
		],
		[said.tiles.answerP50, wait(context, waitOf('answer')?.p50Seconds ?? null)],
		[said.tiles.answerP90, wait(context, waitOf('answer')?.p90Seconds ?? null)],
		[said.tiles.firstAnswer, wait(context, waitOf('first_answer')?.p50Seconds ?? null)],
		[said.tiles.hotAnswer, wait(context, waitOf('hot')?.p50Seconds ?? null)],
		[said.tiles.hot, number(context, figures.hot.turned)],
		[said.tiles.clients, number(context, figures.funnel.clients)],
		[said.tiles.usd, usd(context, modelUsd === null && metaUsd === null ? null : (modelUsd ?? 0) + (metaUsd ?? 0))],
		[said.tiles.waiting, number(context, figures.handoffs.waiting)],
	]);
	const counted = figures.rolledAt === null ? said.neverCounted : said.counted(time(context, figures.rolledAt));
	const periods = [7, 30, 90].map((days) => link(context, { days: String(days) }, said.lastDays(days))).join(' · ');
	const body = [
		section(said.sections.now, now(figures, context)),
		section(said.lastDays(figures.days.length), `<p>${periods}</p>${top}`),
		section(said.sections.talk, talk(figures, context)),
		section(said.sections.leads, leads(figures, context)),
		section(said.sections.loop, loop(figures, context)),
		section(said.sections.money, money(figures, context)),
		section(said.sections.sending, sending(figures, context)),
		section(said.sections.limits, limits(figures, context)),
		section(said.sections.kpis, kpis(figures, context)),
	];
	return frame(context.language, `${said.title} · ${viewer.tenantName}`, body.join(''), {
		...{ heading: viewer.tenantName, navigation: navigation('overview', context), isWide: true },
		intro: `<p class="meta">${escape(counted)}</p>`,
	});
}
