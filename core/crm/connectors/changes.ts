import { timingSafeEqual } from 'node:crypto';
import type { Database } from '../../database';
import { FactoryError } from '../../errors';
import { inTenant } from '../../tenancy';
import { MAX_WEBHOOK_BYTES, POLL_OVERLAP_SECONDS, POLL_PAGE, POLL_PAGES, POLL_SINGLE } from './defaults';
import { adapterOf, accountOf, COLUMNS, openIntegration, type Integration } from './store';
import type { CrmPorts, RemoteDeal } from './types';
import { readWebhookKey, sha256 } from './webhooks';

/** What became of one thing the CRM said. */
export interface AppliedChange {
	/** recorded, or why not: known, same, old, asked, no_stage, not_ours, not_a_deal. */
	result: string;
	leadId?: string;
	kind?: string;
	stage?: string;
	[more: string]: unknown;
}

const APPLY = `select apply_crm_change($1::uuid, $2::uuid, $3::jsonb) as applied`;
const BY_KEY = `select ${COLUMNS}, i.webhook_token_sha256 as "keyHash" from crm_integrations i
	where i.tenant_id = $1::uuid and i.webhook_token_sha256 = $2::text and i.is_active`;
const SYNCED = `update crm_integrations set last_sync_at = greatest(last_sync_at, $3::timestamptz) where tenant_id = $1::uuid and id = $2::uuid returning id`;
/** Who was asked about longest ago comes first; what is closed was told. */
const TO_ASK = `update crm_links d set checked_at = now() from (
		select x.lead_id from crm_links x where x.tenant_id = $1::uuid and x.integration_id = $2::uuid and x.entity = 'deal' and x.state = 'created'
			and (x.remote_status = 'open' or x.remote_updated_at > now() - interval '30 days')
		order by x.checked_at nulls first limit $3::integer for update skip locked
	) due
	where d.tenant_id = $1::uuid and d.integration_id = $2::uuid and d.entity = 'deal' and d.lead_id = due.lead_id
	returning d.external_id as id`;

async function apply(
	database: Database,
	tenantId: string,
	integration: { id: string; provider: string },
	deals: RemoteDeal[],
	isPresent: boolean,
): Promise<AppliedChange[]> {
	return await inTenant(
		database,
		tenantId,
		async (db) => {
			const applied: AppliedChange[] = [];
			for (const deal of deals)
				applied.push(
					(await db.one<{ applied: AppliedChange }>(APPLY, [
						...[tenantId, integration.id, JSON.stringify({ ...deal, isPresent })],
					]))!.applied,
				);
			return applied;
		},
		{ actor: integration.provider },
	);
}

/** A webhook of a CRM: the key of its address says whose it is; what it tells of a deal is applied once. */
export async function receiveWebhook(
	database: Database,
	{ key, body }: { key: string; body: unknown },
	ports: Pick<CrmPorts, 'request'>,
): Promise<AppliedChange & { tenantId: string; integrationId: string }> {
	const { tenantId, secret } = readWebhookKey(key) ?? { tenantId: '', secret: '' };
	const hash = sha256(secret);
	const integration = tenantId
		? await inTenant(
				database,
				tenantId,
				async (db) => await db.one<Integration & { keyHash: string }>(BY_KEY, [tenantId, hash]),
			)
		: undefined;
	if (!integration || !timingSafeEqual(Buffer.from(integration.keyHash), Buffer.from(hash)))
		throw new FactoryError(
			'WEBHOOK_REFUSED',
			'The webhook was refused: its key is not that of a connected CRM. Copy the address that CRM Connector > Connect gave.',
		);
	if (JSON.stringify(body ?? null).length > MAX_WEBHOOK_BYTES)
		throw new FactoryError('VALUE_REFUSED', 'The webhook is larger than any deal. It was not read.', { item: 'body' });
	const whose = { tenantId, integrationId: integration.id };
	const deal = adapterOf(ports, accountOf(integration, '')).readWebhook(body);
	if (deal === null) return { ...whose, result: 'not_a_deal' };
	const [applied] = await apply(database, tenantId, integration, [deal], false);
	return { ...whose, ...applied };
}

/** Asks the CRM what one deal is now. */
export async function readDeal(
	database: Database,
	tenantId: string,
	{ integrationId, externalId }: { integrationId: string; externalId: string },
	ports: CrmPorts,
): Promise<AppliedChange> {
	const { integration, adapter } = await openIntegration(database, tenantId, integrationId, ports);
	const deal = await adapter.getDeal(externalId);
	if (deal === null) return { result: 'gone' };
	return (await apply(database, tenantId, integration, [deal], true))[0];
}

/** The net below the webhooks: what changed since the last time, or how our deals stand, some at a time. */
export async function pollChanges(
	database: Database,
	tenantId: string,
	{ integrationId }: { integrationId: string },
	ports: CrmPorts,
): Promise<{ read: number; recorded: number }> {
	const { integration, adapter } = await openIntegration(database, tenantId, integrationId, ports);
	const startedAt = new Date(ports.now()).toISOString();
	const done = { read: 0, recorded: 0 };
	const take = async (deals: RemoteDeal[]): Promise<void> => {
		const applied = await apply(database, tenantId, integration, deals, true);
		done.read += deals.length;
		done.recorded += applied.filter(({ result }) => result === 'recorded').length;
	};
	const synced = async (at: string): Promise<void> =>
		void (await inTenant(database, tenantId, async (db) => await db.one(SYNCED, [tenantId, integrationId, at])));
	if (adapter.changedSince) {
		const last = Date.parse((integration.lastSyncAt ?? integration.createdAt) as string);
		for await (const page of adapter.changedSince(secondsOf(last - POLL_OVERLAP_SECONDS * 1_000))) {
			await take(page);
			const newest = page.at(-1)?.at;
			if (newest) await synced(newest);
		}
		// Where the pages ran out, the next poll goes on from the newest that was read.
		if (done.read < POLL_PAGE * POLL_PAGES) await synced(startedAt);
		return done;
	}
	const due = await inTenant(
		database,
		tenantId,
		async (db) => await db.all<{ id: string }>(TO_ASK, [tenantId, integrationId, POLL_SINGLE]),
	);
	for (const { id } of due) {
		const deal = await adapter.getDeal(id);
		if (deal) await take([deal]);
	}
	await synced(startedAt);
	return done;
}

/** Pipedrive takes whole seconds. */
const secondsOf = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;
