import { GAP_HOURS, MAX_FOLLOWUPS, QUIET_FROM, QUIET_TO, saveFollowUpSettings, SILENT_HOURS } from '../../../core/crm';
import { actorOf, locatorField, locatorId, showFor, tenantField, tenantId, type Operation } from '../../shared';
import { toItem } from '../../shared/rows';
import { asText, filledIn, isPicked } from '../../shared/text';
import { quietFields } from '../fields';

export const description: Operation['description'] = showFor({ operation: ['saveFollowUpSettings'] }, [
	tenantField(),
	locatorField({
		displayName: 'Agent',
		name: 'agent',
		description: 'Only conversations of this agent; empty for all that have no settings of their own',
		searchMethod: 'searchAgents',
		required: false,
	}),
	{
		displayName: 'Follow Up',
		name: 'enabled',
		type: 'boolean',
		default: true,
		description: 'Whether leads that were answered and are silent are asked once more',
	},
	{
		displayName: 'Additional Fields',
		name: 'additionalFields',
		type: 'collection',
		placeholder: 'Add Field',
		default: {},
		options: [
			{
				displayName: 'Gap (Hours)',
				name: 'gapHours',
				type: 'number',
				typeOptions: { minValue: 12, maxValue: 720 },
				default: GAP_HOURS,
				description: 'Hours between the first and the second follow-up of a silence',
			},
			{
				displayName: 'Max Follow-Ups',
				name: 'maxFollowUps',
				type: 'number',
				typeOptions: { minValue: 1, maxValue: 2 },
				default: MAX_FOLLOWUPS,
				description: 'How often a silent lead is asked, at most',
			},
			...quietFields(QUIET_FROM, QUIET_TO),
			{
				displayName: 'Silent for (Hours)',
				name: 'silentHours',
				type: 'number',
				typeOptions: { minValue: 1, maxValue: 720 },
				default: SILENT_HOURS,
				description:
					"Hours since the lead's last message. Under 24 the text of category follow-up goes out as it is, later only its template that Meta has approved.",
			},
		],
	},
]);

export const execute: Operation['execute'] = async (call) => {
	const { context, itemIndex, database } = call;
	const tenant = await tenantId(context, database, itemIndex);
	const more = filledIn(call, 'additionalFields');
	const number = (name: string): number | undefined => (name in more ? Number(more[name]) : undefined);
	const text = (name: string): string | undefined => (name in more ? asText(more[name]).trim() : undefined);
	const settings = {
		agentId: isPicked(context.getNodeParameter('agent', itemIndex, '')) ? locatorId(context, 'agent', itemIndex) : null,
		enabled: context.getNodeParameter('enabled', itemIndex) === true,
		...{ silentHours: number('silentHours'), maxFollowUps: number('maxFollowUps'), gapHours: number('gapHours') },
		...{ quietFrom: text('quietFrom'), quietTo: text('quietTo') },
	};
	return { tenantId: tenant, ...toItem(await saveFollowUpSettings(database, tenant, settings, actorOf(context))) };
};
