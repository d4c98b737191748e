import { connectPage } from '../../core/crm';
import { confirmPage, refusedPage, signInPage } from '../../core/dashboard';
import { operatorPage } from '../../core/dashboard/operator-page';
import { overviewPage } from '../../core/dashboard/overview-page';
import { repliesPage, whyPage } from '../../core/dashboard/reply-pages';
import { comparePage, restorePage, versionsPage } from '../../core/dashboard/version-pages';
import { refusedPage as handoffRefusedPage } from '../../core/handoff';
import { queuePage } from '../../core/handoff/page-queue';
import { threadPage } from '../../core/handoff/page-thread';
import { approvalFailurePage, approvalPage, decidedPage } from '../../core/improvement';
import { confirmationPage, failurePage as verdictFailurePage, thanksPage } from '../../core/leads';
import { failurePage as onboardingFailurePage, reportPage } from '../../core/onboarding';
import {
	approvalPage as onboardingApprovalPage,
	decidedPage as onboardingDecidedPage,
} from '../../core/onboarding/approval-page';
import type { PageLanguage } from '../../core/pages';
import { practicesPage } from '../../core/practices/page';
import { checklistPage, CHECKS } from '../../core/setup';
import * as approval from './fixtures/approval';
import * as board from './fixtures/dashboard';
import * as handoff from './fixtures/handoff';
import * as practices from './fixtures/practices';

type States = Readonly<Record<string, (language: PageLanguage) => string>>;

const invalid = { code: 'PAGE_LINK_INVALID', message: 'This link opens nothing.' };
const card = { suggestion: approval.suggestion, dryRun: approval.dryRun, person: 'Ana' };
const bad = { text: 'Diga por quê.', isBad: true };
const refusedBreaker = { target: 'persona' as const, agentId: null, reason: 'x' };
const viewOnly = { ...board.viewer, role: 'viewer' as const };
const items = (done: number) =>
	CHECKS.map((check, at) => ({ check, done: at < done, findings: at === done ? ['waits', board.LONG] : [] }));
const still = { token: 'v1.token', isReloading: false };
const { contextIn } = board;
const inHandoff = handoff.contextIn;
const typed = { text: `Oi Rui! ${board.LONG}` };

