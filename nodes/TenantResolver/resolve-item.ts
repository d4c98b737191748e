import type { IExecuteFunctions } from 'n8n-workflow';
import type { Database } from '../../core/database';
import { FactoryError } from '../../core/errors';
import { resolveTenant, type ResolvedTenant, type TenantQuery } from '../../core/tenancy';
import { asText, itemJson, itemParameter } from '../shared';

type Way = 'tenantId' | 'slug' | 'accessKey' | 'channelAccount';
type Status = ResolvedTenant['tenant']['status'];

const WORKS: Record<Status, boolean> = { trial: true, active: true, paused: false, cancelled: false };

/** The input item with what the lookup found. */
export async function resolveItem(context: IExecuteFunctions, database: Database, itemIndex: number): Promise<object> {
	const { scopes, ...found } = await resolveTenant(database, queryOf(context, itemIndex));
	const { stopWhenNotActive } = context.getNodeParameter('options', itemIndex, {}) as { stopWhenNotActive?: boolean };
	const { tenant } = found;
	if (stopWhenNotActive && !WORKS[tenant.status]) {
		throw new FactoryError(
			'TENANT_NOT_ACTIVE',
			`Tenant "${tenant.slug}" is ${tenant.status}. Set it active with the Agent Factory node, or leave its items out.`,
			{
				item: tenant.slug,
			},
		);
	}
	return { ...itemJson(context, itemIndex), tenantId: tenant.id, ...found, ...(scopes ? { scopes } : {}) };
}

function queryOf(context: IExecuteFunctions, itemIndex: number): TenantQuery {
	const read = (name: string): string => {
		const value = asText(itemParameter(context, name, itemIndex)).trim();
		if (value === '')
			throw new FactoryError(
				'VALUE_REFUSED',
				`Field "${name}" is empty. Give a value, or an expression that has one for this item.`,
				{ item: name },
			);
		return value;
	};
	const queries: Record<Way, () => TenantQuery> = {
		// The item of a turn also says on which account it came in.
		tenantId: () => ({
			tenantId: read('tenantId'),
			channelAccountId: asText(itemJson(context, itemIndex).channelAccountId),
		}),
		slug: () => ({ slug: read('slug') }),
		accessKey: () => ({ accessKey: read('accessKey') }),
		channelAccount: () => ({ channel: read('channel'), externalId: read('externalId') }),
	};
	return queries[context.getNodeParameter('by', itemIndex) as Way]();
}
