import { randomBytes, randomUUID } from 'node:crypto';
import { cloneAgent } from '../../../core/onboarding';
import {
	actorOf,
	jsonParameter,
	locatorField,
	locatorId,
	requiredText,
	showFor,
	tenantField,
	tenantId,
	type Operation,
} from '../../shared';
import { languageField, languageOf, named } from '../fields';

const yesNo = (displayName: string, name: string, description: string): Operation['description'][number] => ({
	displayName,
	name,
	type: 'boolean',
	default: false,
	description,
});

export const description: Operation['description'] = showFor({ operation: ['cloneAgent'] }, [
	tenantField(),
	locatorField({
		displayName: 'Agent',
		name: 'agent',
		description: 'The agent that is copied',
		searchMethod: 'searchAgents',
	}),
	locatorField({
		displayName: 'Version',
		name: 'version',
		description: 'Which version of it',
		searchMethod: 'searchVersions',
	}),
	{
		displayName: 'New Client',
		name: 'businessName',
		type: 'string',
		required: true,
		default: '',
		description: 'Name of the new client',
	},
	{
		displayName: 'Answers',
		name: 'answers',
		type: 'json',
		default: '{}',
		description: 'Further answers of the new client by field; they win over what is copied',
	},
	yesNo('Keep Documents', 'keepDocuments', 'Whether the documents of the old client are copied too'),
	yesNo('Keep Facts', 'keepFacts', 'Whether address, phone, links and persona of the old client are copied too'),
	languageField,
]);

export const execute: Operation['execute'] = async (call) => {
	const { context, itemIndex, database } = call;
	const actor = actorOf(context);
	const more = jsonParameter<Record<string, unknown> | null>(context, 'answers', itemIndex) ?? {};
	const clone = await cloneAgent(
		database,
		{
			source: {
				tenantId: await tenantId(context, database, itemIndex),
				agentVersionId: locatorId(context, 'version', itemIndex),
			},
			answers: { ...more, businessName: requiredText(call, 'businessName') },
			keepDocuments: context.getNodeParameter('keepDocuments', itemIndex) === true,
			keepFacts: context.getNodeParameter('keepFacts', itemIndex) === true,
			language: languageOf(call),
			person: actor,
			newId: randomUUID(),
			slugSuffix: randomBytes(3).toString('hex'),
		},
		actor,
	);
	return { ...named(clone), placeholders: clone.placeholders };
};
