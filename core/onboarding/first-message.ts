import { addConsent, consentsOf } from '../consent';
import type { Database } from '../database';
import { FactoryError } from '../errors';
import { graphAdvice } from '../meta';
import { sendDirect } from '../outbox';
import { inTenant } from '../tenancy';
import { TEMPLATES_OFFERED } from './defaults';
import type { OnboardingLanguage } from './fields';
import { LIVE_WORDS } from './live-words';
import { readOnboarding, type OnboardingRef } from './store';

export interface FirstMessage {
	/** Digits with country code: the client's own phone, or whoever agreed to be the first. */
	phone: string;
	name?: string | null;
	/** Sent while the 24-hour window is open. */
	text: string;
	/** Sent otherwise; without it we wait for the person's own message. */
	templateId?: string | null;
	parameters?: string[];
	/** Whoever fills this in says that the person agreed; goes into the ledger of consent. */
	hasConsented?: boolean;
}

export type FirstMessageResult =
	| { sent: true; by: 'text' | 'template'; outboxId: string; conversationId: string }
	| { sent: false; reason: 'window_closed' | 'no_consent' | 'opted_out'; conversationId: string };

/** What became of it. */
export interface FirstMessageState {
	outboxId: string;
	status: string;
	errorCode: number | null;
	/** Why we did not let it out, or what Meta said. */
	reason: string | null;
	phone: string | null;
	contactName: string | null;
	byTemplate: boolean;
	sentAt: Date | null;
	at: Date;
}

export interface OfferedTemplate {
	id: string;
	name: string;
	language: string;
	content: string;
}

const CHANNEL = `select ca.id from channel_accounts ca join onboardings o on o.tenant_id = ca.tenant_id and o.id = $2::uuid
	where ca.tenant_id = $1::uuid and ca.kind = 'whatsapp' and ca.is_active order by o.channels ? ca.id::text desc, ca.created_at limit 1`;
const CONVERSATION = `with person as (
		select resolve_contact($1::uuid, jsonb_build_object('phone', $3::text, 'name', $4::text)) as id
	)
	insert into conversations as c (tenant_id, contact_id, channel_account_id) select $1::uuid, p.id, $2::uuid from person p
		on conflict (tenant_id, channel_account_id, contact_id) do update set updated_at = c.updated_at
		returning id, contact_id, coalesce(last_customer_message_at > now() - interval '24 hours', false) as open`;
const OPTED_OUT = `select opted_out_at is not null as out from contacts where tenant_id = $1::uuid and id = $2::uuid`;
const CATEGORY = `select meta_category from message_templates where tenant_id = $1::uuid and id = $2::uuid`;
const NOTE = `select note_first_message($1::uuid, $2::uuid, $3::uuid)`;
const STATE = `select outbox_id as "outboxId", status, error_code as "errorCode", reason, phone, contact_name as "contactName", by_template as "byTemplate",
	sent_at as "sentAt", at from first_message_of($1::uuid, $2::uuid)`;
const TEMPLATES = `select id, name, language, content from message_templates
	where tenant_id = $1::uuid and is_active and meta_status = 'APPROVED' and meta_name is not null order by name, language limit $2::integer`;

const FAILED = ['failed', 'blocked', 'superseded'];
/** Whether there is nothing on its way yet, or it came to nothing. */
export const maySend = (state: FirstMessageState | null): boolean => state === null || FAILED.includes(state.status);

export const readFirstMessage = async (database: Database, ref: OnboardingRef): Promise<FirstMessageState | null> =>
	await inTenant(
		database,
		ref.tenantId,
		async (db) => (await db.one<FirstMessageState & Record<string, unknown>>(STATE, [ref.tenantId, ref.id])) ?? null,
	);

/** How the first message stands, in words: what to do where it did not arrive. */
export function firstMessageLine(
	first: FirstMessageState | null,
	language: OnboardingLanguage,
	withRecipient = true,
): string {
	const words = LIVE_WORDS[language];
	if (first === null) return words.none;
	const status = words.statuses[first.status] ?? first.status;
	const why =
		first.status === 'failed'
			? `: ${graphAdvice({ httpStatus: 400, code: first.errorCode }, language)}${first.errorCode === null ? '' : ` (${first.errorCode})`}`
			: first.status === 'blocked'
				? `: ${words.blocked[first.reason ?? ''] ?? first.reason ?? ''}`
				: '';
	const to = withRecipient ? ` ${words.to(first.phone ?? '?', first.contactName)}` : '';
	return `${words.message}${to}: ${status}${why}`;
}

