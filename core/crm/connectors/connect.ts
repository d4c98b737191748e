import type { Database } from '../../database';
import { FactoryError, isFactoryError } from '../../errors';
import { inTenant, storeApiKey, switchOffApiKey, type TenantConnection } from '../../tenancy';
import {
	accountOf,
	adapterOf,
	findIntegration,
	keyName,
	openIntegration,
	readIntegration,
	type Integration,
} from './store';
import { PROVIDER_NAMES, type Account, type CrmAdapter, type CrmPorts, type Provider, type RemoteStage } from './types';
import { checkWebhookUrl, newWebhookSecret, registerWebhook, removeWebhooks, sha256 } from './webhooks';

export interface NewConnection {
	provider: Provider;
	/** Tells several apart; connecting the same name again replaces its token. */
	name?: string;
	token: string;
	baseUrl?: string | null;
	allowLocal?: boolean;
	createOn?: Integration['createOn'];
	createOnStage?: string | null;
	pipelineId?: string | null;
	ownerId?: string | null;
	/** Makes another webhook key; the old one ends. The first connection always gets one. */
	newWebhookKey?: boolean;
	/** Where the CRM shall send its webhooks, registered through its API; left out, somebody pastes it there. */
	webhookUrl?: string | null;
}

export interface Connected {
	integration: Integration;
	/** Shown once: the CRM puts it behind `?key=` of the webhook's address. Null when the old one stays. */
	webhookKey: string | null;
	/** Why the CRM did not take the webhook; null: it did, or was not asked. */
	webhookProblem: string | null;
	/** Jobs that had waited for a valid token. */
	woken: number;
}

const SAVE = `insert into crm_integrations as i (tenant_id, id, provider, name, base_url, allow_local, create_on, create_on_stage, stages, pipeline_external_id,
		owner_external_id, marker_field, account_name, webhook_token_sha256, last_sync_at)
	values ($1::uuid, $2::uuid, $3::text, $4::text, $5::text, $6::boolean, $7::text, $8::text, $9::jsonb, $10::text, $11::text, $12::text, $13::text, $14::text, now())
	on conflict (tenant_id, id) do update set base_url = excluded.base_url, allow_local = excluded.allow_local, create_on = excluded.create_on,
		create_on_stage = excluded.create_on_stage, stages = case when i.stages = '[]' then excluded.stages else i.stages end,
		pipeline_external_id = excluded.pipeline_external_id, owner_external_id = excluded.owner_external_id,
		marker_field = coalesce(i.marker_field, excluded.marker_field), account_name = excluded.account_name,
		webhook_token_sha256 = coalesce(excluded.webhook_token_sha256, i.webhook_token_sha256),
		is_active = true, blocked_at = null, paused_until = null, last_error = null, webhook_error = null
	returning i.id`;
const WAKE = `select wake_crm_jobs($1::uuid, $2::uuid) as woken`;
const OURS = `select id, name from pipeline_stages where tenant_id = $1::uuid order by stage_order`;
const AUDIT = `select record_audit($1::uuid, $2::text, 'crm_integration', $3::text, jsonb_build_object('provider', $4::text))`;
const MAP = `update crm_integrations set stages = $3::jsonb where tenant_id = $1::uuid and id = $2::uuid returning id`;
const UNKNOWN_STAGES = `select m.value ->> 'stageId' as id from jsonb_array_elements($2::jsonb) m
	where not exists (select 1 from pipeline_stages s where s.tenant_id = $1::uuid and s.id::text = m.value ->> 'stageId') limit 1`;
const END = `update crm_integrations set is_active = false, webhook_token_sha256 = null, webhook_url = null, webhook_external_id = null, webhook_error = left($3::text, 500)
	where tenant_id = $1::uuid and id = $2::uuid and is_active returning id`;

/** Checks the token at the CRM before anything is saved; work that waited for it is due at once. */
export async function connectCrm(
	database: Database,
	tenantId: string,
	given: NewConnection,
	ports: CrmPorts,
	actor?: string,
): Promise<Connected> {
	const token = given.token.trim();
	const webhookUrl = given.webhookUrl ? checkWebhookUrl(given.webhookUrl, given.allowLocal ?? false) : null;
	const examined = await examine(database, tenantId, given, { token }, ports);
	const woken = await inTenant(
		database,
		tenantId,
		async (db) => await keep(db, given, examined, { secret: token, metadata: {} }, ports),
		{ actor },
	);
	return await connected(database, tenantId, examined, { woken, webhookUrl }, ports);
}

