import type { Resource } from '../../../shared/resource';
import * as addDefaults from './add-defaults';
import * as createAccessKey from './create-access-key';
import * as create from './create';
import * as getAccessKeys from './get-access-keys';
import * as getMany from './get-many';
import * as revokeAccessKey from './revoke-access-key';
import * as startAutomation from './start-automation';
import * as stopAutomation from './stop-automation';
import * as update from './update';

export const tenant: Resource = {
	name: 'Tenant',
	value: 'tenant',
	default: 'getMany',
	operations: [
		{
			name: 'Add Defaults',
			value: 'addDefaults',
			action: 'Add the defaults to a tenant',
			description: 'Give a tenant what it lacks of the stages, texts and settings that a new one begins with',
			run: addDefaults,
		},
		{
			name: 'Create',
			value: 'create',
			action: 'Create a tenant',
			description: 'Add a client business',
			run: create,
		},
		{
			name: 'Create Access Key',
			value: 'createAccessKey',
			action: 'Create an access key for a tenant',
			description: 'Make a key by which callers of your own webhooks say which tenant they are; shown once',
			run: createAccessKey,
		},
		{
			name: 'Get Access Keys',
			value: 'getAccessKeys',
			action: 'Get the access keys of a tenant',
			description:
				'List a tenant’s keys: what each may do, until when, and whether it was revoked; never the key itself',
			run: getAccessKeys,
		},
		{
			name: 'Get Many',
			value: 'getMany',
			action: 'Get many tenants',
			description: 'List tenants with their channel accounts and how many of these stand still',
			run: getMany,
		},
		{
			name: 'Revoke Access Key',
			value: 'revokeAccessKey',
			action: 'Revoke an access key of a tenant',
			description: 'End a key at once, and the pages that were opened with it',
			run: revokeAccessKey,
		},
		{
			name: 'Start Automation',
			value: 'startAutomation',
			action: 'Start automation',
			description: 'Let agents answer again, for one tenant or all; what only the stop had handed to people comes back',
			run: startAutomation,
		},
		{
			name: 'Stop Automation',
			value: 'stopAutomation',
			action: 'Stop automation',
			description: 'Stop everything automatic at once, for one tenant or all; people go on sending',
			run: stopAutomation,
		},
		{
			name: 'Update',
			value: 'update',
			action: 'Update a tenant',
			description: 'Pause or resume a tenant, or change its limits, plan or time zone',
			run: update,
		},
	],
};
