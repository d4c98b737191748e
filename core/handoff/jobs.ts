import type { Database } from '../database';
import { runDueJobs, type JobRun } from '../jobs';
import type { PageLinkPorts } from '../tenancy';
import type { ChatwootPorts } from './chatwoot-connect';
import { CHATWOOT_JOB, pushToChatwoot } from './chatwoot-push';
import { WHATSAPP_JOB, tellByWhatsapp } from './tell-whatsapp';

export interface HandoffJobPorts extends PageLinkPorts, ChatwootPorts {
	random(): number;
}

/** Does what hand-overs left to do, of all tenants: members told by WhatsApp, Chatwoot brought up to date. */
export const runHandoffJobs = async (
	database: Database,
	options: { workerId: string; limit?: number },
	ports: HandoffJobPorts,
): Promise<JobRun[]> =>
	await runDueJobs(database, { ...options, types: [WHATSAPP_JOB, CHATWOOT_JOB], random: ports.random }, async (job) =>
		job.type === CHATWOOT_JOB ? await pushToChatwoot(database, job, ports) : await tellByWhatsapp(database, job, ports),
	);
