import { saveMember, type Role } from '../../../../core/tenancy';
import { requiredText, showFor, tenantField, tenantId, type Operation } from '../../../shared';
import { toItem } from '../../../shared/rows';
import { textOf } from '../../../shared/text';

export const description: Operation['description'] = showFor({ resource: ['member'], operation: ['save'] }, [
	tenantField(),
	{
		displayName: 'Email',
		name: 'email',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'name@example.com',
		description: 'Address of the person; who is known by it for another tenant is the same person',
	},
	{
		displayName: 'Full Name',
		name: 'fullName',
		type: 'string',
		default: '',
		description: 'Name of a person who is new',
	},
	{
		displayName: 'Role',
		name: 'role',
		type: 'options',
		options: [
			{ name: 'Admin', value: 'admin', description: 'Changes settings and decides' },
			{ name: 'Operator', value: 'operator', description: 'Answers customers' },
			{ name: 'Owner', value: 'owner', description: 'The client' },
			{ name: 'Viewer', value: 'viewer', description: 'Looks, and changes nothing' },
		],
		default: 'operator',
		description: 'What the person may do',
	},
]);

export const execute: Operation['execute'] = async (call) => {
	const tenant = await tenantId(call.context, call.database, call.itemIndex);
	const role = call.context.getNodeParameter('role', call.itemIndex) as Role;
	return toItem(
		await saveMember(call.database, tenant, {
			email: requiredText(call, 'email'),
			fullName: textOf(call, 'fullName'),
			role,
		}),
	);
};
