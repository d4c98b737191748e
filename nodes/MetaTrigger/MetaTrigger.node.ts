import {
	fromParameter,
	NodeConnectionTypes,
	webhookDescriptionFields,
	type IHookFunctions,
	type INodeType,
	type INodeTypeDescription,
	type IWebhookFunctions,
	type IWebhookResponseData,
} from 'n8n-workflow';
import { metaAppTest, optionsField, POSTGRES_CREDENTIAL } from '../shared';
import { EVENT_KIND_OPTIONS } from './event-kinds';
import { answerChallenge } from './challenge';
import { receiveEvents } from './receive';

// Read off the parameters, without n8n's expression engine: it would run for each request.
const PATH = webhookDescriptionFields({ path: fromParameter('path') });

async function nothingToDo(this: IHookFunctions): Promise<boolean> {
	return true;
}

export class MetaTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Meta Trigger',
		name: 'metaTrigger',
		icon: { light: 'file:meta-trigger.svg', dark: 'file:meta-trigger.dark.svg' },
		group: ['trigger'],
		version: [1],
		subtitle: '={{"/" + $parameter["path"]}}',
		description:
			'Stores signed webhooks of WhatsApp, Instagram, Messenger and Lead Ads, and acknowledges them after the commit',
		eventTriggerDescription: 'Waiting for a signed request from Meta',
		defaults: { name: 'Meta Trigger' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [
			POSTGRES_CREDENTIAL,
			{ name: 'metaAppApi', displayName: 'Meta App', required: true, testedBy: 'metaAppTest' },
		],
		webhooks: [
			{ name: 'setup', httpMethod: 'GET', ...PATH, isFullPath: true, responseMode: 'onReceived', ndvHideUrl: true },
			{ name: 'default', httpMethod: 'POST', ...PATH, isFullPath: true, responseMode: 'onReceived' },
		],
		properties: [
			{
				displayName:
					'Open "Webhook URLs" above and enter the production URL as the callback URL of your Meta app, with the verify token of the credential. The subscription belongs to the app, so this node neither makes nor removes it.',
				name: 'subscriptionNotice',
				type: 'notice',
				default: '',
			},
			{
				displayName: 'Path',
				name: 'path',
				type: 'string',
				required: true,
				default: 'agent-factory/meta',
				description: 'End of the callback URL; one app, or several, may share it',
			},
			{
				displayName: 'Also Start This Workflow For',
				name: 'startWorkflowFor',
				type: 'multiOptions',
				options: EVENT_KIND_OPTIONS,
				default: [],
				description:
					'Kinds of events that start this workflow after they were stored, one item an event, duplicates left out. Messages are answered by the worker workflow without this.',
			},
			optionsField(),
		],
	};

	methods = { credentialTest: { metaAppTest } };

	// Meta keeps one subscription an app, whatever workflows exist: there is nothing here to look up, make or remove.
	webhookMethods = {
		default: { checkExists: nothingToDo, create: nothingToDo, delete: nothingToDo },
		setup: { checkExists: nothingToDo, create: nothingToDo, delete: nothingToDo },
	};

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		return this.getWebhookName() === 'setup' ? await answerChallenge(this) : await receiveEvents(this);
	}
}
