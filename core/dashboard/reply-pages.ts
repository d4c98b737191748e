import { scorePointText, type ShownPoint } from '../leads';
import { escape, frame, list, paragraph, plainList, section, table } from '../pages';
import type { ReplyExplanation } from '../reports';
import { actionText, checkName } from './check-words';
import { DETAIL_WORDS } from './detail-words';
import type { Viewer } from './links';
import { navigation } from './overview-page';
import type { ListedReply } from './store';
import { link, number, time, usd, type PageContext } from './view';
import { DASHBOARD_WORDS } from './words';

const words = (context: PageContext) => DETAIL_WORDS[context.language];

/** The latest answers, each with the way to why. */
export function repliesPage(replies: readonly ListedReply[], viewer: Viewer, context: PageContext): string {
	const said = words(context);
	const cards = replies.map(({ messageId, at, contact, text }) => {
		const to = link(context, { view: 'why', message: String(messageId) }, said.why);
		return `<li class="card">${escape(text || said.gone.retention)}<span class="meta">${escape([contact ?? '', time(context, at)].filter(Boolean).join(' · '))}</span>${to}</li>`;
	});
	const body = cards.length > 0 ? plainList(cards) : paragraph(said.noReplies);
	const title = `${said.replies} · ${viewer.tenantName}`;
	return frame(context.language, title, body, { navigation: navigation('replies', context) });
}

type Shown = { text: string | null; textGone: 'taken_back' | 'retention' | null; kind: string };
const textOf = ({ text, textGone, kind }: Shown, context: PageContext): string =>
	textGone ? words(context).gone[textGone] : text || `[${kind}]`;

function bubble(shown: Shown, meta: string, isOut: boolean, context: PageContext): string {
	return `<li class="msg${isOut ? ' out' : ''}">${escape(textOf(shown, context))}<span class="meta">${escape(meta)}</span></li>`;
}

type Entry = Readonly<Record<string, unknown>>;
const shownPoint = ({ rule, points, evidence }: Entry): ShownPoint => ({
	...{ rule: typeof rule === 'string' ? rule : '', word: typeof evidence === 'string' ? evidence : '' },
	points: typeof points === 'number' ? points : undefined,
});

function classSection({ class: found }: ReplyExplanation, context: PageContext): string {
	const said = words(context);
	if (!found) return section(said.class, paragraph(said.noClass));
	const line = [said.score(found.classification, found.icpScore), found.ofThisTurn ? '' : said.ofBefore];
	const breakdown = found.scoreBreakdown.map((entry) => scorePointText(shownPoint(entry), context.language));
	return section(said.class, `<p><strong>${escape(line.filter(Boolean).join(' · '))}</strong></p>${list(breakdown)}`);
}

function versionsSection({ versions }: ReplyExplanation, context: PageContext): string {
	const said = words(context);
	if (!versions) return '';
	const { agent, prompt, persona } = versions;
	const lines = [
		agent ? `${said.agent}: ${agent.name} ${agent.version}, sha256 ${agent.bundleSha256.slice(0, 12)}` : '',
		prompt
			? `${said.prompt}: ${prompt.version}, ${said.rules(prompt.learnedRules)}, sha256 ${prompt.sha256.slice(0, 12)}`
			: '',
		persona ? `${said.persona}: ${persona.version}` : '',
		...(agent?.documents ?? []).map(({ title }) => `${said.documents}: ${title ?? '?'}`),
	];
	return section(said.versions, list(lines.filter(Boolean)));
}

function checksSection({ turn }: ReplyExplanation, context: PageContext): string {
	const said = words(context);
	if (!turn) return '';
	const lines = turn.checks.map((check) => {
		const verdict = check.fired ? (actionText(check.action, context.language) ?? said.fired) : said.passed;
		return `${checkName(check.check, context.language)}: ${verdict}`;
	});
	return section(said.checks, lines.length > 0 ? list(lines) : paragraph(said.noChecks));
}

