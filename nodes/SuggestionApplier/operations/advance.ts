import { lookAtRollout, moveRollout } from '../../../core/rollouts';
import { type Operation, requiredText, showFor, tenantField, tenantId } from '../../shared';
import { textOf } from '../../shared/text';
import { personField, rolloutField } from '../fields';

export const description: Operation['description'] = showFor({ operation: ['advance'] }, [
	tenantField(),
	rolloutField,
	{
		displayName: 'To',
		name: 'to',
		type: 'options',
		options: [
			{ name: 'Active for All', value: 'active' },
			{ name: 'By the Evidence', value: 'evidence' },
			{ name: 'Half of the People', value: 'canary50' },
			{ name: 'Hold', value: 'held' },
		],
		default: 'evidence',
		description: 'Where to; anything but the evidence is the word of the person that is named',
	},
	personField(false),
]);

export const execute: Operation['execute'] = async (call) => {
	const tenant = await tenantId(call.context, call.database, call.itemIndex);
	const rolloutId = requiredText(call, 'rolloutId');
	const to = textOf(call, 'to') as 'evidence' | 'canary50' | 'active' | 'held';
	if (to === 'evidence') return await lookAtRollout(call.database, tenant, rolloutId);
	const actor = { name: requiredText(call, 'person'), isPerson: true };
	const moved = await moveRollout(call.database, tenant, rolloutId, { to, reason: 'person' }, actor);
	return { tenantId: tenant, rolloutId, ...moved };
};
