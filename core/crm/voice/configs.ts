import type { Database } from '../../database';
import { FactoryError } from '../../errors';
import { inTenant } from '../../tenancy';
import { providerUrl, refusal } from './http';
import { checkTelnyx, telnyxBase } from './telnyx';
import { checkTwilio, twilioBase } from './twilio';
import type { VoicePorts, VoiceProvider, VoiceSecret } from './types';

export interface NewVoiceConfig extends VoiceSecret {
	provider: VoiceProvider;
	/** In E.164, with the plus sign. */
	phoneNumber: string;
	/** US dollars; what it was stays where it is left out. */
	costPerMinute?: number;
	/** Where workflow 76 listens, e.g. https://n8n.example.com/webhook. */
	webhookBase: string;
	/** Of a region of the provider. */
	baseUrl?: string;
	/** A stand-in on this machine is fine: development only. */
	allowLocal?: boolean;
}

/** What the row holds besides the sealed part; no secrets. */
interface StoredCredentials {
	sealed?: string;
	baseUrl?: string;
	[key: string]: unknown;
}

const COLUMNS = `c.id, c.provider, c.is_active as "isActive", c.phone_number as "phoneNumber", c.cost_per_minute::double precision as "costPerMinute",
	c.setup_completed as "setupCompleted", c.status_url as "statusUrl"`;
/** The calls of the tenant's month, whoever paid them. */
const SPENT = `(select jsonb_build_object('calls', count(*), 'minutes', coalesce(sum(ceil(k.duration_seconds / 60.0)), 0), 'costUsd', coalesce(sum(k.cost_usd), 0))
	from calls k join tenants t on t.id = k.tenant_id where k.tenant_id = c.tenant_id and k.provider = c.provider
		and k.started_at >= date_trunc('month', now() at time zone t.timezone) at time zone t.timezone) as "thisMonth"`;

const binding = (tenantId: string, provider: string): string => `voip:${tenantId}:${provider}`;
const NUMBER = /^\+[0-9]{5,20}$/;

/** Checks the credentials with the provider, then keeps them sealed. Answers where the provider is to report calls. */
export async function connectVoice(
	database: Database,
	tenantId: string,
	config: NewVoiceConfig,
	ports: VoicePorts,
	actor?: string,
): Promise<Record<string, unknown>> {
	const { provider } = config;
	const phoneNumber = phoneOf(config.phoneNumber);
	const twilio = provider === 'twilio';
	const base = providerUrl(config.baseUrl || (twilio ? twilioBase : telnyxBase), config.allowLocal ?? false);
	const secret: VoiceSecret = {
		accountSid: config.accountSid,
		secret: config.secret,
		publicKey: config.publicKey,
		connectionId: config.connectionId,
	};
	const answer = await (twilio ? checkTwilio : checkTelnyx)(ports.http, base, secret);
	if (!answer.ok) throw refusal(answer, twilio ? 'Twilio' : 'Telnyx');
	const credentials = {
		sealed: ports.vault.encrypt(JSON.stringify(secret), binding(tenantId, provider)),
		baseUrl: base,
	};
	const statusUrl = `${config.webhookBase.replace(/\/+$/, '')}/agent-factory/calls/${provider}?tenant=${tenantId}`;
	const row = await inTenant(
		database,
		tenantId,
		async (db) =>
			await db.one(
				`insert into voip_configs as c (tenant_id, provider, phone_number, api_credentials, cost_per_minute, setup_completed, status_url)
					values ($1::uuid, $2, $3, $4::jsonb, $5::numeric, true, $6)
					on conflict (tenant_id, provider) do update set is_active = true, phone_number = excluded.phone_number, api_credentials = excluded.api_credentials,
						cost_per_minute = coalesce(excluded.cost_per_minute, c.cost_per_minute), setup_completed = true, status_url = excluded.status_url, last_error = null
					returning ${COLUMNS}`,
				[tenantId, provider, phoneNumber, JSON.stringify(credentials), config.costPerMinute ?? null, statusUrl],
			),
		{ actor },
	);
	return row as Record<string, unknown>;
}

export function phoneOf(text: string): string {
	const number = text.replace(/[\s().-]/g, '');
	if (NUMBER.test(number)) return number;
	throw new FactoryError(
		'VALUE_REFUSED',
		'A telephone number must be in international form, e.g. +5511999990000. Correct it.',
		{ item: 'phoneNumber' },
	);
}

export const listVoiceConfigs = async (database: Database, tenantId: string): Promise<Array<Record<string, unknown>>> =>
	await inTenant(
		database,
		tenantId,
		async (db) =>
			await db.all(
				`select ${COLUMNS}, ${SPENT} from voip_configs c where c.tenant_id = $1::uuid order by c.is_active desc, c.provider`,
				[tenantId],
			),
	);

export interface OpenVoiceConfig {
	provider: VoiceProvider;
	phoneNumber: string;
	statusUrl: string;
	baseUrl: string;
	secret: VoiceSecret;
}

/** The tenant's active connection of one provider; null: of any, Twilio first. */
export async function openVoiceConfig(
	database: Database,
	tenantId: string,
	provider: VoiceProvider | null,
	vault: VoicePorts['vault'],
): Promise<OpenVoiceConfig> {
	const row = await inTenant(
		database,
		tenantId,
		async (db) =>
			await db.one<{ provider: VoiceProvider; number: string; credentials: StoredCredentials; status_url: string }>(
				`select provider, phone_number as number, api_credentials as credentials, status_url from voip_configs
					where tenant_id = $1::uuid and provider = coalesce($2::text, provider) and is_active and setup_completed
					order by provider = 'twilio' desc limit 1`,
				[tenantId, provider],
			),
	);
	if (!row?.credentials.sealed) {
		throw new FactoryError(
			'VOICE_NOT_CONNECTED',
			`The tenant has no active ${provider ?? 'telephone'} connection. Run Voice Call > Connect.`,
			{ item: provider ?? undefined },
		);
	}
	return {
		provider: row.provider,
		phoneNumber: row.number,
		statusUrl: row.status_url,
		baseUrl: row.credentials.baseUrl ?? (row.provider === 'twilio' ? twilioBase : telnyxBase),
		secret: JSON.parse(vault.decrypt(row.credentials.sealed, binding(tenantId, row.provider))) as VoiceSecret,
	};
}
