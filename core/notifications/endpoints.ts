import { randomUUID } from 'node:crypto';
import type { Database } from '../database';
import { FactoryError } from '../errors';
import { urlProblem } from '../http';
import { inTenant, type Vault } from '../tenancy';
import { LIST_LIMIT, MAX_REPLAY, OLD_SECRET_HOURS } from './defaults';
import { EVENT_TYPES, type EventType } from './events';
import { checkSecret, newSecret } from './standard-webhooks';

export interface NewEndpoint {
	url: string;
	/** `whsec_…`; made here when absent. */
	secret?: string;
	eventTypes?: readonly EventType[];
	/** May be plain http and a local address, where the sending node allows it too. */
	allowLocal?: boolean;
}

interface Ports {
	vault: Vault;
	randomBytes(size: number): Buffer;
}

/** What an endpoint's secret is bound to. */
export const endpointBinding = (tenantId: string, endpointId: string): string =>
	`notification_endpoints/${tenantId}/${endpointId}`;
const secretBinding = (tenantId: string, secretId: string): string => `webhook_secrets/${tenantId}/${secretId}`;

const COLUMNS =
	'id, tenant_id, url, event_types, allow_local, previous_secret_until, disabled_at, disabled_reason, created_at, updated_at';
const INSERT = `insert into notification_endpoints as e (tenant_id, id, url, secret_encrypted, event_types, allow_local)
	values ($1::uuid, $2::uuid, $3::text, $4::text, $5::text[], $6::boolean) returning ${COLUMNS}`;
const AUDIT = `select record_audit($1::uuid, $2::text, $3::text, $4::text, '{}')`;

/** Adds a place that wants to hear; the secret is in the answer of this call only. */
export async function createEndpoint(
	database: Database,
	tenantId: string,
	endpoint: NewEndpoint,
	{ vault, randomBytes }: Ports,
	actor?: string,
): Promise<Record<string, unknown>> {
	const problem = urlProblem(endpoint.url, endpoint.allowLocal ?? false);
	if (problem) {
		throw new FactoryError(
			'ENDPOINT_REFUSED',
			`Notices cannot go to that URL: ${problem}. Give an https address on the public internet.`,
		);
	}
	const secret = endpoint.secret ? checkSecret(endpoint.secret) : newSecret(randomBytes);
	const id = randomUUID();
	const row = await inTenant(
		database,
		tenantId,
		async (db) => {
			const made = await db.one(INSERT, [
				tenantId,
				id,
				endpoint.url,
				vault.encrypt(secret, endpointBinding(tenantId, id)),
				endpoint.eventTypes ?? EVENT_TYPES,
				endpoint.allowLocal ?? false,
			]);
			await db.one(AUDIT, [tenantId, 'notification_endpoint.created', 'notification_endpoint', id]);
			return made;
		},
		{ actor },
	);
	return { ...row, secret };
}

/** A person says that a disabled endpoint is well again; what waited for it goes out. */
export const enableEndpoint = async (
	database: Database,
	tenantId: string,
	endpointId: string,
	actor?: string,
): Promise<boolean> =>
	await inTenant(
		database,
		tenantId,
		async (db) => {
			const row = await db.one(
				`update notification_endpoints set disabled_at = null, disabled_reason = null
					where tenant_id = $1::uuid and id = $2::uuid and disabled_at is not null returning id`,
				[tenantId, endpointId],
			);
			if (row) await db.one(AUDIT, [tenantId, 'notification_endpoint.enabled', 'notification_endpoint', endpointId]);
			return row !== undefined;
		},
		{ actor },
	);

const ROTATE = `update notification_endpoints set previous_secret_encrypted = secret_encrypted,
		previous_secret_until = now() + make_interval(hours => $4::integer), secret_encrypted = $3::text
	where tenant_id = $1::uuid and id = $2::uuid returning id, previous_secret_until`;

