import type { IDataObject } from 'n8n-workflow';
import { randomBytes, randomUUID } from 'node:crypto';
import { extractText } from '../../../core/documents';
import { SECRET_FIELDS, submitPage } from '../../../core/onboarding';
import { actorOf, itemJson, nodeVault, placeNotice, showFor, type Operation, type OperationCall } from '../../shared';
import { textOf } from '../../shared/text';
import { graphSetup, languageField, languageOf, personField } from '../fields';
import { filesOf } from '../files';

export const description: Operation['description'] = showFor({ operation: ['submitPage'] }, [
	placeNotice(
		'Stands behind a page of the form in workflow 60. To begin an onboarding without the form choose Save Answers.',
	),
	{
		displayName: 'Page',
		name: 'page',
		type: 'string',
		default: '={{ $json.page }}',
		description: 'Which page was filled in; empty for the first',
	},
	{
		displayName: 'Onboarding Code',
		name: 'resumeCode',
		type: 'string',
		default: '={{ $json.code }}',
		description: 'Empty for a new client, else the code of the onboarding that goes on',
	},
	{ ...languageField, default: '={{ $json.language }}' },
	personField,
]);

/** What was typed. n8n keeps the output of earlier nodes as long as a form waits: a token leaves it here, before anything else is done. */
function takeSecrets({ context, itemIndex }: OperationCall): IDataObject {
	const kept = context.getInputData()[itemIndex].json;
	const values = { ...itemJson(context, itemIndex) };
	for (const field of SECRET_FIELDS) if (kept[field]) kept[field] = '';
	return values;
}

export const execute: Operation['execute'] = async (call) => {
	const person = textOf(call, 'person') ?? actorOf(call.context);
	const submitted = {
		page: textOf(call, 'page') ?? '',
		code: textOf(call, 'resumeCode') ?? '',
		language: languageOf(call),
		person,
		values: takeSecrets(call),
		files: await filesOf(call, 'files'),
	};
	const ports = {
		graph: await graphSetup(call),
		vault: await nodeVault(call.context),
		now: new Date(),
		extract: extractText,
		newId: randomUUID(),
		slugSuffix: randomBytes(3).toString('hex'),
	};
	return { ...(await submitPage(call.database, submitted, ports, person)), person };
};
