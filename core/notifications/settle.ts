import { whileAway, type Database } from '../database';
import { isFactoryError } from '../errors';
import { inTenant } from '../tenancy';
import { FIRST_RETRY_SECONDS, MAX_RETRY_SECONDS, RETRY_FACTOR, RETRY_JITTER } from './defaults';

/** One claim of a notice: `attempts` is what only its holder knows. */
export interface NoticeLease {
	tenantId: string;
	noticeId: string;
	attempts: number;
}

export interface Settlement {
	outcome: 'delivered' | 'retry' | 'dead' | 'gone';
	delaySeconds?: number;
	httpStatus: number | null;
	error: string | null;
}

/** 5 s, 25 s, 2 min, 10 min, 52 min, 4 h 20 min, then 6 h; spread by a fifth. */
export const retryDelaySeconds = (tries: number, random: () => number, first = FIRST_RETRY_SECONDS): number =>
	Math.min(MAX_RETRY_SECONDS, first * RETRY_FACTOR ** (tries - 1)) * (1 + RETRY_JITTER * (2 * random() - 1));

/** Writes down how a delivery ended; `unsettled` when the lease is another's by now, or the database is away. */
export async function settleNotice(database: Database, lease: NoticeLease, settlement: Settlement): Promise<string> {
	const { tenantId, noticeId, attempts } = lease;
	try {
		return await whileAway(
			async () =>
				await inTenant(database, tenantId, async (db) => {
					const row = await db.one<{ status: string }>(
						`select settle_notice($1::uuid, $2::uuid, $3::integer, $4::jsonb) as status`,
						[tenantId, noticeId, attempts, JSON.stringify(settlement)],
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
