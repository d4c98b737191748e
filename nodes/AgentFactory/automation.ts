import type { INodeProperties } from 'n8n-workflow';
import { switchEverything, switchTenant } from '../../core/conversations';
import { actorOf, tenantField, tenantId, type OperationCall } from '../shared';
import { textOf } from '../shared/text';

/** For whom the switch is thrown. */
export const automationFields: INodeProperties[] = [
	{
		displayName: 'For',
		name: 'scope',
		type: 'options',
		default: 'tenant',
		options: [
			{ name: 'All Tenants', value: 'all', description: 'Everything that this factory does by itself' },
			{ name: 'One Tenant', value: 'tenant' },
		],
		description: 'For whom automatic messages stop or start. Messages that come in are stored, people go on sending.',
	},
	tenantField({ displayOptions: { show: { scope: ['tenant'] } } }),
	{
		displayName: 'Reason',
		name: 'reason',
		type: 'string',
		default: '',
		description: 'Why, for the audit log',
	},
];

export async function switchAutomation(call: OperationCall, stopped: boolean): Promise<object> {
	const { context, itemIndex, database } = call;
	const change = { stopped, reason: textOf(call, 'reason') };
	if (context.getNodeParameter('scope', itemIndex) === 'all')
		return { scope: 'all', ...(await switchEverything(database, change, actorOf(context))) };
	const tenant = await tenantId(context, database, itemIndex);
	return { scope: 'tenant', tenantId: tenant, ...(await switchTenant(database, tenant, change, actorOf(context))) };
}
