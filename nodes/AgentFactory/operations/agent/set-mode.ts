import { switchAgent, type AgentSwitches } from '../../../../core/agents';
import { actorOf, locatorId, showFor, tenantField, tenantId, type Operation } from '../../../shared';
import { agentField } from '../../fields';

export const description: Operation['description'] = showFor({ resource: ['agent'], operation: ['setMode'] }, [
	tenantField(),
	agentField(),
	{
		displayName: 'Mode',
		name: 'mode',
		type: 'options',
		default: 'live',
		options: [
			{ name: 'Draft', value: 'draft', description: 'The agent writes, a person sends' },
			{ name: 'Live', value: 'live', description: 'The agent answers everybody' },
			{ name: 'Test', value: 'test', description: 'The agent answers only who is on its allow-list' },
		],
		description: 'How the agent is live',
	},
	{
		displayName: 'Everybody Else',
		name: 'testOthers',
		type: 'options',
		default: 'handoff',
		displayOptions: { show: { mode: ['test'] } },
		options: [
			{ name: 'Gets a Person', value: 'handoff', description: 'The conversation goes to a person, without a word' },
			{ name: 'Is Not Answered', value: 'ignore', description: 'Messages are stored and nothing more' },
		],
		description: 'What becomes of people who are not on the allow-list',
	},
]);

export const execute: Operation['execute'] = async ({ context, itemIndex, database }) => {
	const tenant = await tenantId(context, database, itemIndex);
	const mode = context.getNodeParameter('mode', itemIndex) as AgentSwitches['mode'];
	const testOthers =
		mode === 'test' ? (context.getNodeParameter('testOthers', itemIndex) as AgentSwitches['testOthers']) : undefined;
	return await switchAgent(
		database,
		tenant,
		locatorId(context, 'agent', itemIndex),
		{ mode, testOthers },
		actorOf(context),
	);
};
