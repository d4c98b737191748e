import { createHash } from 'node:crypto';
import { toDatabaseError, type Database } from '../database';
import { FactoryError } from '../errors';

/** How a caller may say which tenant it means. */
export type TenantQuery =
	{ channel: string; externalId: string } | { slug: string } | { tenantId: string } | { accessKey: string };

export interface ResolvedTenant {
	tenant: {
		id: string;
		slug: string;
		name: string;
		status: 'trial' | 'active' | 'paused' | 'cancelled';
		planTier: string;
		timezone: string;
		maxLeadsPerMonth: number | null;
		maxAutoResponsesPerDay: number | null;
	};
	channelAccount: {
		id: string;
		kind: string;
		externalId: string;
		displayName: string | null;
		status: string;
		pausedReason: string | null;
	} | null;
	agent: { id: string; slug: string; name: string; status: string } | null;
	agentVersion: { id: string; version: string; bundleSha256: string; systemPromptId: string | null } | null;
	persona: { id: string; version: number } | null;
	/** Of the access key, when one was shown. */
	scopes: string[] | null;
}

export const hashAccessKey = (key: string): string => createHash('sha256').update(key).digest('hex');

/** One indexed query, asked every time: what is cached cannot be stale, because nothing that may change is cached. */
export async function resolveTenant(database: Database, query: TenantQuery): Promise<ResolvedTenant> {
	const asked = 'accessKey' in query ? { keyHash: hashAccessKey(query.accessKey) } : query;
	let found: ResolvedTenant | null;
	try {
		const { rows } = await database.pool.query<{ found: ResolvedTenant | null }>({
			text: `select ${database.qualified}resolve_tenant($1::jsonb) as found`,
			values: [JSON.stringify(asked)],
		});
		found = rows[0]?.found ?? null;
	} catch (error) {
		throw toDatabaseError(error);
	}
	if (!found) {
		const item =
			'slug' in query
				? `slug "${query.slug}"`
				: 'externalId' in query
					? `${query.channel} account ${query.externalId}`
					: 'accessKey' in query
						? 'that access key'
						: `id ${query.tenantId}`;
		throw new FactoryError(
			'TENANT_NOT_FOUND',
			`No tenant has ${item}. Create it with the Agent Factory node, or check the spelling.`,
			{ item },
		);
	}
	return found;
}
