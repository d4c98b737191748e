import { canonicalJson } from '../agents';
import type { Database } from '../database';
import { FactoryError } from '../errors';
import { inTenant, type TenantConnection } from '../tenancy';
import { diffText, type TextDiff } from './line-diff';

export type VersionTarget = 'persona' | 'prompt';

/** How one version did; null is "nothing known". */
export interface VersionFigures {
	target: VersionTarget;
	versionId: string;
	version: number;
	agentVersion: string | null;
	inService: boolean;
	activatedAt: Date | null;
	people: number;
	hot: number;
	won: number;
	lost: number;
	open: number;
	conversionPercent: number | null;
	meanScore: number | null;
	precisionPercent: number | null;
	judgedScore: number | null;
}

/** Who would meet another version if this one were rolled back. */
export interface RollbackEffect {
	people: number;
	people7d: number;
	openConversations: number;
	runningRollout: string | null;
}

export interface VersionComparison {
	before: VersionFigures;
	after: VersionFigures;
	diff: TextDiff;
	/** Of rolling back `after`. */
	affected: RollbackEffect;
}

const FIGURES = `select v.target, v.version_id as "versionId", v.version, v.agent_version as "agentVersion", v.in_service as "inService", v.activated_at as "activatedAt",
		v.people, v.hot, v.won, v.lost, v.open, v.conversion_percent::double precision as "conversionPercent", v.mean_score::double precision as "meanScore",
		v.precision_percent::double precision as "precisionPercent", v.judged_score::double precision as "judgedScore"
	from vw_version_performance v where v.tenant_id = $1::uuid and v.target = $2::text and v.version_id = $3::uuid`;
/** What a person would call the version's text: the prompt as the model gets it, or all a persona decides by. */
const TEXTS: Record<VersionTarget, string> = {
	prompt: `select prompt_content as text, null::jsonb as fields from system_prompts where tenant_id = $1::uuid and id = $2::uuid`,
	persona: `select null::text as text, to_jsonb(p) - '{tenant_id,id,version,is_active,parent_id,created_at,activated_at,deactivated_at,approved_by,change_reason,performance_score,
			last_reflection_at,leads_classified,conversion_rate,avg_icp_score}'::text[] as fields
		from tenant_personas p where tenant_id = $1::uuid and id = $2::uuid`,
};
const AFFECTED = `select affected_by_rollback($1::uuid, $2::text, $3::uuid) as effect`;

/** Two versions side by side: what changed, how each did, and whom a roll back of the second would touch. */
export async function compareVersions(
	database: Database,
	tenantId: string,
	{ target, beforeId, afterId }: { target: VersionTarget; beforeId: string; afterId: string },
): Promise<VersionComparison> {
	return await inTenant(database, tenantId, async (db) => {
		const [before, after] = [await figuresOf(db, target, beforeId), await figuresOf(db, target, afterId)];
		const diff = diffText(await textOf(db, target, beforeId), await textOf(db, target, afterId));
		return { before, after, diff, affected: await affectedBy(db, target, afterId) };
	});
}

/** Who would meet another version if this one were rolled back: to be told before a person says yes. */
export const rollbackEffect = async (
	database: Database,
	tenantId: string,
	target: VersionTarget,
	versionId: string,
): Promise<RollbackEffect> =>
	await inTenant(database, tenantId, async (db) => {
		await figuresOf(db, target, versionId);
		return await affectedBy(db, target, versionId);
	});

async function figuresOf(db: TenantConnection, target: VersionTarget, id: string): Promise<VersionFigures> {
	const row = await db.one<VersionFigures>(FIGURES, [db.tenantId, target, id]);
	if (!row)
		throw new FactoryError('NOT_FOUND', `The tenant has no such ${target} version. List the versions.`, { item: id });
	return row;
}

async function textOf(db: TenantConnection, target: VersionTarget, id: string): Promise<string> {
	const row = await db.one<{ text: string | null; fields: Record<string, unknown> | null }>(TEXTS[target], [
		db.tenantId,
		id,
	]);
	return row?.text ?? personaLines(row?.fields ?? {});
}

/** A line a value, so that a keyword that came or went is one line. */
const personaLines = (fields: Record<string, unknown>): string =>
	Object.keys(fields)
		.sort()
		.flatMap((name) => linesOf(name, fields[name]))
		.join('\n');

function linesOf(name: string, value: unknown): string[] {
	if (value === null || value === undefined) return [];
	if (Array.isArray(value)) return value.map((entry) => `${name}: ${shown(entry)}`);
	if (typeof value === 'object')
		return Object.entries(value)
			.sort(([a], [b]) => (a < b ? -1 : 1))
			.map(([key, inner]) => `${name}.${key}: ${shown(inner)}`);
	return shown(value)
		.split('\n')
		.map((line) => `${name}: ${line}`);
}

const shown = (value: unknown): string => (typeof value === 'string' ? value : canonicalJson(value));

async function affectedBy(db: TenantConnection, target: VersionTarget, id: string): Promise<RollbackEffect> {
	const row = await db.one<{ effect: Record<string, never> }>(AFFECTED, [db.tenantId, target, id]);
	const {
		people,
		people_7d: people7d,
		open_conversations: openConversations,
		running_rollout: runningRollout,
	} = row!.effect;
	return { people, people7d, openConversations, runningRollout };
}