/** What may be sent outside the window. */
export const offeredTemplates = async (database: Database, tenantId: string): Promise<OfferedTemplate[]> =>
	await inTenant(
		database,
		tenantId,
		async (db) => await db.all<OfferedTemplate & Record<string, unknown>>(TEMPLATES, [tenantId, TEMPLATES_OFFERED]),
	);

interface Recipient {
	id: string;
	contactId: string;
	open: boolean;
	optedOut: boolean;
	/** UTILITY, MARKETING ...: what consent a template needs. */
	category: string | null;
}

async function recipientOf(
	database: Database,
	ref: OnboardingRef,
	message: FirstMessage,
	phone: string,
	actor?: string,
): Promise<Recipient> {
	return await inTenant(
		database,
		ref.tenantId,
		async (db) => {
			const channel = await db.one<{ id: string }>(CHANNEL, [ref.tenantId, ref.id]);
			if (!channel)
				throw new FactoryError('NOT_FOUND', 'The client has no WhatsApp number yet. Connect it first.', {
					item: 'channel',
				});
			const values = [ref.tenantId, channel.id, phone, message.name ?? null];
			const row = (await db.one<{ id: string; contact_id: string; open: boolean }>(CONVERSATION, values))!;
			const contact = await db.one<{ out: boolean }>(OPTED_OUT, [ref.tenantId, row.contact_id]);
			const template = message.templateId
				? await db.one<{ meta_category: string | null }>(CATEGORY, [ref.tenantId, message.templateId])
				: null;
			return {
				...{ id: row.id, contactId: row.contact_id, open: row.open },
				...{ optedOut: contact?.out ?? false, category: template?.meta_category ?? null },
			};
		},
		{ actor },
	);
}

/** Who did not write to us first must have agreed; the word of whoever fills in the form is kept as such. */
async function agreed(
	database: Database,
	ref: OnboardingRef,
	{ contactId, category }: Recipient,
	hasConsented: boolean,
	actor?: string,
): Promise<boolean> {
	const purpose = category === 'MARKETING' ? 'marketing' : 'service';
	const known = await consentsOf(database, ref.tenantId, contactId);
	if (known.some((consent) => consent.granted && consent.purpose === purpose)) return true;
	if (!hasConsented) return false;
	const evidence = { onboarding: ref.id };
	const key = `onboarding:${ref.id}:${contactId}:${purpose}`;
	await inTenant(
		database,
		ref.tenantId,
		async (db) => await addConsent(db, { contactId, purpose, granted: true, source: 'operator', evidence, key }),
		{ actor },
	);
	return true;
}

/** The first message on purpose, through the outbox like every other. Nobody is written to who neither wrote nor agreed. */
export async function sendFirstMessage(
	database: Database,
	ref: OnboardingRef,
	message: FirstMessage,
	actor?: string,
): Promise<FirstMessageResult> {
	const phone = message.phone.replace(/\D/g, '');
	if (phone.length < 10 || phone.length > 15)
		throw new FactoryError(
			'VALUE_REFUSED',
			'Field "phone" is no phone number. Write it with country code, e.g. 5511999990000.',
			{ item: 'phone' },
		);
	const { state } = await readOnboarding(database, ref);
	if (state !== 'active')
		throw new FactoryError('ONBOARDING_NOT_APPROVED', 'The agent is not live yet. Activate it first.', { item: state });
	const to = await recipientOf(database, ref, message, phone, actor);
	const refused = (reason: 'window_closed' | 'no_consent' | 'opted_out'): FirstMessageResult => ({
		...{ sent: false, reason, conversationId: to.id },
	});
	if (to.optedOut) return refused('opted_out');
	if (!to.open && !message.templateId) return refused('window_closed');
	if (!to.open && !(await agreed(database, ref, to, message.hasConsented ?? false, actor)))
		return refused('no_consent');
	const content = to.open
		? { text: message.text }
		: { templateId: message.templateId!, parameters: message.parameters };
	// One message however often the button is pressed; another one only where the last did not arrive.
	const last = await readFirstMessage(database, ref);
	const key = `onboarding:${ref.id}${last && maySend(last) ? `:${last.outboxId}` : ''}`;
	const { outboxIds } = await sendDirect(
		database,
		ref.tenantId,
		{ conversationId: to.id, key, content, author: 'system' },
		actor,
	);
	await inTenant(database, ref.tenantId, async (db) => await db.one(NOTE, [ref.tenantId, ref.id, outboxIds[0]]), {
		actor,
	});
	return { sent: true, by: to.open ? 'text' : 'template', outboxId: outboxIds[0], conversationId: to.id };
}
