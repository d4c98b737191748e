import { createHash } from 'node:crypto';
import type { Database } from '../database';
import { FactoryError } from '../errors';
import { inTenant, type TenantConnection } from '../tenancy';
import type { CompiledAgentBundle } from './bundle';
import { nextVersion } from './versions';

/** How a new version number is chosen. */
export type VersionBump = 'major' | 'minor' | 'patch';

export interface StoredVersion {
	id: string;
	agentId: string;
	version: string;
	bundleSha256: string;
	isActive: boolean;
	createdAt: Date;
	activatedAt: Date | null;
	changeSummary: string | null;
}

/** The frozen parts that answer a turn. */
export interface AnsweringAgent {
	bundle: CompiledAgentBundle;
	/** The rendered system prompt of the active prompt row. */
	prompt: string;
}

const VERSION_COLUMNS = `id, agent_id as "agentId", version, bundle_sha256 as "bundleSha256", is_active as "isActive", created_at as "createdAt",
	activated_at as "activatedAt", change_summary as "changeSummary"`;
const NEW_AGENT = `insert into agents (tenant_id, slug, name, role) values ($1::uuid, $2::text, $3::text, coalesce($4::text, 'sdr')) returning id, slug, name, role, status, created_at`;
const LIST_AGENTS = `select a.id, a.slug, a.name, a.role, a.status, av.version as active_version, av.id as active_version_id
	from agents a left join agent_versions av on av.tenant_id = a.tenant_id and av.agent_id = a.id and av.is_active
	where a.tenant_id = $1::uuid and ($2::text is null or position(lower($2::text) in lower(a.name)) > 0) order by a.name limit $3::integer`;
const LOCK_AGENT = `select id, name from agents where tenant_id = $1::uuid and id = $2::uuid for update`;
const NEWEST = `select version from agent_versions where tenant_id = $1::uuid and agent_id = $2::uuid
	order by string_to_array(substr(version, 2), '.')::integer[] desc limit 1`;
const ADD_VERSION = `insert into agent_versions (tenant_id, agent_id, agent_name, version, spec, documents, compiled_bundle, bundle_sha256, change_summary, created_by)
	values ($1::uuid, $2::uuid, $3::text, $4::text, $5::jsonb, $6::jsonb, $7::jsonb, $8::text, $9::text, coalesce(nullif($10::text, ''), 'system'))
	returning ${VERSION_COLUMNS}`;
const ADD_PROMPT = `insert into system_prompts (tenant_id, agent_version_id, version, prompt_content, prompt_sha256, prompt_name, model_config, change_reason)
	values ($1::uuid, $2::uuid, 1, $3::text, $4::text, $5::text, $6::jsonb, 'compiled') returning id`;
const LIST_VERSIONS = `select ${VERSION_COLUMNS} from agent_versions where tenant_id = $1::uuid and agent_id = $2::uuid
	order by string_to_array(substr(version, 2), '.')::integer[] desc limit $3::integer`;
const READ_BUNDLE = `select compiled_bundle as bundle from agent_versions where tenant_id = $1::uuid and id = $2::uuid`;
const READ_ANSWERING = `select av.compiled_bundle as bundle, sp.prompt_content as prompt, sp.model_config as "modelConfig" from agent_versions av
	join system_prompts sp on sp.tenant_id = av.tenant_id and sp.agent_version_id = av.id
	where av.tenant_id = $1::uuid and av.id = $2::uuid and sp.id = $3::uuid`;
const PREVIOUS = `select id from agent_versions where tenant_id = $1::uuid and agent_id = $2::uuid and not is_active and activated_at is not null
	order by deactivated_at desc nulls last limit 1`;
const LIST_LIMIT = 100;

export const createAgent = async (
	database: Database,
	tenantId: string,
	agent: { slug: string; name: string; role?: string },
): Promise<Record<string, unknown>> =>
	await inTenant(
		database,
		tenantId,
		async (db) =>
			(await db.one(NEW_AGENT, [tenantId, agent.slug, agent.name, agent.role ?? null])) as Record<string, unknown>,
	);

export const listAgents = async (
	database: Database,
	tenantId: string,
	options: { search?: string; limit?: number } = {},
): Promise<Array<Record<string, unknown>>> =>
	await inTenant(
		database,
		tenantId,
		async (db) => await db.all(LIST_AGENTS, [tenantId, options.search ?? null, options.limit ?? LIST_LIMIT]),
	);

