import type { Database } from '../../database';
import { FactoryError, isFactoryError } from '../../errors';
import { inTenant } from '../../tenancy';
import type { MadeDeal } from './deals';
import type { CrmPorts } from './types';
import { doWork } from './work';

/** What an agent says of the deal it wants. */
export interface WantedDeal {
	contactId: string;
	/** Of several CRMs this one; else the one that was connected first. */
	integrationId?: string;
	title?: string;
	value?: number;
	notes?: string;
}

const LEAD = `select l.id from contacts k join leads l on l.tenant_id = k.tenant_id and l.contact_id = coalesce(k.merged_into_id, k.id)
	where k.tenant_id = $1::uuid and k.id = $2::uuid`;
const CRM = `select i.id from crm_integrations i where i.tenant_id = $1::uuid and i.is_active and ($2::uuid is null or i.id = $2::uuid)
	order by i.created_at limit 1`;
const WANT = `select want_crm_deal($1::uuid, $2::uuid, $3::uuid, $4::jsonb) as job`;

/** The deal of this person, made at once if the CRM answers; else it is queued, and says so. Asked again, it is the same deal. */
export async function createDealFor(
	database: Database,
	tenantId: string,
	deal: WantedDeal,
	ports: CrmPorts,
	actor?: string,
): Promise<{ dealId: string; created: boolean; integrationId: string }> {
	const { title, value, notes } = deal;
	const payload = await inTenant(
		database,
		tenantId,
		async (db) => {
			const lead = await db.one<{ id: string }>(LEAD, [tenantId, deal.contactId]);
			const crm = await db.one<{ id: string }>(CRM, [tenantId, deal.integrationId ?? null]);
			if (!lead)
				throw new FactoryError(
					'NOT_FOUND',
					'This person is no lead yet: nobody classified what they wrote. Put the Lead Classifier before the agent.',
					{ item: deal.contactId },
				);
			if (!crm)
				throw new FactoryError(
					'NOT_FOUND',
					'This tenant has no connected CRM. Connect one with CRM Connector > Connect.',
					{
						item: deal.integrationId,
					},
				);
			await db.one(WANT, [tenantId, crm.id, lead.id, JSON.stringify({ title, value, notes })]);
			return { integrationId: crm.id, leadId: lead.id };
		},
		{ actor },
	);
	try {
		const made = (await doWork(database, { tenantId, type: 'crm.deal', payload }, ports)) as unknown as MadeDeal;
		return { dealId: made.dealId!, created: made.made, integrationId: payload.integrationId };
	} catch (error) {
		if (!isFactoryError(error) || !error.retryable) throw error;
		throw new FactoryError(
			'CRM_DEAL_QUEUED',
			'The CRM cannot be reached now. The deal is noted and is made as soon as it can; say so, and do not ask again.',
			{ item: payload.integrationId, cause: error },
		);
	}
}
