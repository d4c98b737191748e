import type { Database } from '../../database';
import { FactoryError } from '../../errors';
import { inTenant, readApiKey } from '../../tenancy';
import { BLOCKED_WAIT_SECONDS, LIST_LIMIT } from './defaults';
import { bearerOf, isOfLink } from './oauth';
import { createPipedrive } from './pipedrive';
import { createRdStation } from './rd-station';
import type { Account, CrmAdapter, CrmPorts, Provider } from './types';

/** A connected CRM as people see it: no secrets. */
export interface Integration {
	id: string;
	provider: Provider;
	name: string;
	accountName: string | null;
	baseUrl: string | null;
	allowLocal: boolean;
	createOn: 'hot' | 'stage' | 'manual';
	createOnStage: string | null;
	stages: Array<{ stageId: string; externalId: string; externalName?: string }>;
	pipelineId: string | null;
	ownerId: string | null;
	markField: string | null;
	isActive: boolean;
	blockedAt: string | null;
	pausedUntil: string | null;
	lastError: string | null;
	lastSyncAt: string | null;
	/** Where the CRM was told to send its webhooks; null: pasted by hand, or not at all. */
	webhookUrl: string | null;
	webhookError: string | null;
	[more: string]: unknown;
}

export const COLUMNS = `i.id, i.provider, i.name, i.account_name as "accountName", i.base_url as "baseUrl", i.allow_local as "allowLocal",
	i.create_on as "createOn", i.create_on_stage as "createOnStage", i.stages, i.pipeline_external_id as "pipelineId", i.owner_external_id as "ownerId",
	i.marker_field as "markField", i.is_active as "isActive", i.blocked_at as "blockedAt", i.paused_until as "pausedUntil", i.last_error as "lastError",
	i.last_sync_at as "lastSyncAt", i.webhook_url as "webhookUrl", i.webhook_error as "webhookError", i.created_at as "createdAt"`;
const LIST = `select ${COLUMNS},
		(select count(*)::integer from crm_links d where d.tenant_id = i.tenant_id and d.integration_id = i.id and d.entity = 'deal' and d.state = 'created') as deals,
		(select count(*)::integer from crm_links d where d.tenant_id = i.tenant_id and d.integration_id = i.id and d.entity = 'deal' and d.state <> 'created') as waiting
	from crm_integrations i where i.tenant_id = $1::uuid and ($2::boolean or i.is_active)
	order by i.is_active desc, i.created_at limit $3::integer`;
const ONE = `select ${COLUMNS} from crm_integrations i where i.tenant_id = $1::uuid and i.id = $2::uuid`;
const BY_NAME = `select ${COLUMNS} from crm_integrations i where i.tenant_id = $1::uuid and i.name = $2::text`;
const BLOCK = `select block_crm_integration($1::uuid, $2::uuid, $3::text) as done`;
const PAUSE = `update crm_integrations set paused_until = greatest(paused_until, now() + make_interval(secs => $3::double precision)), last_error = $4::text
	where tenant_id = $1::uuid and id = $2::uuid returning id`;

/** A tenant's CRMs with how many deals they hold and how many wait. */
export const listIntegrations = async (
	database: Database,
	tenantId: string,
	{ disconnectedToo = false }: { disconnectedToo?: boolean } = {},
): Promise<Integration[]> =>
	await inTenant(
		database,
		tenantId,
		async (db) => await db.all<Integration>(LIST, [tenantId, disconnectedToo, LIST_LIMIT]),
	);

export async function readIntegration(database: Database, tenantId: string, id: string): Promise<Integration> {
	const row = await inTenant(database, tenantId, async (db) => await db.one<Integration>(ONE, [tenantId, id]));
	if (row) return row;
	throw new FactoryError('NOT_FOUND', `This tenant has no CRM ${id}. Pick one from the list, or connect one.`, {
		item: id,
	});
}

export const findIntegration = async (
	database: Database,
	tenantId: string,
	name: string,
): Promise<Integration | undefined> =>
	await inTenant(database, tenantId, async (db) => await db.one<Integration>(BY_NAME, [tenantId, name]));

/** Names a stored token: one a connected CRM. */
export const keyName = (integrationId: string): string => integrationId;

export const adapterOf = (ports: Pick<CrmPorts, 'request'>, account: Account): CrmAdapter =>
	(account.provider === 'pipedrive' ? createPipedrive : createRdStation)(ports.request, account);

export const accountOf = (integration: Integration, token: string): Account => ({
	integrationId: integration.id,
	provider: integration.provider,
	baseUrl: integration.baseUrl,
	token,
	allowLocal: integration.allowLocal,
	markField: integration.markField,
	pipelineId: integration.pipelineId,
});

/** The open connection; refused while its token is, so that no call is wasted on it. */
export async function openIntegration(
	database: Database,
	tenantId: string,
	id: string,
	ports: CrmPorts,
): Promise<{ integration: Integration; adapter: CrmAdapter }> {
	const integration = await readIntegration(database, tenantId, id);
	if (!integration.isActive)
		throw new FactoryError(
			'CRM_DISCONNECTED',
			`The CRM "${integration.name}" is disconnected. Connect it again first.`,
			{
				item: id,
			},
		);
	if (integration.blockedAt !== null) throw blocked(integration, integration.lastError ?? 'its token was refused');
	const wait = integration.pausedUntil === null ? 0 : Date.parse(integration.pausedUntil) - ports.now();
	if (wait > 0)
		throw new FactoryError(
			'CRM_BUSY',
			`The CRM "${integration.name}" asked for patience. The work goes on by itself.`,
			{
				retryable: true,
				retryAfterMs: wait,
				item: id,
			},
		);
	const key = await readApiKey(database, tenantId, integration.provider, ports.vault, keyName(id));
	if (!key) {
		const why = `The CRM "${integration.name}" has no token. Save one with CRM Connector > Connect, or have it connected by link; the work waits for it.`;
		await inTenant(database, tenantId, async (db) => await db.one(BLOCK, [tenantId, id, why]));
		throw blocked(integration, why);
	}
	const bearer = isOfLink(key) ? bearerOf(database, tenantId, id, ports) : undefined;
	const account = { ...accountOf(integration, bearer ? '' : key.secret), bearer };
	return { integration, adapter: adapterOf(ports, account) };
}

/** Waiting for a token costs no attempt. */
const blocked = (integration: Integration, why: string): FactoryError =>
	new FactoryError('CRM_BLOCKED', why, {
		retryable: true,
		retryAfterMs: BLOCKED_WAIT_SECONDS * 1_000,
		item: integration.id,
	});

/** What a failed call means for all work of this CRM: a refused token stops it, "too many" holds it back. */
export async function noteFailure(
	database: Database,
	tenantId: string,
	integration: Integration,
	error: FactoryError,
): Promise<FactoryError> {
	if (error.code === 'CRM_TOKEN_REFUSED') {
		await inTenant(database, tenantId, async (db) => await db.one(BLOCK, [tenantId, integration.id, error.message]));
		return blocked(integration, error.message);
	}
	if (error.code === 'CRM_BUSY' && error.retryAfterMs !== undefined) {
		const seconds = error.retryAfterMs / 1_000;
		await inTenant(
			database,
			tenantId,
			async (db) => await db.one(PAUSE, [tenantId, integration.id, seconds, error.message]),
		);
	}
	return error;
}
