import { createAgent, FIRST_VERSION, listAgents, listVersions, saveVersion } from '../agents';
import type { Database } from '../database';
import { FactoryError, isFactoryError } from '../errors';
import { createPersonaVersion, listPersonas } from '../leads';
import { sendDirect } from '../outbox';
import { inTenant } from '../tenancy';
import { FIRST_AGENT_SLUG } from './defaults';
import { readOnboarding, type Onboarding, type OnboardingRef } from './store';

export interface LiveAgent {
	agentId: string;
	agentVersionId: string;
	version: string;
	personaVersion: number | null;
	/** It was live already. */
	again: boolean;
}

const ACTIVATE = `select activate_onboarding($1::uuid, $2::uuid, $3::uuid, $4::integer) as live`;

async function agentFor(database: Database, { tenantId, bundle }: Onboarding): Promise<string> {
	const found = (await listAgents(database, tenantId)).find(({ slug }) => slug === FIRST_AGENT_SLUG);
	if (found) return String(found.id);
	return String(
		(await createAgent(database, tenantId, { slug: FIRST_AGENT_SLUG, name: bundle!.spec.identity.name })).id,
	);
}

/** What the client approved, frozen as v1.0.0. A call that died half way finds its own version again. */
async function versionFor(
	database: Database,
	{ tenantId, bundle }: Onboarding,
	agentId: string,
	actor?: string,
): Promise<string> {
	try {
		return (
			await saveVersion(database, tenantId, agentId, bundle!, {
				version: FIRST_VERSION,
				changeSummary: 'onboarding',
				actor,
			})
		).id;
	} catch (error) {
		if (!isFactoryError(error) || error.code !== 'VERSION_EXISTS') throw error;
		const own = (await listVersions(database, tenantId, agentId)).find(
			({ version, bundleSha256 }) => version === FIRST_VERSION && bundleSha256 === bundle!.sha256,
		);
		if (!own) throw error;
		return own.id;
	}
}

/** The persona of the answers, active; one that is there from an earlier try is used. */
async function personaFor(
	database: Database,
	{ tenantId, persona, personaVersion }: Onboarding,
	actor?: string,
): Promise<number | null> {
	if (personaVersion !== null) return personaVersion;
	if (!persona || Object.keys(persona).length === 0) return null;
	const active = (await listPersonas(database, tenantId)).find(({ isActive }) => isActive);
	return (
		active?.version ?? (await createPersonaVersion(database, tenantId, persona, { activate: true, actor })).version
	);
}

/** Puts what the client approved into service as v1.0.0. Refused before the client's yes, whoever asks. */
export async function activateOnboarding(database: Database, ref: OnboardingRef, actor?: string): Promise<LiveAgent> {
	const onboarding = await readOnboarding(database, ref);
	if (onboarding.state !== 'approved' && onboarding.state !== 'active') {
		throw new FactoryError(
			'ONBOARDING_NOT_APPROVED',
			'Nothing goes live before the client approved it. Send the approval link and wait for the answer.',
			{
				item: onboarding.state,
			},
		);
	}
	const agentId = await agentFor(database, onboarding);
	const versionId = onboarding.agentVersionId ?? (await versionFor(database, onboarding, agentId, actor));
	const personaVersion = await personaFor(database, onboarding, actor);
	const { live } = (await inTenant(
		database,
		ref.tenantId,
		async (db) =>
			await db.one<{ live: Omit<LiveAgent, 'personaVersion'> }>(ACTIVATE, [
				ref.tenantId,
				ref.id,
				versionId,
				personaVersion,
			]),
		{ actor },
	))!;
	return { ...live, personaVersion };
}

const CONVERSATION = `with person as (
		select resolve_contact($1::uuid, jsonb_build_object('phone', $3::text, 'name', $4::text)) as id
	)
	insert into conversations as c (tenant_id, contact_id, channel_account_id) select $1::uuid, p.id, $2::uuid from person p
		on conflict (tenant_id, channel_account_id, contact_id) do update set updated_at = c.updated_at
		returning id, coalesce(greatest(last_customer_message_at + interval '24 hours') > now(), false) as open`;
const CHANNEL = `select ca.id from channel_accounts ca where ca.tenant_id = $1::uuid and ca.kind = 'whatsapp' and ca.is_active order by ca.created_at limit 1`;
const NOTE = `select note_first_message($1::uuid, $2::uuid, $3::uuid)`;

export interface FirstMessage {
	/** Digits with country code: the client's own phone. */
	phone: string;
	name?: string | null;
	/** Sent while the 24-hour window is open. */
	text: string;
	/** Sent otherwise; without it we wait for the client's own message. */
	templateId?: string | null;
	parameters?: string[];
}

export type FirstMessageResult =
	| { sent: true; by: 'text' | 'template'; outboxId: string; conversationId: string }
	| { sent: false; reason: 'window_closed'; conversationId: string };

/** The first message on purpose, through the outbox like every other. Outside the window and without a template nobody is written to. */
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
	const conversation = await inTenant(
		database,
		ref.tenantId,
		async (db) => {
			const channel = await db.one<{ id: string }>(CHANNEL, [ref.tenantId]);
			if (!channel)
				throw new FactoryError('NOT_FOUND', 'The client has no WhatsApp number yet. Connect it first.', {
					item: 'channel',
				});
			return (await db.one<{ id: string; open: boolean }>(CONVERSATION, [
				ref.tenantId,
				channel.id,
				phone,
				message.name ?? null,
			]))!;
		},
		{ actor },
	);
	const content = conversation.open
		? { text: message.text }
		: message.templateId
			? { templateId: message.templateId, parameters: message.parameters }
			: null;
	if (content === null) return { sent: false, reason: 'window_closed', conversationId: conversation.id };
	const { outboxIds } = await sendDirect(
		database,
		ref.tenantId,
		{ conversationId: conversation.id, key: `onboarding:${ref.id}`, content, author: 'system' },
		actor,
	);
	await inTenant(database, ref.tenantId, async (db) => await db.one(NOTE, [ref.tenantId, ref.id, outboxIds[0]]), {
		actor,
	});
	return {
		sent: true,
		by: conversation.open ? 'text' : 'template',
		outboxId: outboxIds[0],
		conversationId: conversation.id,
	};
}
