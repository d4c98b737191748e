import type { Database } from '../database';
import { FactoryError } from '../errors';
import { escape, frame, paragraph } from '../pages';
import { inTenant, openPageLink, sealPageLink, type PageLinkPorts } from '../tenancy';
import { REPORT_LINK_HOURS } from './defaults';
import type { OnboardingLanguage } from './fields';
import { PAGE_WORDS } from './page-words';
import { firstMessageLine, readFirstMessage, type FirstMessageState } from './first-message';
import { readOnboarding, type OnboardingRef, type OnboardingState } from './store';

export interface SetupItem {
	item: 'number' | 'version' | 'handoff' | 'dashboard';
	met: boolean;
	/** ISO 8601. */
	at: string | null;
	/** What shows it: a version, a conversation, the sandbox test. */
	evidence: string | null;
}

export interface SetupReport {
	onboardingId: string;
	business: string;
	state: OnboardingState;
	approvedBy: string | null;
	approvedAt: string | null;
	firstMessageAt: string | null;
	/** What became of it; null when none was sent. */
	firstMessage: FirstMessageState | null;
	items: SetupItem[];
	itemsMet: number;
	delivered: boolean;
}

interface ReportRow {
	[column: string]: unknown;
	onboarding_id: string;
	business: string;
	state: OnboardingState;
	approved_by: string | null;
	approved_at: Date | null;
	activated_at: Date | null;
	first_message_at: Date | null;
	number_answers: boolean;
	number_answered_at: Date | null;
	versioned: boolean;
	version: string | null;
	handoff_tested: boolean;
	handoff_evidence: string | null;
	handoff_answered_at: Date | null;
	dashboard_seen: boolean;
	dashboard_seen_at: Date | null;
	items_met: number;
}

const READ = `select * from vw_setup_report where tenant_id = $1::uuid and onboarding_id = $2::uuid`;
const iso = (at: Date | null): string | null => at?.toISOString() ?? null;

/** Which of the four items of a finished setup are met, read from what happened. */
export async function setupReport(database: Database, ref: OnboardingRef): Promise<SetupReport> {
	const row = await inTenant(
		database,
		ref.tenantId,
		async (db) => await db.one<ReportRow>(READ, [ref.tenantId, ref.id]),
	);
	if (!row)
		throw new FactoryError(
			'ONBOARDING_NOT_FOUND',
			'There is no onboarding of this code. Start a new one, or check the code.',
			{ item: ref.id },
		);
	const items: SetupItem[] = [
		{ item: 'number', met: row.number_answers, at: iso(row.number_answered_at), evidence: null },
		{ item: 'version', met: row.versioned, at: iso(row.activated_at), evidence: row.version },
		{ item: 'handoff', met: row.handoff_tested, at: iso(row.handoff_answered_at), evidence: row.handoff_evidence },
		{ item: 'dashboard', met: row.dashboard_seen, at: iso(row.dashboard_seen_at), evidence: null },
	];
	return {
		...{
			onboardingId: row.onboarding_id,
			business: row.business,
			state: row.state,
			approvedBy: row.approved_by,
			approvedAt: iso(row.approved_at),
		},
		...{
			firstMessageAt: iso(row.first_message_at),
			firstMessage: await readFirstMessage(database, ref),
			items,
			itemsMet: row.items_met,
			delivered: row.items_met === items.length,
		},
	};
}

/** The four items and the first message in plain lines. */
export function reportLines(report: SetupReport, language: OnboardingLanguage): string[] {
	const words = PAGE_WORDS[language];
	return [
		...report.items.map(
			({ item, met }) => `${met ? '✓' : '○'} ${words.reportItems[item]}${met ? '' : `: ${words.notYet}`}`,
		),
		words.met(report.itemsMet),
		...(report.firstMessage ? [firstMessageLine(report.firstMessage, language)] : []),
	];
}

/** The report for people. Who the first message went to stands in the form alone. */
export function reportPage(report: SetupReport, language: OnboardingLanguage): string {
	const words = PAGE_WORDS[language];
	const when = (at: string | null): string =>
		at === null
			? ''
			: `, ${words.since} ${new Date(at).toLocaleString(language, { timeZone: 'America/Sao_Paulo', dateStyle: 'short', timeStyle: 'short' })}`;
	const lines = report.items.map(({ item, met, at, evidence }) => {
		const told = evidence === null ? '' : ` (${words.evidence[evidence] ?? evidence})`;
		const verdict = met
			? `<span class="good">✓</span>${escape(told + when(at))}`
			: `<span class="bad">${escape(words.notYet)}</span>`;
		return `<li>${escape(words.reportItems[item])}: ${verdict}</li>`;
	});
	return frame(
		language,
		words.report(report.business),
		`<ul>${lines.join('')}</ul>${paragraph(words.met(report.itemsMet))}${report.firstMessage ? paragraph(firstMessageLine(report.firstMessage, language, false)) : ''}`,
	);
}

const REPORT_PURPOSE = 'setup_report';

/** A link with which the client reads the report, as often as it likes. */
export function createReportLink(ref: OnboardingRef, baseUrl: string, ports: PageLinkPorts): string {
	const link = {
		purpose: REPORT_PURPOSE,
		tenantId: ref.tenantId,
		subject: ref.id,
		person: 'report',
		hours: REPORT_LINK_HOURS,
	};
	return sealPageLink(link, baseUrl, ports).url;
}

export async function openReportLink(
	database: Database,
	token: string,
	language: OnboardingLanguage | null,
	ports: Pick<PageLinkPorts, 'vault' | 'now'>,
): Promise<SetupReport & { html: string }> {
	const link = openPageLink(token, REPORT_PURPOSE, ports);
	const ref = { tenantId: link.tenantId, id: link.subject };
	const [report, onboarding] = [await setupReport(database, ref), await readOnboarding(database, ref)];
	return { ...report, html: reportPage(report, language ?? onboarding.language) };
}
