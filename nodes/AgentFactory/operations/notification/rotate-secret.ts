import { randomBytes } from 'node:crypto';
import { rotateEndpointSecret } from '../../../../core/notifications';
import { actorOf, locatorId, nodeVault, showFor, tenantField, tenantId, type Operation } from '../../../shared';
import { toItem } from '../../../shared/rows';
import { textOf } from '../../../shared/text';
import { endpointField } from './fields';

export const description: Operation['description'] = showFor(
	{ resource: ['notification'], operation: ['rotateSecret'] },
	[
		tenantField(),
		endpointField,
		{
			displayName: 'The new secret is in the output of this run only. For 24 hours notices carry a signature of each.',
			name: 'rotationNotice',
			type: 'notice',
			default: '',
		},
		{
			displayName: 'New Secret',
			name: 'newSecret',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			placeholder: 'whsec_…',
			description: 'A secret of your own; empty to have one made',
		},
	],
);

export const execute: Operation['execute'] = async (call) => {
	const { context, itemIndex, database } = call;
	const tenant = await tenantId(context, database, itemIndex);
	const endpointId = locatorId(context, 'endpointId', itemIndex);
	const ports = { vault: await nodeVault(context), randomBytes, secret: textOf(call, 'newSecret') };
	return toItem(await rotateEndpointSecret(database, tenant, endpointId, ports, actorOf(context)));
};