/** Every page that we serve, by the file and the name of what makes it, in each state that a person may see. */
export const SERVED: Readonly<Record<string, States>> = {
	'core/crm/connect/page.ts connectPage': {
		done: (language) => connectPage('done', language, 'ana@example.com'),
		'link not valid': (language) => connectPage('expired', language),
		refused: (language) => connectPage('denied', language),
	},
	'core/dashboard/sign-in-page.ts signInPage': {
		empty: (language) => signInPage(language, { sendsMail: true }),
		'without mails': (language) => signInPage(language),
		'bad address': (language) => signInPage(language, { said: 'badEmail', email: 'ana@', sendsMail: true }),
		'bad key': (language) => signInPage(language, { said: 'badKey' }),
		sent: (language) => signInPage(language, { said: 'sent', sendsMail: true }),
	},
	'core/dashboard/sign-in-page.ts confirmPage': { asks: (language) => confirmPage(language, 'v1.token') },
	'core/dashboard/sign-in-page.ts refusedPage': { 'link not valid': (language) => refusedPage(language) },
	'core/dashboard/operator-page.ts operatorPage': {
		clients: (language) => operatorPage(board.operator, contextIn(language)),
		empty: (language) => operatorPage(board.noClients, contextIn(language)),
	},
	'core/dashboard/overview-page.ts overviewPage': {
		busy: (language) => overviewPage(board.busy, board.viewer, contextIn(language)),
		empty: (language) => overviewPage(board.quiet, board.viewer, contextIn(language)),
	},
	'core/dashboard/reply-pages.ts repliesPage': {
		some: (language) => repliesPage(board.replies, board.viewer, contextIn(language)),
		empty: (language) => repliesPage([], board.viewer, contextIn(language)),
	},
	'core/dashboard/reply-pages.ts whyPage': {
		known: (language) => whyPage(board.explained, board.viewer, contextIn(language)),
		forgotten: (language) => whyPage(board.forgotten, board.viewer, contextIn(language)),
	},
	'core/dashboard/version-pages.ts versionsPage': {
		some: (language) =>
			versionsPage({ versions: board.versions, breakers: board.breakers }, board.viewer, contextIn(language)),
		refused: (language) =>
			versionsPage({ versions: board.versions, breakers: board.breakers }, board.viewer, contextIn(language), {
				...bad,
				breaker: refusedBreaker,
			}),
		'breaker moved': (language) =>
			versionsPage({ versions: [], breakers: [] }, board.viewer, contextIn(language), {
				...bad,
				breaker: refusedBreaker,
			}),
		empty: (language) => versionsPage({ versions: [], breakers: [] }, viewOnly, contextIn(language)),
	},
	'core/dashboard/version-pages.ts comparePage': {
		changed: (language) => comparePage(board.comparison, board.viewer, contextIn(language)),
		same: (language) => comparePage(board.same, viewOnly, contextIn(language)),
	},
	'core/dashboard/version-pages.ts restorePage': {
		asks: (language) => restorePage(board.asked, contextIn(language)),
		refused: (language) => restorePage({ ...board.asked, reason: 'x', problem: bad.text }, contextIn(language)),
	},
	'core/handoff/page-frame.ts refusedPage': { 'link not valid': (language) => handoffRefusedPage(language) },
	'core/handoff/page-queue.ts queuePage': {
		waiting: (language) => queuePage(handoff.queue, inHandoff(language)),
		empty: (language) => queuePage(handoff.emptyQueue, inHandoff(language)),
		reloading: (language) => queuePage(handoff.queue, inHandoff(language, true)),
	},
	'core/handoff/page-thread.ts threadPage': {
		open: (language) => threadPage({ thread: handoff.thread, viewer: handoff.viewer }, inHandoff(language)),
		empty: (language) => threadPage({ thread: handoff.emptyThread, viewer: handoff.viewer }, inHandoff(language)),
		'answer refused': (language) => threadPage(handoff.refusedIn('reply', 'VALUE_REFUSED', typed), inHandoff(language)),
		'variable missing': (language) =>
			threadPage(
				handoff.refusedIn('template', 'VALUE_REFUSED', { template: handoff.TEMPLATE, p1: 'Rui', p2: '' }, {}, 'p2'),
				inHandoff(language),
			),
		'draft gone': (language) =>
			threadPage(handoff.refusedIn('draft', 'HANDOFF_DRAFT_GONE', { draft: 'gone', ...typed }), inHandoff(language)),
	},
	'core/improvement/approval-page.ts approvalPage': {
		tested: (language) => approvalPage(card, 'v1.token', language),
		untested: (language) =>
			approvalPage({ ...card, suggestion: approval.untested, dryRun: null }, 'v1.token', language),
		escalation: (language) =>
			approvalPage({ ...card, suggestion: approval.escalation, dryRun: null }, 'v1.token', language),
		'edit refused': (language) =>
			approvalPage(card, 'v1.token', language, {
				...{
					decision: 'edit',
					operations: `[{ "op": "${board.LONG}" `,
					problem: { id: 'operations', message: 'JSON' },
				},
			}),
	},
	'core/improvement/approval-page.ts decidedPage': { approved: (language) => decidedPage('approved', language) },
	'core/improvement/approval-page.ts approvalFailurePage': {
		'link not valid': (language) =>
			approvalFailurePage({ code: 'APPROVAL_LINK_USED', message: 'Used.' }, language, board.LONG),
	},
	'core/leads/outcomes/verdict-page.ts confirmationPage': {
		asks: (language) => confirmationPage('bom', 'v1.token', language),
		'in Spanish': () => confirmationPage('bom', 'v1.token', 'es'),
	},
	'core/leads/outcomes/verdict-page.ts thanksPage': { done: (language) => thanksPage('ruim', language) },
	'core/leads/outcomes/verdict-page.ts failurePage': {
		'link not valid': (language) => verdictFailurePage({ ...invalid, code: 'VERDICT_LINK_INVALID' }, language),
	},
	'core/onboarding/approval-page.ts approvalPage': {
		asks: (language) => onboardingApprovalPage(approval.onboarding, 'Dona Lia', 'v1.token', language),
		'note missing': (language) =>
			onboardingApprovalPage(approval.onboarding, 'Dona Lia', 'v1.token', language, { note: '', problem: 'missing' }),
		'note too long': (language) =>
			onboardingApprovalPage(approval.onboarding, 'Dona Lia', 'v1.token', language, {
				...{ note: board.LONG, problem: 'tooLong' },
			}),
	},
	'core/onboarding/approval-page.ts decidedPage': {
		approved: (language) => onboardingDecidedPage('approved', language),
	},
	'core/onboarding/approval-page.ts failurePage': {
		'link not valid': (language) => onboardingFailurePage(invalid, language),
		'link used': (language) => onboardingFailurePage({ ...invalid, code: 'PAGE_LINK_USED' }, language, board.LONG),
	},
	'core/onboarding/report.ts reportPage': {
		delivered: (language) => reportPage(approval.report, language),
		empty: (language) => reportPage(approval.begun, language),
	},
	'core/practices/page.ts practicesPage': {
		busy: (language) => practicesPage(practices.busy, practices.contextIn(language), 'withdrawn'),
		'for a viewer, empty': (language) => practicesPage(practices.empty, practices.contextIn(language, false)),
	},
	'core/setup/page.ts checklistPage': {
		begun: (language) => checklistPage(language, items(2), still),
		done: (language) => checklistPage(language, items(CHECKS.length), still),
		reloading: (language) => checklistPage(language, items(2), { ...still, isReloading: true }),
	},
};