/** Freezes a compiled bundle as a new version (not yet active). `version` wins over `bump`; a version that exists is refused. */
export async function saveVersion(
	database: Database,
	tenantId: string,
	agentId: string,
	bundle: CompiledAgentBundle,
	options: { version?: string; bump?: VersionBump; changeSummary?: string; activate?: boolean; actor?: string } = {},
): Promise<StoredVersion & { systemPromptId: string }> {
	return await inTenant(
		database,
		tenantId,
		async (db) => {
			const agent = await db.one<{ id: string; name: string }>(LOCK_AGENT, [tenantId, agentId]);
			if (!agent)
				throw new FactoryError(
					'AGENT_NOT_FOUND',
					`The tenant has no agent ${agentId}. Create it with the Agent Factory node.`,
					{ item: agentId },
				);
			const newest = await db.one<{ version: string }>(NEWEST, [tenantId, agentId]);
			const version = options.version ?? nextVersion(newest?.version ?? null, options.bump ?? 'minor');
			await refuseExisting(db, tenantId, agentId, version);
			const row = await db.one<StoredVersion & Record<string, unknown>>(ADD_VERSION, [
				tenantId,
				agentId,
				agent.name,
				version,
				JSON.stringify(bundle.spec),
				JSON.stringify(bundle.documents),
				JSON.stringify(bundle),
				bundle.sha256,
				options.changeSummary ?? null,
				options.actor ?? '',
			]);
			const prompt = await db.one<{ id: string }>(ADD_PROMPT, [
				tenantId,
				row!.id,
				bundle.systemPrompt,
				createHash('sha256').update(bundle.systemPrompt).digest('hex'),
				`${agent.name} ${version}`,
				JSON.stringify(bundle.model),
			]);
			if (options.activate) await db.one(`select activate_agent_version($1::uuid, $2::uuid)`, [tenantId, row!.id]);
			return { ...row!, isActive: options.activate ?? false, systemPromptId: prompt!.id };
		},
		{ actor: options.actor },
	);
}

async function refuseExisting(db: TenantConnection, tenantId: string, agentId: string, version: string): Promise<void> {
	const found = await db.one(
		`select 1 as found from agent_versions where tenant_id = $1::uuid and agent_id = $2::uuid and version = $3::text`,
		[tenantId, agentId, version],
	);
	if (found) {
		throw new FactoryError(
			'VERSION_EXISTS',
			`Field "version": ${version} exists already and is frozen. Leave the field empty for the next number, or name a newer one.`,
			{ item: version },
		);
	}
}

export const listVersions = async (
	database: Database,
	tenantId: string,
	agentId: string,
	limit = LIST_LIMIT,
): Promise<StoredVersion[]> =>
	await inTenant(
		database,
		tenantId,
		async (db) => await db.all<StoredVersion & Record<string, unknown>>(LIST_VERSIONS, [tenantId, agentId, limit]),
	);

export async function loadBundle(
	database: Database,
	tenantId: string,
	versionId: string,
): Promise<CompiledAgentBundle> {
	const row = await inTenant(
		database,
		tenantId,
		async (db) => await db.one<{ bundle: CompiledAgentBundle }>(READ_BUNDLE, [tenantId, versionId]),
	);
	if (!row)
		throw new FactoryError(
			'VERSION_NOT_FOUND',
			`The tenant has no agent version ${versionId}. Pick one from the list.`,
			{ item: versionId },
		);
	return row.bundle;
}

/** Makes a version the answering one; answers what it replaced. */
export const activateVersion = async (
	database: Database,
	tenantId: string,
	versionId: string,
	actor?: string,
): Promise<Record<string, unknown>> =>
	await inTenant(
		database,
		tenantId,
		async (db) =>
			(await db.one<{ done: Record<string, unknown> }>(`select activate_agent_version($1::uuid, $2::uuid) as done`, [
				tenantId,
				versionId,
			]))!.done,
		{ actor },
	);

/** Back to the version that was active before this one, in one switch. */
export async function rollBack(
	database: Database,
	tenantId: string,
	agentId: string,
	actor?: string,
): Promise<Record<string, unknown>> {
	return await inTenant(
		database,
		tenantId,
		async (db) => {
			const previous = await db.one<{ id: string }>(PREVIOUS, [tenantId, agentId]);
			if (!previous)
				throw new FactoryError(
					'NOTHING_TO_ROLL_BACK',
					'No other version of this agent has been active before. Activate one by name instead.',
					{ item: agentId },
				);
			return (await db.one<{ done: Record<string, unknown> }>(
				`select activate_agent_version($1::uuid, $2::uuid) as done`,
				[tenantId, previous.id],
			))!.done;
		},
		{ actor },
	);
}

/** Frozen rows never change, so they may be kept: by database and id, oldest out first. */
const CACHE_SIZE = 200;
const cache = new WeakMap<Database, Map<string, AnsweringAgent>>();

/** The bundle and prompt named by a loaded turn; null when nothing is active or the agent is paused. */
export async function loadAnsweringAgent(
	database: Database,
	tenantId: string,
	active: { agent: { status: string | null }; agentVersionId: string | null; systemPromptId: string | null },
): Promise<AnsweringAgent | null> {
	if (!active.agentVersionId || !active.systemPromptId || active.agent.status !== 'active') return null;
	const entries = cache.get(database) ?? new Map<string, AnsweringAgent>();
	cache.set(database, entries);
	const key = `${tenantId}/${active.agentVersionId}/${active.systemPromptId}`;
	const cached = entries.get(key);
	if (cached) return cached;
	const row = await inTenant(
		database,
		tenantId,
		async (db) =>
			await db.one<AnsweringAgent & { modelConfig: Partial<CompiledAgentBundle['model']> }>(READ_ANSWERING, [
				tenantId,
				active.agentVersionId,
				active.systemPromptId,
			]),
	);
	if (!row) return null;
	if (entries.size >= CACHE_SIZE) entries.delete(entries.keys().next().value as string);
	// A prompt version may run on another model than the bundle was compiled for.
	const agent = { bundle: { ...row.bundle, model: { ...row.bundle.model, ...row.modelConfig } }, prompt: row.prompt };
	entries.set(key, agent);
	return agent;
}
