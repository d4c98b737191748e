import type { Resource } from '../../../shared/resource';
import * as assignAgent from './assign-agent';
import * as create from './create';
import * as getMany from './get-many';
import * as getPaused from './get-paused';
import * as pause from './pause';
import * as resume from './resume';
import * as saveMenu from './save-menu';
import * as setAccessToken from './set-access-token';

export const channelAccount: Resource = {
	name: 'Channel Account',
	value: 'channelAccount',
	default: 'getMany',
	operations: [
		{
			name: 'Assign Agent',
			value: 'assignAgent',
			action: 'Assign an agent to a channel account',
			description: 'Choose which agent answers on an account',
			run: assignAgent,
		},
		{
			name: 'Create',
			value: 'create',
			action: 'Create a channel account',
			description: 'Connect a WhatsApp number, Instagram account or Messenger page to a tenant',
			run: create,
		},
		{
			name: 'Get Many',
			value: 'getMany',
			action: 'Get many channel accounts',
			description: 'List the accounts of a tenant; tokens are not shown',
			run: getMany,
		},
		{
			name: 'Get Paused',
			value: 'getPaused',
			action: 'Get paused channel accounts',
			description: 'List the accounts of all tenants that send nothing, why, and how many messages wait',
			run: getPaused,
		},
		{
			name: 'Pause',
			value: 'pause',
			action: 'Pause a channel account',
			description: 'Stop sending from an account; messages wait',
			run: pause,
		},
		{
			name: 'Resume',
			value: 'resume',
			action: 'Resume a channel account',
			description: 'Send again from an account that was paused by a person or by an error of Meta',
			run: resume,
		},
		{
			name: 'Save Menu',
			value: 'saveMenu',
			action: 'Save the opening menu of a channel account',
			description: 'Let new conversations choose between several agents: by menu, words or known contact',
			run: saveMenu,
		},
		{
			name: 'Set Access Token',
			value: 'setAccessToken',
			action: 'Set the access token of a channel account',
			description: 'Store a new token, encrypted',
			run: setAccessToken,
		},
	],
};
