import { toDatabaseError, whileAway, type Database } from '../database';
import { isFactoryError } from '../errors';
import { inTenant, type Vault } from '../tenancy';
import {
	FIRST_RETRY_SECONDS,
	MAX_NOTICE_ATTEMPTS,
	MAX_NOTICE_CLAIM,
	MAX_NOTICE_ROUNDS,
	MAX_RETRY_SECONDS,
	NOTICE_LEASE_SECONDS,
	NOTICE_TIMEOUT_MS,
	RETRY_FACTOR,
	RETRY_JITTER,
} from './defaults';
import { endpointBinding } from './endpoints';
import type { GuardedPost, PostResult } from './guarded-post';
import { signWebhook } from './standard-webhooks';

export interface NoticePorts {
	post: GuardedPost;
	vault: Vault;
	random(): number;
	/** Milliseconds since 1970. */
	now(): number;
	/** May endpoints that ask for it be local? For development: the operator decides, not the tenant. */
	allowLocal: boolean;
}

/** What became of one notice in this call. */
export interface NoticeDelivery {
	tenantId: string;
	noticeId: string;
	endpointId: string;
	eventType: string;
	status: string;
	httpStatus: number | null;
	error: string | null;
}

interface ClaimedNotice {
	id: string;
	tenant_id: string;
	endpoint_id: string;
	attempts: number;
	payload: { type: string };
	url: string;
	secret_encrypted: string;
	allow_local: boolean;
}

interface Settlement {
	outcome: 'delivered' | 'retry' | 'dead' | 'gone';
	delaySeconds?: number;
	httpStatus: number | null;
	error: string | null;
}

/** Sends the notices that are due, of all tenants, side by side; a notice keeps its id through every try. */
export async function deliverNotices(
	database: Database,
	ports: NoticePorts,
	options: { limit?: number } = {},
): Promise<NoticeDelivery[]> {
	const limit = options.limit ?? MAX_NOTICE_CLAIM;
	const deliveries: NoticeDelivery[] = [];
	for (let round = 0; round < MAX_NOTICE_ROUNDS && deliveries.length < limit; round++) {
		const claimed = await claim(database, Math.min(MAX_NOTICE_CLAIM, limit - deliveries.length));
		if (claimed.length === 0) break;
		deliveries.push(...(await Promise.all(claimed.map(async (notice) => await deliverOne(database, ports, notice)))));
	}
	return deliveries;
}

async function claim(database: Database, limit: number): Promise<ClaimedNotice[]> {
	try {
		const { rows } = await database.pool.query<ClaimedNotice>({
			text: `select * from ${database.qualified}claim_notices($1::integer, $2::integer)`,
			values: [limit, NOTICE_LEASE_SECONDS],
		});
		return rows;
	} catch (error) {
		throw toDatabaseError(error);
	}
}

async function deliverOne(database: Database, ports: NoticePorts, notice: ClaimedNotice): Promise<NoticeDelivery> {
	const settlement = settlementOf(await send(ports, notice), notice.attempts, ports.random);
	const status = await settle(database, notice, settlement);
	return {
		tenantId: notice.tenant_id,
		noticeId: notice.id,
		endpointId: notice.endpoint_id,
		eventType: notice.payload.type,
		status,
		httpStatus: settlement.httpStatus,
		error: settlement.error,
	};
}

async function send(ports: NoticePorts, notice: ClaimedNotice): Promise<PostResult> {
	const body = Buffer.from(JSON.stringify(notice.payload));
	let secret: string;
	try {
		secret = ports.vault.decrypt(notice.secret_encrypted, endpointBinding(notice.tenant_id, notice.endpoint_id));
	} catch (error) {
		return { failed: isFactoryError(error) ? error.code : 'secret' };
	}
	return await ports.post(notice.url, {
		headers: { 'content-type': 'application/json', ...signWebhook(secret, notice.id, ports.now(), body) },
		body,
		timeoutMs: NOTICE_TIMEOUT_MS,
		allowLocal: ports.allowLocal && notice.allow_local,
	});
}

/** 2xx is delivered, 410 wants no more; anything else, redirects too, is tried again and then given up. */
export function settlementOf(result: PostResult, attempts: number, random: () => number): Settlement {
	const httpStatus = 'status' in result ? result.status : null;
	const error = 'status' in result ? null : 'refused' in result ? `refused: ${result.refused}` : result.failed;
	if (httpStatus !== null && httpStatus >= 200 && httpStatus < 300) return { outcome: 'delivered', httpStatus, error };
	if (httpStatus === 410) return { outcome: 'gone', httpStatus, error };
	if (attempts >= MAX_NOTICE_ATTEMPTS) return { outcome: 'dead', httpStatus, error };
	return { outcome: 'retry', delaySeconds: retryDelaySeconds(attempts, random), httpStatus, error };
}

/** 5 s, 25 s, 2 min, 10 min, 52 min, 4 h 20 min, then 6 h; spread by a fifth. */
export const retryDelaySeconds = (attempts: number, random: () => number): number =>
	Math.min(MAX_RETRY_SECONDS, FIRST_RETRY_SECONDS * RETRY_FACTOR ** (attempts - 1)) *
	(1 + RETRY_JITTER * (2 * random() - 1));

async function settle(database: Database, notice: ClaimedNotice, settlement: Settlement): Promise<string> {
	try {
		return await whileAway(
			async () =>
				await inTenant(database, notice.tenant_id, async (db) => {
					const row = await db.one<{ status: string }>(
						`select settle_notice($1::uuid, $2::uuid, $3::integer, $4::jsonb) as status`,
						[notice.tenant_id, notice.id, notice.attempts, JSON.stringify(settlement)],
					);
					return row!.status;
				}),
		);
	} catch (error) {
		// The lease runs out and the notice is sent again under its id, by which the receiver knows it.
		if (isFactoryError(error) && (error.retryable || error.code === 'LEASE_LOST')) return 'unsettled';
		throw error;
	}
}
