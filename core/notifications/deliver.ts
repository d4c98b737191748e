import { toDatabaseError, type Database } from '../database';
import { isFactoryError } from '../errors';
import type { Vault } from '../tenancy';
import {
	MAX_NOTICE_ATTEMPTS,
	MAX_NOTICE_CLAIM,
	MAX_NOTICE_ROUNDS,
	NOTICE_LEASE_SECONDS,
	NOTICE_TIMEOUT_MS,
} from './defaults';
import { endpointBinding } from './endpoints';
import type { NoticePayload } from './events';
import type { GuardedPost, PostResult } from './guarded-post';
import { retryDelaySeconds, settleNotice, type Settlement } from './settle';
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
	/** Of these attempts, those since the last replay. */
	tries: number;
	payload: NoticePayload;
	url: string;
	secret_encrypted: string;
	/** The one before the last rotation, while it still signs. */
	previous_secret_encrypted: string | null;
	allow_local: boolean;
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
	const settlement = settlementOf(await send(ports, notice), notice.tries, ports.random);
	const lease = { tenantId: notice.tenant_id, noticeId: notice.id, attempts: notice.attempts };
	const status = await settleNotice(database, lease, settlement);
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
	const binding = endpointBinding(notice.tenant_id, notice.endpoint_id);
	let secrets: string[];
	try {
		secrets = [notice.secret_encrypted, notice.previous_secret_encrypted]
			.filter((sealed) => sealed !== null)
			.map((sealed) => ports.vault.decrypt(sealed, binding));
	} catch (error) {
		return { failed: isFactoryError(error) ? error.code : 'secret' };
	}
	return await ports.post(notice.url, {
		headers: { 'content-type': 'application/json', ...signWebhook(secrets, notice.id, ports.now(), body) },
		body,
		timeoutMs: NOTICE_TIMEOUT_MS,
		allowLocal: ports.allowLocal && notice.allow_local,
	});
}

/** 2xx is delivered, 410 wants no more; anything else, redirects too, is tried again and then given up. */
export function settlementOf(result: PostResult, tries: number, random: () => number): Settlement {
	const httpStatus = 'status' in result ? result.status : null;
	const error = 'status' in result ? null : 'refused' in result ? `refused: ${result.refused}` : result.failed;
	if (httpStatus !== null && httpStatus >= 200 && httpStatus < 300) return { outcome: 'delivered', httpStatus, error };
	if (httpStatus === 410) return { outcome: 'gone', httpStatus, error };
	if (tries >= MAX_NOTICE_ATTEMPTS) return { outcome: 'dead', httpStatus, error };
	return { outcome: 'retry', delaySeconds: retryDelaySeconds(tries, random), httpStatus, error };
}
