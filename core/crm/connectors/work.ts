import { toDatabaseError, type Database } from '../../database';
import { FactoryError, isFactoryError } from '../../errors';
import { runDueJobs, type ClaimedJob, type JobRun } from '../../jobs';
import { pollChanges, readDeal } from './changes';
import { makeDeal, moveDeal } from './deals';
import { POLL_EVERY_SECONDS } from './defaults';
import { noteFailure, readIntegration } from './store';
import type { CrmPorts } from './types';

type Work = (
	database: Database,
	tenantId: string,
	payload: { integrationId: string; leadId: string; externalId: string },
	ports: CrmPorts,
) => Promise<object>;

/** What a job of each type does. */
const WORK: Record<string, Work> = {
	'crm.deal': makeDeal,
	'crm.stage': moveDeal,
	'crm.read': readDeal,
	'crm.poll': pollChanges,
};
export const CRM_JOB_TYPES = Object.keys(WORK);

/** Does one piece of work; what its failure means for all other work of that CRM is written down. */
export async function doWork(
	database: Database,
	job: Pick<ClaimedJob, 'tenantId' | 'type' | 'payload'>,
	ports: CrmPorts,
): Promise<Record<string, unknown>> {
	const payload = job.payload as Parameters<Work>[2];
	try {
		return { ...(await WORK[job.type](database, job.tenantId, payload, ports)) };
	} catch (error) {
		if (!isFactoryError(error)) throw error;
		if (!['CRM_TOKEN_REFUSED', 'CRM_BUSY'].includes(error.code)) throw error;
		const integration = await readIntegration(database, job.tenantId, payload.integrationId);
		throw await noteFailure(database, job.tenantId, integration, error);
	}
}

/** Queues the polls that are due, then does due jobs of all tenants. */
export async function runCrmWork(
	database: Database,
	options: { workerId: string; limit?: number; pollEverySeconds?: number },
	ports: CrmPorts,
): Promise<JobRun[]> {
	const every = options.pollEverySeconds ?? POLL_EVERY_SECONDS;
	if (!(every > 0))
		throw new FactoryError('VALUE_REFUSED', 'Poll Every must be a number of seconds above 0. Correct it.', {
			item: 'pollEverySeconds',
		});
	try {
		await database.pool.query(`select ${database.qualified}enqueue_crm_polls($1::integer)`, [Math.ceil(every)]);
	} catch (error) {
		throw toDatabaseError(error);
	}
	const run = { workerId: options.workerId, limit: options.limit, types: CRM_JOB_TYPES, random: ports.random };
	return await runDueJobs(database, run, async (job) => await doWork(database, job, ports));
}
