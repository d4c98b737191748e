import type { Database } from '../../database';
import { FactoryError } from '../../errors';
import { inTenant } from '../../tenancy';
import { LIST_LIMIT, MAX_NAME_CHARS } from './defaults';

export const STAGE_TYPES = ['lead', 'contact', 'proposal', 'negotiation', 'closed'] as const;
export type StageType = (typeof STAGE_TYPES)[number];

export interface BoardStage {
	id: string;
	name: string;
	stageOrder: number;
	color: string;
	stageType: StageType;
	leads: number;
	hot: number;
	unassigned: number;
	meanScore: number | null;
	[more: string]: unknown;
}

const BOARD = `select id, name, stage_order as "stageOrder", color, stage_type as "stageType", leads, hot, unassigned, mean_score::float8 as "meanScore",
		last_change_at as "lastChangeAt"
	from vw_pipeline_board where tenant_id = $1::uuid order by stage_order`;
const SAVE = `select save_pipeline_stage($1::uuid, $2::uuid, $3::text, $4::text, $5::text) as id`;
const REORDER = `select reorder_pipeline_stages($1::uuid, $2::uuid[]) as placed`;
const MOVE = `select move_lead($1::uuid, $2::uuid, $3::uuid, $4::text, $5::text) as moved`;
const MOVES = `select id, lead_id as "leadId", from_name as "from", to_name as "to", from_stage as "fromStage", to_stage as "toStage", moved_by as "movedBy", moved_at as "movedAt"
	from pipeline_moves where tenant_id = $1::uuid and ($2::uuid is null or lead_id = $2::uuid) order by id desc limit $3::integer`;

/** The stages of the board in order, with how many leads stand at each. */
export const listStages = async (database: Database, tenantId: string): Promise<BoardStage[]> =>
	await inTenant(database, tenantId, async (db) => await db.all<BoardStage>(BOARD, [tenantId]));

export interface StageChange {
	/** Absent: a new stage, at the end of the board. */
	stageId?: string;
	name?: string;
	color?: string;
	/** Of a new stage; what kind a stage is does not change. */
	stageType?: StageType;
}

/** Adds a stage, or renames or recolours one. */
export async function saveStage(
	database: Database,
	tenantId: string,
	{ stageId, name, color, stageType }: StageChange,
	actor?: string,
): Promise<BoardStage> {
	if (!stageId && !name?.trim()) throw wrong('name', 'is empty. Give the stage a name');
	if ((name?.trim().length ?? 0) > MAX_NAME_CHARS) throw wrong('name', `is longer than ${MAX_NAME_CHARS} characters`);
	if (color !== undefined && !/^#[0-9a-f]{6}$/i.test(color)) throw wrong('color', 'is no color. Write it as #22c55e');
	return await inTenant(
		database,
		tenantId,
		async (db) => {
			const values = [tenantId, stageId ?? null, name ?? null, color ?? null, stageType ?? null];
			const { id } = (await db.one<{ id: string }>(SAVE, values))!;
			return (await db.all<BoardStage>(BOARD, [tenantId])).find((stage) => stage.id === id)!;
		},
		{ actor },
	);
}

const wrong = (field: string, what: string): FactoryError =>
	new FactoryError('VALUE_REFUSED', `Field "${field}" ${what}.`, { item: field });

/** Puts the stages into this order; those that are not named come after. */
export async function reorderStages(
	database: Database,
	tenantId: string,
	stageIds: string[],
	actor?: string,
): Promise<BoardStage[]> {
	return await inTenant(
		database,
		tenantId,
		async (db) => {
			await db.one(REORDER, [tenantId, stageIds]);
			return await db.all<BoardStage>(BOARD, [tenantId]);
		},
		{ actor },
	);
}

export interface MovedLead {
	leadId: string;
	/** False: it stands there already, or this key moved it before. */
	moved: boolean;
	from: string | null;
	to: string;
	[more: string]: unknown;
}

/** A person moves a lead to another stage; `key` again moves nobody. */
export const moveLead = async (
	database: Database,
	tenantId: string,
	{ leadId, stageId, person, key }: { leadId: string; stageId: string; person: string; key: string },
): Promise<MovedLead> =>
	await inTenant(
		database,
		tenantId,
		async (db) =>
			(await db.one<{ moved: MovedLead }>(MOVE, [tenantId, leadId, stageId, person.slice(0, MAX_NAME_CHARS), key]))!
				.moved,
		{ actor: person },
	);

/** Who moved which lead from where to where, newest first. */
export const listMoves = async (
	database: Database,
	tenantId: string,
	{ leadId, limit = LIST_LIMIT }: { leadId?: string; limit?: number } = {},
): Promise<Array<Record<string, unknown>>> =>
	await inTenant(database, tenantId, async (db) => await db.all(MOVES, [tenantId, leadId ?? null, limit]));
