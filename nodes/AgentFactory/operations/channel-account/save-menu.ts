import { saveMenu } from '../../../../core/conversations';
import { actorOf, locatorField, locatorId, showFor, tenantField, tenantId, type Operation } from '../../../shared';
import { asText, requiredText } from '../../../shared/text';
import { channelAccountField } from '../../fields';

const text = (displayName: string, name: string, description: string, placeholder: string) => ({
	...{ displayName, name, description, placeholder },
	type: 'string' as const,
	default: '',
});

export const description: Operation['description'] = showFor(
	{ resource: ['channelAccount'], operation: ['saveMenu'] },
	[
		tenantField(),
		channelAccountField(),
		{
			displayName: 'Greeting',
			name: 'greeting',
			type: 'string',
			typeOptions: { rows: 2 },
			required: true,
			default: 'Olá! Com quem você quer falar? Digite o número da opção:',
			description: 'What a new conversation is asked; the options follow, one a line',
		},
		{
			displayName: 'Active',
			name: 'menuActive',
			type: 'boolean',
			default: true,
			description: 'Whether new conversations are asked; off, the agent of the account answers',
		},
		{
			displayName: 'Routes',
			name: 'routes',
			type: 'fixedCollection',
			typeOptions: { multipleValues: true, sortable: true },
			placeholder: 'Add Route',
			default: {},
			description: 'Which agent gets a new conversation: by option of the menu, by words, or by known contact',
			options: [
				{
					displayName: 'Route',
					name: 'route',
					values: [
						locatorField({
							displayName: 'Agent',
							name: 'agent',
							description: 'Who gets the conversation',
							searchMethod: 'searchAgents',
						}),
						text(
							'Contact Types',
							'contactTypes',
							'Types of known contacts that go there at once, with commas',
							'cliente',
						),
						text('Key', 'key', 'What the customer types; empty: not in the menu', '1'),
						text('Label', 'label', 'How the menu calls it', 'Vendas'),
						text(
							'Words',
							'words',
							'Words of a first message that make the menu needless, with commas',
							'comprar, preço',
						),
					],
				},
			],
		},
	],
);

const list = (value: unknown): string[] =>
	asText(value)
		.split(/[,;\n]+/)
		.map((entry) => entry.trim())
		.filter((entry) => entry !== '');
const idOf = (locator: unknown): string =>
	asText(typeof locator === 'object' && locator !== null ? (locator as { value?: unknown }).value : locator).trim();

export const execute: Operation['execute'] = async (call) => {
	const { context, itemIndex, database } = call;
	const tenant = await tenantId(context, database, itemIndex);
	const account = locatorId(context, 'channelAccount', itemIndex);
	const given = context.getNodeParameter('routes', itemIndex, {}) as { route?: Array<Record<string, unknown>> };
	const routes = (given.route ?? []).map(({ key, label, words, contactTypes, agent }) => ({
		...{ key: asText(key), label: asText(label), words: list(words), contactTypes: list(contactTypes) },
		agentId: idOf(agent),
	}));
	const active = context.getNodeParameter('menuActive', itemIndex) === true;
	const menu = { greeting: requiredText(call, 'greeting'), active, routes };
	return { channelAccountId: account, ...(await saveMenu(database, tenant, account, menu, actorOf(context))) };
};
