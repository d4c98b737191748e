import { randomBytes } from 'node:crypto';
import { createAccessKey } from '../../../../core/tenancy';
import { actorOf, showFor, tenantField, tenantId, type Operation } from '../../../shared';
import { toItem } from '../../../shared/rows';
import { requiredText, textOf, timeOf } from '../../../shared/text';

export const description: Operation['description'] = showFor({ resource: ['tenant'], operation: ['createAccessKey'] }, [
	tenantField(),
	{
		displayName:
			'The key is in the output of this run only: just its hash is stored. Copy it now; a lost key is replaced by a new one.',
		name: 'keyNotice',
		type: 'notice',
		default: '',
	},
	{
		displayName: 'Key Name',
		name: 'keyName',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'Website form',
		description: 'What the key is for',
	},
	{
		displayName: 'Scopes',
		name: 'scopes',
		type: 'string',
		default: '',
		placeholder: 'leads:read, leads:write',
		description: 'What the key may do, separated by commas; the Tenant Resolver hands them on',
	},
	{
		displayName: 'Expires At',
		name: 'expiresAt',
		type: 'dateTime',
		default: '',
		description: 'When the key ends; empty for a key that does not end',
	},
]);

export const execute: Operation['execute'] = async (call) => {
	const { context, itemIndex, database } = call;
	const tenant = await tenantId(context, database, itemIndex);
	const scopes = (textOf(call, 'scopes') ?? '')
		.split(',')
		.map((scope) => scope.trim())
		.filter((scope) => scope !== '');
	const expiresAt = timeOf('expiresAt', textOf(call, 'expiresAt'));
	return toItem(
		await createAccessKey(
			database,
			tenant,
			{ name: requiredText(call, 'keyName'), scopes, expiresAt },
			randomBytes,
			actorOf(context),
		),
	);
};