function toolsSection({ tools }: ReplyExplanation, context: PageContext): string {
	const said = words(context);
	const entries = tools.map((tool) => {
		const head = `${tool.plugin} · ${tool.tool} · ${tool.status}${tool.errorCode ? ` (${tool.errorCode})` : ''} · ${time(context, tool.at)}`;
		return `<details class="card"><summary>${escape(head)}</summary><pre tabindex="0">${escape(JSON.stringify({ arguments: tool.arguments, result: tool.result }, null, 2))}</pre></details>`;
	});
	return section(said.tools, entries.length > 0 ? entries.join('') : paragraph(said.noTools));
}

function sendSection({ send, parts }: ReplyExplanation, context: PageContext): string {
	const said = words(context);
	if (!send) return '';
	const statuses = DASHBOARD_WORDS[context.language].statuses;
	const times = (Object.keys(said.times) as Array<keyof typeof said.times>)
		.filter((name) => send[name] !== null)
		.map((name) => `${said.times[name]}: ${time(context, send[name])}`);
	const problem = send.errorCode === null ? [] : [`${send.errorCode} ${send.errorMessage ?? ''}`.trim()];
	const at = parts.findIndex((part) => part.this) + 1;
	const part = parts.length > 1 && at > 0 ? [said.thisPart(at, parts.length)] : [];
	const lines = [statuses[send.status] ?? send.status, ...times, ...problem, ...part];
	return section(said.sending, list(lines));
}

function costSection({ cost, send, modelCalls }: ReplyExplanation, context: PageContext): string {
	const said = words(context);
	const { costs, unpriced } = DASHBOARD_WORDS[context.language];
	const columns = [
		{ title: said.calls.purpose },
		{ title: said.calls.model },
		{ title: said.calls.tokens, isNumber: true },
		{ title: said.calls.latency, isNumber: true },
		{ title: 'US$', isNumber: true },
	];
	const rows = modelCalls.map((call) => [
		call.purpose,
		call.model,
		`${number(context, call.inputTokens)} / ${number(context, call.outputTokens)}`,
		number(context, call.latencyMs / 1_000, 1),
		usd(context, call.costUsd),
	]);
	const sum = costs(usd(context, cost.modelUsd), usd(context, send?.costUsd ?? null));
	const rest = cost.unpricedCalls > 0 ? paragraph(unpriced(cost.unpricedCalls)) : '';
	return section(said.cost, `${paragraph(sum)}${rest}${rows.length > 0 ? table(columns, rows, said.cost) : ''}`);
}

/** All that is known of one answer, from what was asked to what it cost. */
export function whyPage(found: ReplyExplanation, viewer: Viewer, context: PageContext): string {
	const said = words(context);
	const { reply, asked, history, removed } = found;
	const local: PageContext = { ...context, timezone: reply.timezone };
	const meta = `${said.authors[reply.author] ?? reply.author} · ${time(local, reply.createdAt)}`;
	const body = [
		section(said.said, plainList([bubble(reply, meta, true, local)])),
		section(said.asked, plainList(asked.map((message) => bubble(message, time(local, message.at), false, local)))),
		classSection(found, local),
		versionsSection(found, local),
		checksSection(found, local),
		toolsSection(found, local),
		sendSection(found, local),
		costSection(found, local),
		history.length > 0
			? `<details><summary>${escape(said.history)}</summary>${plainList(history.map((message) => bubble(message, `${said.authors[message.author] ?? message.author} · ${time(local, message.at)}`, message.author !== 'contact', local)))}</details>`
			: '',
		removed.length > 0 ? list(removed.map((what) => said.removed[what])) : '',
	];
	const settings = { heading: said.why, navigation: navigation('replies', context) };
	return frame(context.language, `${said.why} · ${viewer.tenantName}`, body.join(''), settings);
}
