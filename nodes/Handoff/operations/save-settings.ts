import { saveHandoffSettings } from '../../../core/handoff';
import { actorOf, locatorField, showFor, tenantField, tenantId, type Operation } from '../../shared';
import { asText } from '../../shared/text';

const minutes = (displayName: string, name: string, description: string, most: number, least = 1) => ({
	...{ displayName, name, description, type: 'number' as const, default: 15 },
	typeOptions: { minValue: least, maxValue: most, numberPrecision: 0 },
});

export const description: Operation['description'] = showFor({ operation: ['saveSettings'] }, [
	tenantField(),
	{
		displayName: 'Changes',
		name: 'changes',
		type: 'collection',
		placeholder: 'Add setting',
		default: {},
		description: 'What is not added stays as it is',
		options: [
			minutes(
				'Bot Back After (Minutes)',
				'quietMinutes',
				'Minutes without a word of either side after which the bot has the conversation again, at least 5; 0 for never',
				43_200,
				0,
			),
			minutes('First Answer Within (Minutes)', 'slaMinutes', 'Minutes a customer may wait for a person', 1_440),
			{
				displayName: 'Link Valid For (Hours)',
				name: 'linkHours',
				type: 'number',
				typeOptions: { minValue: 1, maxValue: 720, numberPrecision: 0 },
				default: 24,
				description: 'Hours after which a link to the page opens nothing',
			},
			{
				displayName: 'Page URL',
				name: 'pageUrl',
				type: 'string',
				default: '',
				placeholder: 'https://n8n.example.com/webhook/agent-factory/handoff',
				description: 'Production URL of the webhook of workflow 61, for the links in e-mails and messages',
			},
			minutes(
				'Remind Again After (Minutes)',
				'escalationMinutes',
				'Minutes from one level of people to the next while nobody answers',
				1_440,
			),
			locatorField({
				displayName: 'Team Number',
				name: 'whatsappAccountId',
				description: 'WhatsApp number from which members are told',
				searchMethod: 'searchChannelAccounts',
				required: false,
			}),
			locatorField({
				displayName: 'Team Template',
				name: 'whatsappTemplateId',
				description:
					'Approved UTILITY template for members outside their 24-hour window; its variables are reason, score and link',
				searchMethod: 'searchTemplates',
				required: false,
			}),
		],
	},
]);

/** A picked row is its id; an emptied field is no value any more. */
function valueOf(given: unknown): unknown {
	const value = typeof given === 'object' && given !== null ? (given as { value?: unknown }).value : given;
	return asText(value).trim() === '' ? null : value;
}

export const execute: Operation['execute'] = async (call) => {
	const tenant = await tenantId(call.context, call.database, call.itemIndex);
	const given = call.context.getNodeParameter('changes', call.itemIndex, {}) as Record<string, unknown>;
	const changes = Object.fromEntries(Object.entries(given).map(([name, value]) => [name, valueOf(value)]));
	const saved = await saveHandoffSettings(call.database, tenant, changes, actorOf(call.context));
	return { tenantId: tenant, ...saved };
};
