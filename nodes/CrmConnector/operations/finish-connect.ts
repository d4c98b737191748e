import { connectPage, finishCrmLink, pageOfError, type PageLanguage } from '../../../core/crm';
import { isFactoryError } from '../../../core/errors';
import { showFor, type Operation } from '../../shared';
import { textOf } from '../../shared/text';
import { crmPorts } from '../ports';

export const description: Operation['description'] = showFor({ operation: ['finishConnect'] }, [
	{
		displayName: 'State',
		name: 'state',
		type: 'string',
		typeOptions: { password: true },
		required: true,
		default: '={{ $json.query.state }}',
		description: 'What the link carried to the CRM and back',
	},
	{
		displayName: 'Code',
		name: 'code',
		type: 'string',
		typeOptions: { password: true },
		default: '={{ $json.query.code }}',
		description: 'What the CRM gives for a permission; empty when there was none',
	},
	{
		displayName: 'Language',
		name: 'language',
		type: 'options',
		options: [
			{ name: 'English', value: 'en' },
			{ name: 'Portuguese (Brazil)', value: 'pt-BR' },
		],
		default: 'pt-BR',
		description: 'Language of the page',
	},
]);

export const execute: Operation['execute'] = async (call) => {
	const { context, itemIndex, database } = call;
	const language = context.getNodeParameter('language', itemIndex, 'pt-BR') as PageLanguage;
	const ports = await crmPorts(context);
	try {
		const callback = { state: textOf(call, 'state') ?? '', code: textOf(call, 'code') };
		const { tenantId, result } = await finishCrmLink(database, callback, ports);
		const { id, name, accountName } = result.integration;
		const html = connectPage('done', language, accountName ?? name);
		// The webhook key is for who works here, not for the page.
		const { webhookKey, webhookProblem, woken } = result;
		return {
			httpStatus: 200,
			html,
			connected: true,
			tenantId,
			id,
			name,
			accountName,
			webhookKey,
			webhookProblem,
			woken,
		};
	} catch (error) {
		if (!isFactoryError(error)) throw error;
		const { page, status } = pageOfError(error);
		return { httpStatus: status, html: connectPage(page, language), connected: false, code: error.code };
	}
};