/** What a connection is made of besides its token. */
export type ConnectionSettings = Omit<NewConnection, 'token'>;

/** What the CRM said of the account, before anything is saved. */
export interface Examined {
	id: string;
	name: string;
	accountName: string;
	theirs: RemoteStage[];
	markField: string | null;
	/** Of a new webhook key. */
	secret: string | null;
}

export async function examine(
	database: Database,
	tenantId: string,
	given: ConnectionSettings,
	access: Pick<Account, 'token' | 'bearer'>,
	ports: CrmPorts,
): Promise<Examined> {
	const name = given.name?.trim() || PROVIDER_NAMES[given.provider];
	const known = await findIntegration(database, tenantId, name);
	if (known && known.provider !== given.provider)
		throw new FactoryError(
			'VALUE_REFUSED',
			`"${name}" is the name of a connection to ${PROVIDER_NAMES[known.provider]}. Choose another name.`,
			{ item: 'name' },
		);
	const id = known?.id ?? ports.randomId();
	const draft = { ...(known ?? {}), id, provider: given.provider, baseUrl: given.baseUrl ?? null } as Integration;
	const account = accountOf({ ...draft, allowLocal: given.allowLocal ?? false }, access.token);
	const adapter = adapterOf(ports, { ...account, bearer: access.bearer });
	const { accountName } = await adapter.me();
	const theirs = inPipeline(await adapter.stages(), given.pipelineId);
	const markField = known?.markField ?? (await markFieldOf(adapter));
	const secret = !known?.isActive || given.newWebhookKey ? newWebhookSecret(ports) : null;
	return { id, name, accountName, theirs, markField, secret };
}

/** Saves a connection and its key together; answers how many jobs had waited for it. */
export async function keep(
	db: TenantConnection,
	given: ConnectionSettings,
	{ id, name, accountName, theirs, markField, secret }: Examined,
	key: { secret: string; metadata: Record<string, unknown> },
	{ vault }: Pick<CrmPorts, 'vault'>,
): Promise<number> {
	const { tenantId } = db;
	const stored = { service: given.provider, name: keyName(id), baseUrl: given.baseUrl, ...key };
	await storeApiKey(db, stored, vault);
	const ours = await db.all<{ id: string; name: string }>(OURS, [tenantId]);
	await db.one(SAVE, [
		...[tenantId, id, given.provider, name, given.baseUrl ?? null, given.allowLocal ?? false],
		...[given.createOn ?? 'hot', given.createOnStage ?? null, JSON.stringify(sameNames(ours, theirs))],
		...[given.pipelineId ?? null, given.ownerId ?? null, markField, accountName],
		secret === null ? null : sha256(secret),
	]);
	await db.one(AUDIT, [tenantId, 'crm.connected', id, given.provider]);
	return (await db.one<{ woken: number }>(WAKE, [tenantId, id]))!.woken;
}

/** What people are told of a connection that was saved; its webhook is registered where an address was given. */
export async function connected(
	database: Database,
	tenantId: string,
	{ id, secret }: Pick<Examined, 'id' | 'secret'>,
	{ woken, webhookUrl }: { woken: number; webhookUrl: string | null },
	ports: CrmPorts,
): Promise<Connected> {
	const webhook = webhookUrl
		? await registerWebhook(database, tenantId, id, { url: webhookUrl, secret }, ports)
		: { webhookKey: null, webhookProblem: null };
	return {
		integration: await readIntegration(database, tenantId, id),
		webhookKey: secret === null ? webhook.webhookKey : `${tenantId}.${secret}`,
		webhookProblem: webhook.webhookProblem,
		woken,
	};
}

/** Who may not make a field gets the mark in the title. */
async function markFieldOf(adapter: CrmAdapter): Promise<string | null> {
	try {
		return await adapter.prepareMark();
	} catch (error) {
		if (isFactoryError(error) && ['CRM_TOKEN_REFUSED', 'CRM_REFUSED'].includes(error.code)) return null;
		throw error;
	}
}

