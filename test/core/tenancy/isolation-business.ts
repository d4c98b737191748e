import type { Pool } from 'pg';
import { recordConsent } from '../../../core/consent';
import type { Database } from '../../../core/database';
import { claimJobs, enqueueJob } from '../../../core/jobs';
import { inTenant, saveApiKey } from '../../../core/tenancy';
import { vault } from '../../support/factory';

/** A job that is worked on, one that failed, a secret, a consent, a step of the funnel, a link that was used. */
export async function runABusiness(database: Database, admin: Pool, tenantId: string, mark: string): Promise<void> {
	for (const key of ['running', 'failed'])
		await enqueueJob(database, tenantId, { type: 'story.job', key: `${mark} ${key}`, payload: { mark } });
	await claimJobs(database, { workerId: mark, types: ['story.job'], leaseSeconds: 600 });
	await admin.query(
		`update agent_factory.background_jobs set status = 'failed', finished_at = now(), worker_id = null, lease_token = null where tenant_id = $1 and job_key = $2`,
		[tenantId, `${mark} failed`],
	);
	await saveApiKey(database, tenantId, { service: 'story', secret: mark, metadata: { mark } }, vault);
	await inTenant(database, tenantId, async (db) => {
		const contact = await db.one<{ id: string }>('select id from contacts where merged_into_id is null limit 1');
		await db.one(`select track_event($1, 'story.told', $2)`, [tenantId, mark]);
		await db.one(`select use_page_link($1, $2, 'story', $3, now() + interval '1 hour')`, [
			tenantId,
			'0'.repeat(64),
			mark,
		]);
		return contact;
	}).then(async (contact) => {
		await recordConsent(database, tenantId, {
			contactId: contact!.id,
			purpose: 'calls',
			granted: true,
			source: mark,
			key: mark,
		});
	});
}
