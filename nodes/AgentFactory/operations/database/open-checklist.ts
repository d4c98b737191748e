import { isFactoryError } from '../../../../core/errors';
import { pageLanguage } from '../../../../core/pages';
import { checklistPage, readChecklist, refusedChecklistPage, requireChecklistLink } from '../../../../core/setup';
import { nodeVault, showFor, type Operation } from '../../../shared';
import { n8nVersion } from '../../n8n-version';

export const description: Operation['description'] = showFor({ resource: ['database'], operation: ['openChecklist'] }, [
	{
		displayName: 'Token',
		name: 'token',
		type: 'string',
		typeOptions: { password: true },
		required: true,
		default: '={{ $json.query.token }}',
		description: 'The token that the link carries',
	},
	{
		displayName: 'Language',
		name: 'language',
		type: 'options',
		options: [
			{ name: 'English', value: 'en' },
			{ name: 'Portuguese (Brazil)', value: 'pt-BR' },
		],
		default: 'en',
		description: 'Language of the page',
	},
]);

export const execute: Operation['execute'] = async ({ context, itemIndex, database }) => {
	const language = pageLanguage(context.getNodeParameter('language', itemIndex));
	try {
		const ports = { vault: await nodeVault(context), now: Date.now };
		requireChecklistLink(context.getNodeParameter('token', itemIndex), ports);
	} catch (error) {
		if (!isFactoryError(error) || !error.code.startsWith('PAGE_LINK')) throw error;
		return { httpStatus: 404, html: refusedChecklistPage(language), done: false };
	}
	const items = await readChecklist(database, { n8nVersion: n8nVersion() });
	return { httpStatus: 200, html: checklistPage(language, items), done: items.every(({ done }) => done), items };
};