const inPipeline = (stages: RemoteStage[], pipelineId: string | null | undefined): RemoteStage[] =>
	pipelineId ? stages.filter((stage) => stage.pipelineId === pipelineId) : stages;

const plain = (name: string): string => name.normalize('NFD').replace(/\p{M}/gu, '').trim().toLowerCase();

/** A first mapping: stages of one name. The rest a person maps. */
const sameNames = (ours: Array<{ id: string; name: string }>, theirs: RemoteStage[]): Integration['stages'] =>
	ours.flatMap((our) => {
		const same = theirs.find(({ name }) => plain(name) === plain(our.name));
		return same ? [{ stageId: our.id, externalId: same.externalId, externalName: same.name }] : [];
	});

/** The CRM's stages, for the mapping. */
export async function remoteStages(
	database: Database,
	tenantId: string,
	integrationId: string,
	ports: CrmPorts,
): Promise<RemoteStage[]> {
	const { integration, adapter } = await openIntegration(database, tenantId, integrationId, ports);
	const order = (a: RemoteStage, b: RemoteStage): number =>
		a.pipelineName.localeCompare(b.pipelineName) || a.order - b.order;
	return inPipeline(await adapter.stages(), integration.pipelineId).sort(order);
}

/** Says which stage of ours is which of theirs; `stageId` or the name of ours, `externalId` of theirs. */
export async function mapStages(
	database: Database,
	tenantId: string,
	integrationId: string,
	pairs: Array<{ stageId?: string; stage?: string; externalId: string | number }>,
	ports: CrmPorts,
	actor?: string,
): Promise<Integration> {
	const theirs = await remoteStages(database, tenantId, integrationId, ports);
	await inTenant(
		database,
		tenantId,
		async (db) => {
			const ours = await db.all<{ id: string; name: string }>(OURS, [tenantId]);
			const stages = pairs.map((pair) => {
				const stageId = pair.stageId ?? ours.find(({ name }) => plain(name) === plain(pair.stage ?? ''))?.id;
				const there = theirs.find(({ externalId }) => externalId === String(pair.externalId));
				if (!stageId) throw unknownStage('stage', pair.stage ?? '', 'your board');
				if (!there) throw unknownStage('externalId', String(pair.externalId), 'the CRM');
				return { stageId, externalId: there.externalId, externalName: there.name };
			});
			const unknown = await db.one<{ id: string }>(UNKNOWN_STAGES, [tenantId, JSON.stringify(stages)]);
			if (unknown) throw unknownStage('stageId', unknown.id, 'your board');
			await db.one(MAP, [tenantId, integrationId, JSON.stringify(stages)]);
		},
		{ actor },
	);
	return await readIntegration(database, tenantId, integrationId);
}

const unknownStage = (field: string, value: string, where: string): FactoryError =>
	new FactoryError(
		'VALUE_REFUSED',
		`${field} "${value.slice(0, 100)}" is no stage of ${where}. Take it from Get Remote Stages, or from Agent Factory > Pipeline > Get Many.`,
		{ item: field },
	);

/** Ends a connection: its webhook goes, the token is switched off; deals and links stay. A CRM that is away does not hold it up. */
export async function disconnectCrm(
	database: Database,
	tenantId: string,
	integrationId: string,
	ports: CrmPorts,
	actor?: string,
): Promise<{ disconnected: boolean; webhooksRemoved: number; webhookProblem: string | null }> {
	const { provider, isActive } = await readIntegration(database, tenantId, integrationId);
	if (!isActive) return { disconnected: false, webhooksRemoved: 0, webhookProblem: null };
	const { removed, problem } = await removeWebhooks(database, tenantId, integrationId, ports);
	const disconnected = await inTenant(
		database,
		tenantId,
		async (db) => {
			const ended = await db.one(END, [tenantId, integrationId, problem]);
			if (!ended) return false;
			await switchOffApiKey(db, provider, 'disconnected', keyName(integrationId));
			await db.one(AUDIT, [tenantId, 'crm.disconnected', integrationId, provider]);
			return true;
		},
		{ actor },
	);
	return { disconnected, webhooksRemoved: removed, webhookProblem: problem };
}
