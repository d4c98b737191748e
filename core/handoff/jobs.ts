import type { Database } from '../database';
import { runDueJobs, type JobRun } from '../jobs';
import type { PageLinkPorts } from '../tenancy';
import { WHATSAPP_JOB, tellByWhatsapp } from './tell-whatsapp';

export interface HandoffJobPorts extends PageLinkPorts {
	random(): number;
}

/** Does what hand-overs left to do, of all tenants: members told by WhatsApp. */
export const runHandoffJobs = async (
	database: Database,
	options: { workerId: string; limit?: number },
	ports: HandoffJobPorts,
): Promise<JobRun[]> =>
	await runDueJobs(
		database,
		{ ...options, types: [WHATSAPP_JOB], random: ports.random },
		async (job) => await tellByWhatsapp(database, job, ports),
	);