/** Gives an endpoint a new secret, which is in the answer of this call only; the old one signs beside it for a day. */
export async function rotateEndpointSecret(
	database: Database,
	tenantId: string,
	endpointId: string,
	{ vault, randomBytes, secret: given }: Ports & { secret?: string },
	actor?: string,
): Promise<Record<string, unknown>> {
	const secret = given ? checkSecret(given) : newSecret(randomBytes);
	const sealed = vault.encrypt(secret, endpointBinding(tenantId, endpointId));
	const row = await inTenant(
		database,
		tenantId,
		async (db) => {
			const rotated = await db.one(ROTATE, [tenantId, endpointId, sealed, OLD_SECRET_HOURS]);
			if (rotated)
				await db.one(AUDIT, [tenantId, 'notification_endpoint.secret_rotated', 'notification_endpoint', endpointId]);
			return rotated;
		},
		{ actor },
	);
	if (!row) throw notFound(endpointId);
	return { ...row, secret };
}

const REPLAY = `select e.id, r.replayed, r.until from notification_endpoints e
	cross join lateral replay_notices(e.tenant_id, e.id, $3::timestamptz, $4::integer) r
	where e.tenant_id = $1::uuid and e.id = $2::uuid`;

/** Sends an endpoint again what it got or missed since then, under the same ids; go on from `until` when the limit is reached. */
export async function replayNotices(
	database: Database,
	tenantId: string,
	endpointId: string,
	{ since, limit = MAX_REPLAY }: { since: string; limit?: number },
	actor?: string,
): Promise<Record<string, unknown>> {
	const row = await inTenant(
		database,
		tenantId,
		async (db) => await db.one(REPLAY, [tenantId, endpointId, since, Math.min(limit, MAX_REPLAY)]),
		{ actor },
	);
	if (!row) throw notFound(endpointId);
	return row;
}

const notFound = (endpointId: string): FactoryError =>
	new FactoryError(
		'ENDPOINT_NOT_FOUND',
		`The tenant has no notification endpoint "${endpointId}". Take the id from Get Endpoints.`,
		{ item: endpointId },
	);

export const listEndpoints = async (
	database: Database,
	tenantId: string,
	limit = LIST_LIMIT,
): Promise<Array<Record<string, unknown>>> =>
	await inTenant(
		database,
		tenantId,
		async (db) =>
			await db.all(
				`select ${COLUMNS}, (select count(*)::integer from notification_deliveries d
						where d.tenant_id = e.tenant_id and d.endpoint_id = e.id and d.settled_at is null) as waiting
					from notification_endpoints e where tenant_id = $1::uuid order by created_at limit $2::integer`,
				[tenantId, limit],
			),
	);

/** Makes a secret with which a tenant's CRM signs what it sends us; shown once. */
export async function createWebhookSecret(
	database: Database,
	tenantId: string,
	name: string,
	{ vault, randomBytes }: Ports,
	actor?: string,
): Promise<{ id: string; name: string; secret: string }> {
	const secret = newSecret(randomBytes);
	const id = randomUUID();
	await inTenant(
		database,
		tenantId,
		async (db) => {
			await db.one(
				'insert into webhook_secrets (tenant_id, id, name, secret_encrypted) values ($1::uuid, $2::uuid, $3::text, $4::text)',
				[tenantId, id, name, vault.encrypt(secret, secretBinding(tenantId, id))],
			);
			await db.one(AUDIT, [tenantId, 'webhook_secret.created', 'webhook_secret', id]);
		},
		{ actor },
	);
	return { id, name, secret };
}

/** Every secret that may sign for this tenant, newest first. */
export async function webhookSecrets(database: Database, tenantId: string, vault: Vault): Promise<string[]> {
	const rows = await inTenant(
		database,
		tenantId,
		async (db) =>
			await db.all<{ id: string; secret_encrypted: string }>(
				`select id, secret_encrypted from webhook_secrets where tenant_id = $1::uuid and revoked_at is null order by created_at desc limit $2::integer`,
				[tenantId, LIST_LIMIT],
			),
	);
	return rows.map((row) => vault.decrypt(row.secret_encrypted, secretBinding(tenantId, row.id)));
}
