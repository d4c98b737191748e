import { runHandoffJobs } from '../../../core/handoff';
import { MAX_JOB_CLAIM } from '../../../core/jobs';
import { limitField, limitOf, showFor, WORKER_ID, type Operation } from '../../shared';
import { allowLocalField, chatwootPortsOf, portsOf } from '../fields';

export const description: Operation['description'] = showFor({ operation: ['runDueWork'] }, [
	limitField({ default: MAX_JOB_CLAIM, description: 'Max number of jobs to do, of all tenants' }),
	allowLocalField,
]);

export const execute: Operation['execute'] = async (call) =>
	await runHandoffJobs(
		call.database,
		{ workerId: WORKER_ID, limit: limitOf(call) },
		{ ...(await portsOf(call)), ...(await chatwootPortsOf(call)), random: Math.random },
	);
