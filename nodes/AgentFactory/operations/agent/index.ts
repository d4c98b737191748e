import type { Resource } from '../../../shared/resource';
import * as create from './create';
import * as getMany from './get-many';
import * as getUsage from './get-usage';
import * as getVersions from './get-versions';
import * as setAllowList from './set-allow-list';
import * as setMode from './set-mode';
import * as setTransfers from './set-transfers';
import * as start from './start';
import * as stop from './stop';

export const agent: Resource = {
	name: 'Agent',
	value: 'agent',
	default: 'getMany',
	operations: [
		{
			name: 'Create',
			value: 'create',
			action: 'Create an agent',
			description: 'Add an agent to a tenant; the Agent Compiler then gives it a version',
			run: create,
		},
		{
			name: 'Get Many',
			value: 'getMany',
			action: 'Get many agents',
			description: 'List the agents of a tenant with their active version',
			run: getMany,
		},
		{
			name: 'Get Usage',
			value: 'getUsage',
			action: 'Get the usage of agents',
			description: 'How many agents a tenant had a month, with turns, replies, tokens and cost: what it is charged by',
			run: getUsage,
		},
		{
			name: 'Get Versions',
			value: 'getVersions',
			action: 'Get the versions of an agent',
			description: 'List the frozen versions of an agent, newest first',
			run: getVersions,
		},
		{
			name: 'Set Allow-List',
			value: 'setAllowList',
			action: 'Set the allow list of an agent',
			description: 'Choose whom the agent answers in test mode',
			run: setAllowList,
		},
		{
			name: 'Set Mode',
			value: 'setMode',
			action: 'Set the mode of an agent',
			description: 'Let the agent answer everybody, only test numbers, or write drafts that a person sends',
			run: setMode,
		},
		{
			name: 'Set Transfers',
			value: 'setTransfers',
			action: 'Set the transfers of an agent',
			description: 'Choose whether other agents may hand conversations over to this one',
			run: setTransfers,
		},
		{
			name: 'Start',
			value: 'start',
			action: 'Start an agent',
			description: 'Let a stopped agent answer again',
			run: start,
		},
		{
			name: 'Stop',
			value: 'stop',
			action: 'Stop an agent',
			description: 'Stop an agent at once: what it had queued is not sent, people answer instead',
			run: stop,
		},
	],
};
