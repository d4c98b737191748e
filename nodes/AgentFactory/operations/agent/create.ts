import { createAgent } from '../../../../core/agents';
import { showFor, tenantField, tenantId, type Operation } from '../../../shared';
import { toItem } from '../../../shared/rows';
import { requiredText } from '../../../shared/text';
import { slugField } from '../../fields';

export const description: Operation['description'] = showFor({ resource: ['agent'], operation: ['create'] }, [
	tenantField(),
	{
		displayName: 'Name',
		name: 'name',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'Bia',
		description: 'How lists show the agent; what it calls itself stands in its spec',
	},
	slugField('atendimento'),
	{
		displayName: 'Role',
		name: 'role',
		type: 'string',
		default: 'sdr',
		description: 'What the agent is for, in a word, e.g. sdr, support or concierge',
	},
]);

export const execute: Operation['execute'] = async (call) => {
	const tenant = await tenantId(call.context, call.database, call.itemIndex);
	const agent = {
		name: requiredText(call, 'name'),
		slug: requiredText(call, 'slug'),
		role: requiredText(call, 'role'),
	};
	return { tenantId: tenant, ...toItem(await createAgent(call.database, tenant, agent)) };
};
