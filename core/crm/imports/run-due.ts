import { toDatabaseError, type Database } from '../../database';
import { isFactoryError } from '../../errors';
import { runDueJobs, type JobRun } from '../../jobs';
import type { GraphClient } from '../../meta';
import { inTenant, type Vault } from '../../tenancy';
import { GREET_LIMIT, GREET_TENANTS } from './defaults';
import { greetImport } from './import-lead';
import { importMetaLead, type LeadgenJob } from './receive';

export interface ImportRun extends Partial<JobRun> {
	tenantId: string;
	/** What became of a greeting that had waited. */
	greeting?: string;
}

const WAITING = `select platform, import_key from lead_imports
	where tenant_id = $1::uuid and first_contact in ('due', 'no_number', 'no_template') and created_at < now() - interval '30 seconds' order by created_at limit $2::integer`;

/** Imports the leads that Meta told of, then greets those whose number or template was missing. */
export async function runDueImports(
	database: Database,
	ports: { vault: Vault; graph: GraphClient; random(): number },
	options: { workerId: string; limit?: number },
): Promise<ImportRun[]> {
	const runs = await runDueJobs(
		database,
		{ ...options, types: ['leadgen.import'], random: ports.random },
		async (job) => ({ ...(await importMetaLead(database, job.tenantId, job.payload as unknown as LeadgenJob, ports)) }),
	);
	const greeted: ImportRun[] = [];
	for (const tenantId of await tenantsToGreet(database)) greeted.push(...(await greetWaiting(database, tenantId)));
	return [...runs, ...greeted];
}

async function tenantsToGreet(database: Database): Promise<string[]> {
	try {
		const { rows } = await database.pool.query<{ tenant_id: string }>(
			`select tenant_id from ${database.qualified}tenants_to_greet($1::integer)`,
			[GREET_TENANTS],
		);
		return rows.map(({ tenant_id }) => tenant_id);
	} catch (error) {
		throw toDatabaseError(error);
	}
}

async function greetWaiting(database: Database, tenantId: string): Promise<ImportRun[]> {
	const waiting = await inTenant(
		database,
		tenantId,
		async (db) => await db.all<{ platform: string; import_key: string }>(WAITING, [tenantId, GREET_LIMIT]),
	);
	const greeted: ImportRun[] = [];
	for (const { platform, import_key } of waiting) {
		try {
			const greeting = await greetImport(database, tenantId, platform, import_key);
			if (greeting === 'queued')
				greeted.push({ tenantId, type: 'greeting', key: import_key, status: 'completed', greeting });
		} catch (error) {
			if (!isFactoryError(error)) throw error;
			greeted.push({ tenantId, type: 'greeting', key: import_key, status: 'failed', error: error.code });
		}
	}
	return greeted;
}
