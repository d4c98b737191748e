import type { Database } from '../database';
import { FactoryError } from '../errors';
import { inTenant, openPageLink, sealPageLink, usePageLink, type OpenedPageLink, type PageLinkPorts } from '../tenancy';
import { approvalPage, decidedPage, type RefusedNote } from './approval-page';
import { NOTE_MAX_CHARACTERS, ONBOARDING_LINK_HOURS } from './defaults';
import type { OnboardingLanguage } from './fields';
import { readIn, type Onboarding, type OnboardingRef } from './store';

const PURPOSE = 'onboarding_approval';
const SEND = `select send_onboarding_for_approval($1::uuid, $2::uuid) as sha256`;
const USED = `select 1 as used from used_page_links where tenant_id = $1::uuid and token_sha256 = $2::text`;
const DECIDE = `select decide_onboarding($1::uuid, $2::uuid, $3::text, $4::boolean, $5::text, $6::text) as state`;

/** A link with which one named person of the client decides on exactly this agent, once. */
export async function createOnboardingLink(
	database: Database,
	ref: OnboardingRef,
	request: { person: string; baseUrl: string; hours?: number },
	ports: PageLinkPorts,
	actor?: string,
): Promise<{ url: string; expiresAt: string }> {
	return await inTenant(
		database,
		ref.tenantId,
		async (db) => {
			const { sha256 } = (await db.one<{ sha256: string }>(SEND, [ref.tenantId, ref.id]))!;
			const link = sealPageLink(
				{
					purpose: PURPOSE,
					tenantId: ref.tenantId,
					subject: ref.id,
					person: request.person,
					hours: request.hours ?? ONBOARDING_LINK_HOURS,
					data: { sha256 },
				},
				request.baseUrl,
				ports,
			);
			return { url: link.url, expiresAt: link.expiresAt.toISOString() };
		},
		{ actor },
	);
}

type OpenPorts = Pick<PageLinkPorts, 'vault' | 'now'>;
const used = (): FactoryError =>
	new FactoryError('PAGE_LINK_USED', 'This link was used already: one link is one decision. Ask for a new one.');
const changed = (): FactoryError =>
	new FactoryError('ONBOARDING_CHANGED', 'The agent has changed since this link was made. Ask for a new one.');

const shaOf = (link: OpenedPageLink): string => (typeof link.data.sha256 === 'string' ? link.data.sha256 : '');

function requireShown(onboarding: Onboarding, link: OpenedPageLink): void {
	if (onboarding.state !== 'sent_for_approval' || onboarding.bundleSha256 !== shaOf(link)) throw changed();
}

export interface ApprovalCard {
	onboardingId: string;
	tenantId: string;
	person: string;
	html: string;
}

/** The page that asks. Opening it uses nothing up: messengers fetch links for their preview. */
export async function openOnboardingLink(
	database: Database,
	token: string,
	language: OnboardingLanguage | null,
	ports: OpenPorts,
): Promise<ApprovalCard> {
	const link = openPageLink(token, PURPOSE, ports);
	const onboarding = await inTenant(database, link.tenantId, async (db) => {
		if (await db.one(USED, [link.tenantId, link.sha256])) throw used();
		return await readIn(db, { tenantId: link.tenantId, id: link.subject });
	});
	requireShown(onboarding, link);
	const html = approvalPage(onboarding, link.person, token, language ?? onboarding.language);
	return { onboardingId: onboarding.id, tenantId: link.tenantId, person: link.person, html };
}

export interface ClientsWord {
	decision: unknown;
	note?: unknown;
}

export interface DecidedOnboarding {
	onboardingId: string;
	tenantId: string;
	person: string;
	decision: 'approved' | 'rejected';
	note: string | null;
	html: string;
}

/** Uses the link up and decides, in one transaction: a decision that fails leaves the link as it was. */
export async function decideOnboardingLink(
	database: Database,
	token: string,
	given: ClientsWord,
	language: OnboardingLanguage | null,
	ports: OpenPorts,
): Promise<DecidedOnboarding> {
	const link = openPageLink(token, PURPOSE, ports);
	const note = typeof given.note === 'string' ? given.note.trim() : '';
	if (given.decision !== 'approve' && given.decision !== 'changes') {
		throw new FactoryError('VALUE_REFUSED', 'A decision is approve or changes.', { item: 'decision' });
	}
	const approved = given.decision === 'approve';
	return await inTenant(
		database,
		link.tenantId,
		async (db) => {
			const onboarding = await readIn(db, { tenantId: link.tenantId, id: link.subject });
			const words = language ?? onboarding.language;
			const card = { onboardingId: onboarding.id, tenantId: link.tenantId, person: link.person };
			const again = (problem: RefusedNote['problem']) => ({
				item: 'note',
				details: { html: approvalPage(onboarding, link.person, token, words, { note, problem }) },
			});
			// Who wants something changed says what: the page comes back with the field marked, and the link still works.
			if (!approved && (note === '' || note.length > NOTE_MAX_CHARACTERS)) {
				requireShown(onboarding, link);
				if (note === '')
					throw new FactoryError('ONBOARDING_NOTE_MISSING', 'Say what should be changed.', again('missing'));
				throw new FactoryError(
					'VALUE_REFUSED',
					`Shorten the note to ${NOTE_MAX_CHARACTERS} characters.`,
					again('tooLong'),
				);
			}
			if (!(await usePageLink(db, PURPOSE, link))) throw used();
			requireShown(onboarding, link);
			const { state } = (await db.one<{ state: 'approved' | 'rejected' }>(DECIDE, [
				link.tenantId,
				link.subject,
				shaOf(link),
				approved,
				link.person,
				note,
			]))!;
			return { ...card, decision: state, note: note || null, html: decidedPage(state, words) };
		},
		{ actor: link.person },
	);
}
