import { randomBytes } from 'node:crypto';
import type { INodeProperties } from 'n8n-workflow';
import { createEndpoint, EVENT_TYPES, listEndpoints } from '../../../../core/notifications';
import { updateLoopSettings, type LoopSettingsChange } from '../../../../core/reflection';
import { actorOf, nodeVault, showFor, tenantField, tenantId, type Operation } from '../../../shared';
import { filledIn, refuse, textOf } from '../../../shared/text';
import { versionField } from './fields';

const number = (name: string, displayName: string, value: number, maxValue: number, description: string) =>
	({
		displayName,
		name,
		type: 'number',
		typeOptions: { minValue: 0, maxValue, numberPrecision: maxValue > 5 ? 0 : 2 },
		default: value,
		description,
	}) satisfies INodeProperties;
const flag = (name: string, displayName: string, value: boolean, description: string): INodeProperties => ({
	displayName,
	name,
	type: 'boolean',
	default: value,
	description,
});
const choice = (
	name: string,
	displayName: string,
	value: string,
	options: Array<{ name: string; value: string }>,
	description: string,
): INodeProperties => ({ displayName, name, type: 'options', options, default: value, description });

const fields: INodeProperties[] = [
	flag(
		'autoApplyEnabled',
		'Automatic Changes',
		false,
		'Whether a change that passed every check may begin on 10 % of the people without approval',
	),
	number(
		'autoApplyMaxScoreDrop',
		'Automatic: Largest Score Drop',
		0.5,
		5,
		'Points of the judge’s score that a change may cost before it is looked at',
	),
	number(
		'autoApplyMinConfidence',
		'Automatic: Least Confidence',
		0.85,
		1,
		'Confidence a suggestion needs to begin by itself; shown, never enough',
	),
	number(
		'thresholdAutoUpdate',
		'Band: Automatic From',
		2,
		5,
		'Score from which a change may begin by itself; below a person is called',
	),
	number('thresholdNone', 'Band: Nothing To Do From', 4, 5, 'Score from which nothing is suggested'),
	number('thresholdSuggestion', 'Band: Suggestion From', 3, 5, 'Score from which a change is only suggested'),
	number(
		'maxUpdatesPerDay',
		'Changes a Day',
		3,
		3,
		'Changes that may begin by themselves in a day of the tenant’s time zone',
	),
	number(
		'minConversationsForReflection',
		'Conversations Needed',
		40,
		1_000,
		'Conversations, or leads with a known outcome, before anything is judged',
	),
	number(
		'cooldownAfterUpdateHours',
		'Cooldown in Hours',
		6,
		8_760,
		'Hours between two changes that begin by themselves',
	),
	{
		displayName: 'E-Mails',
		name: 'notificationEmails',
		type: 'string',
		default: '',
		placeholder: 'ana@example.com, bia@example.com',
		description: 'Who is written to, separated by commas',
	},
	number('reflectionIntervalHours', 'Hours Between Reflections', 6, 8_760, 'At least 6'),
	choice(
		'evaluatorApi',
		'Judge’s API',
		'messages',
		[
			{ name: 'Chat Completions (OpenAI and Compatible)', value: 'chat_completions' },
			{ name: 'Messages (Anthropic)', value: 'messages' },
			{ name: 'Responses (OpenAI)', value: 'responses' },
		],
		'How the judge is spoken to',
	),
	{
		displayName: 'Judge’s Model',
		name: 'evaluatorModel',
		type: 'string',
		default: 'claude-sonnet-5-5',
		description: 'Better of another family than the model that answers',
	},
	choice(
		'evaluatorProvider',
		'Judge’s Provider',
		'anthropic',
		[
			{ name: 'Anthropic', value: 'anthropic' },
			{ name: 'OpenAI', value: 'openai' },
		],
		'Whose credential of the Reflection Judge is used',
	),
	flag('reflectionEnabled', 'Reflection', true, 'Whether conversations and outcomes are judged at all'),
	number(
		'requireApprovalBelowConfidence',
		'Require Approval Below',
		0.8,
		1,
		'Confidence below which a person decides in any case',
	),
	number('sampleSize', 'Sample Size', 60, 200, 'Conversations that are judged in a cycle, 40 at least'),
	number(
		'spendCeilingUsd',
		'Spend Ceiling in US Dollars',
		20,
		100_000,
		'What judging and proposing may cost in a calendar month',
	),
	flag('notifyOnAutoUpdate', 'Tell of Changes', true, 'Whether people hear when a change begins'),
	flag('notifyOnEscalation', 'Tell of Escalations', true, 'Whether people hear when a person is called'),
	flag('notifyOnSuggestion', 'Tell of Suggestions', true, 'Whether people hear when a suggestion waits for them'),
	{
		displayName: 'Webhook',
		name: 'notificationWebhookUrl',
		type: 'string',
		default: '',
		placeholder: 'https://hooks.example.com/loop',
		description:
			'Where the loop’s notices go too. A new one gets an endpoint; its signing secret is in the output of this run only.',
	},
];

/** What the loop tells of; HOT leads and the plan have endpoints of their own. */
const LOOP_EVENTS = EVENT_TYPES.filter((type) => /^(suggestion|rollout|breaker|endpoint)\./.test(type));

export const description: Operation['description'] = showFor({ resource: ['selfImprovement'], operation: ['update'] }, [
	tenantField(),
	versionField,
	{
		displayName: 'Update Fields',
		name: 'updateFields',
		type: 'collection',
		placeholder: 'Add Field',
		default: {},
		options: fields,
	},
]);

export const execute: Operation['execute'] = async (call) => {
	const { notificationEmails: emails, notificationWebhookUrl: url, ...rest } = filledIn(call, 'updateFields');
	const change: LoopSettingsChange = {
		...rest,
		...(typeof emails === 'string'
			? { notificationEmails: emails.split(/[\s,;]+/).filter((mail) => mail !== '') }
			: {}),
		...(typeof url === 'string' ? { notificationWebhookUrl: url } : {}),
	};
	if (Object.keys(change).length === 0) throw refuse('updateFields', 'is empty. Add what should change.');
	const { context, database } = call;
	const tenant = await tenantId(context, database, call.itemIndex);
	const actor = actorOf(context);
	const isNew = typeof url === 'string' && !(await listEndpoints(database, tenant)).some((known) => known.url === url);
	const endpoint = isNew
		? await createEndpoint(
				database,
				tenant,
				{ url, eventTypes: LOOP_EVENTS },
				{ vault: await nodeVault(context), randomBytes },
				actor,
			)
		: null;
	const settings = await updateLoopSettings(database, tenant, change, {
		agentVersionId: textOf(call, 'agentVersionId') ?? null,
		actor,
	});
	return { tenantId: tenant, ...settings, webhookSecret: endpoint?.secret ?? null };
};
