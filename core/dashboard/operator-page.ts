import { escape, frame, lineChart, note, section, table } from '../pages';
import { adviceOf, type OperatorDashboard } from '../reports';
import { day, number, time, usd, wait, type PageContext } from './view';
import { DASHBOARD_WORDS } from './words';

/** Every client of the agency in one table, the one in trouble first. */
export function operatorPage(figures: OperatorDashboard, context: PageContext): string {
	const said = DASHBOARD_WORDS[context.language];
	const stuck = ({ health }: OperatorDashboard['tenants'][number]): number =>
		health.filter(({ code }) => adviceOf(code, context.language).level === 'act').length;
	const tenants = [...figures.tenants].sort((a, b) => stuck(b) - stuck(a) || (b.inbound ?? 0) - (a.inbound ?? 0));
	const columns = [
		{ title: said.columns.name },
		{ title: said.columns.health },
		...[
			said.columns.messages,
			said.columns.newConversations,
			'HOT',
			said.funnelSteps.clients,
			said.tiles.answerP50,
			said.sections.money,
		].map((title) => ({ title, isNumber: true })),
	];
	const rows = tenants.map((tenant) => [
		tenant.name,
		tenant.health.map(({ code, n }) => `${code.replace(/_/g, ' ')} ${n}`).join(', ') || '✓',
		number(context, tenant.inbound),
		number(context, tenant.newConversations),
		number(context, tenant.hot),
		number(context, tenant.clients),
		wait(context, tenant.answerP50Seconds),
		usd(
			context,
			tenant.modelUsd === null && tenant.metaUsd === null ? null : (tenant.modelUsd ?? 0) + (tenant.metaUsd ?? 0),
		),
	]);
	const advice = [...new Set(figures.tenants.flatMap(({ health }) => health.map(({ code }) => code)))].map(
		(code) =>
			`<li><strong>${escape(code.replace(/_/g, ' '))}</strong> · ${escape(adviceOf(code, context.language).advice)}</li>`,
	);
	const chart = lineChart({
		title: said.charts.messages,
		labels: figures.days.map(({ day: date }) => day(context, date)),
		series: [{ name: said.series.inbound, values: figures.days.map(({ inbound }) => inbound) }],
		format: (value) => number(context, value),
		words: said,
	});
	const stopped = figures.automationStoppedAt
		? note(
				`${adviceOf('automation_stopped', context.language).advice} (${time(context, figures.automationStoppedAt)})`,
				true,
			)
		: '';
	const body = [
		stopped,
		section(said.sections.now, advice.length > 0 ? `<ul>${advice.join('')}</ul>` : note(said.nothingStuck)),
		section(said.sections.tenants, table(columns, rows, said.sections.tenants)),
		section(said.sections.talk, `<div class="charts">${chart}</div>`),
	];
	return frame(context.language, said.operatorTitle, body.join(''), { isWide: true });
}
