import { connectPage, finishGoogle, pageOfError, type PageLanguage } from '../../../core/crm';
import { isFactoryError } from '../../../core/errors';
import { asText, showFor, type Operation } from '../../shared';
import { textOf } from '../../shared/text';
import { calendarPorts } from '../calls';

export const description: Operation['description'] = showFor({ operation: ['finishConnect'] }, [
	{
		displayName: 'State',
		name: 'state',
		type: 'string',
		typeOptions: { password: true },
		required: true,
		default: '={{ $json.query.state }}',
		description: 'What the link carried to Google and back',
	},
	{
		displayName: 'Code',
		name: 'code',
		type: 'string',
		typeOptions: { password: true },
		default: '={{ $json.query.code }}',
		description: 'What Google gives for a permission; empty when there was none',
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
	const ports = await calendarPorts(context);
	try {
		const callback = { state: textOf(call, 'state') ?? '', code: textOf(call, 'code') };
		const { tenantId, result } = await finishGoogle(database, callback, ports);
		const html = connectPage('done', language, asText(result.name));
		return { httpStatus: 200, html, connected: true, tenantId, calendarId: result.id };
	} catch (error) {
		if (!isFactoryError(error)) throw error;
		const { page, status } = pageOfError(error);
		return { httpStatus: status, html: connectPage(page, language), connected: false, code: error.code };
	}
};
