import { toDatabaseError, wakeWorkers, type Database } from '../database';
import { inTenant } from '../tenancy';

export interface AutomationSwitch {
	/** ISO 8601; null: running. */
	stoppedAt: string | null;
	/** Conversations that the agents have back. */
	reopened: number;
}

/** Stops or starts everything automatic of a tenant. Messages are stored, people go on sending. */
export const switchTenant = async (
	database: Database,
	tenantId: string,
	{ stopped, reason }: { stopped: boolean; reason?: string },
	actor?: string,
): Promise<AutomationSwitch> =>
	await inTenant(
		database,
		tenantId,
		async (db) =>
			(await db.one<{ done: AutomationSwitch }>(
				`select set_tenant_automation($1::uuid, $2::boolean, $3::text) as done`,
				[tenantId, stopped, reason ?? null],
			))!.done,
		{ actor },
	);

/** The same for every tenant at once. */
export async function switchEverything(
	database: Database,
	{ stopped, reason }: { stopped: boolean; reason?: string },
	actor: string,
): Promise<AutomationSwitch> {
	try {
		const { rows } = await database.pool.query<{ done: AutomationSwitch }>(
			`select ${database.qualified}set_factory_automation($1::boolean, $2::text, $3::text) as done`,
			[stopped, reason ?? null, actor],
		);
		if (!stopped) wakeWorkers(database);
		return rows[0].done;
	} catch (error) {
		throw toDatabaseError(error);
	}
}
