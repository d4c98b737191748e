import { RUN_DEFAULTS, startRun, type NewRun } from '../../../../core/leads';
import { actorOf, locatorField, locatorId, showFor, tenantField, tenantId, type Operation } from '../../../shared';
import { asText, filledIn, isPicked, requiredText } from '../../../shared/text';
import { listOf, tagsOf } from './fields';

export const description: Operation['description'] = showFor(
	{ resource: ['instagramOutreach'], operation: ['startRun'] },
	[
		tenantField(),
		{
			displayName: 'Campaign',
			name: 'campaign',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'black-friday',
			description: 'Nobody gets the message of a campaign twice, in however many runs',
		},
		{
			displayName: 'Template Names',
			name: 'templateNames',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'Convite A, Convite B',
			description:
				'Templates of the tenant, separated by commas; several take turns. {{first_name}}, {{name}} and {{username}} are filled in; {{first_name|you}} has other words for a lead of whom it is not known.',
		},
		locatorField({
			displayName: 'Channel Account',
			name: 'channelAccount',
			description: 'The Instagram account to write from; empty where the tenant has only one',
			searchMethod: 'searchChannelAccounts',
			required: false,
		}),
		{
			displayName: 'Additional Fields',
			name: 'additionalFields',
			type: 'collection',
			placeholder: 'Add Field',
			default: {},
			options: [
				{
					displayName: 'Daily Cap',
					name: 'dailyCap',
					type: 'number',
					typeOptions: { minValue: 1, maxValue: 10000 },
					default: RUN_DEFAULTS.dailyCap,
					description: 'Messages the account starts in a day, in the time zone of the tenant',
				},
				{
					displayName: 'Filter by Persona',
					name: 'filterByPersona',
					type: 'boolean',
					default: true,
					description:
						'Whether to leave out leads that followers or negative keywords of the active persona speak against',
				},
				{
					displayName: 'Hourly Cap',
					name: 'hourlyCap',
					type: 'number',
					typeOptions: { minValue: 1, maxValue: 1000 },
					default: RUN_DEFAULTS.hourlyCap,
					description: 'Messages the account starts in 60 minutes',
				},
				{
					displayName: 'Max Error Share',
					name: 'maxErrorShare',
					type: 'number',
					typeOptions: { minValue: 0.01, maxValue: 1, numberPrecision: 2 },
					default: RUN_DEFAULTS.maxErrorShare,
					description: 'Share of failed messages, from ten on, beyond which the run stops',
				},
				{
					displayName: 'Quiet From',
					name: 'quietFrom',
					type: 'string',
					default: RUN_DEFAULTS.quietFrom,
					description:
						'When the quiet hours begin by the clock of the tenant, as HH:MM; the same as their end for none',
				},
				{
					displayName: 'Quiet To',
					name: 'quietTo',
					type: 'string',
					default: RUN_DEFAULTS.quietTo,
					description: 'When the quiet hours end by the clock of the tenant, as HH:MM',
				},
				{
					displayName: 'Require Niche',
					name: 'requireNiche',
					type: 'boolean',
					default: false,
					description: 'Whether a bio that is known must name one of the niches of the active persona',
				},
				{
					displayName: 'Source',
					name: 'source',
					type: 'string',
					default: '',
					description: 'Only leads of this source; empty for all',
				},
				{
					displayName: 'Tags',
					name: 'tags',
					type: 'string',
					default: '',
					description: 'Only leads with one of these tags, separated by commas; empty for all',
				},
			],
		},
	],
);

export const execute: Operation['execute'] = async (call) => {
	const { context, database, itemIndex } = call;
	const tenant = await tenantId(context, database, itemIndex);
	const more = filledIn(call, 'additionalFields');
	const number = (name: string): number | undefined => (name in more ? Number(more[name]) : undefined);
	const text = (name: string): string | undefined => (name in more ? asText(more[name]).trim() : undefined);
	const run: NewRun = {
		campaign: requiredText(call, 'campaign'),
		templates: listOf(requiredText(call, 'templateNames')),
		channelAccountId: isPicked(context.getNodeParameter('channelAccount', itemIndex, ''))
			? locatorId(context, 'channelAccount', itemIndex)
			: undefined,
		tags: tagsOf(more.tags),
		source: text('source'),
		filterByPersona: more.filterByPersona as boolean | undefined,
		requireNiche: more.requireNiche as boolean | undefined,
		hourlyCap: number('hourlyCap'),
		dailyCap: number('dailyCap'),
		maxErrorShare: number('maxErrorShare'),
		quietFrom: text('quietFrom'),
		quietTo: text('quietTo'),
	};
	return { tenantId: tenant, ...(await startRun(database, tenant, run, actorOf(context))) };
};
