import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import type { Field, ImportPlatform, RowImportOptions } from '../../core/crm';
import { createGraphClient, type GraphClient } from '../../core/meta';
import {
	graphSettings,
	itemJson,
	keptCredential,
	refuse,
	requiredText,
	type MetaAppCredential,
	type OperationCall,
} from '../shared';
import { asText, filledIn } from '../shared/text';

/** Fields that several operations of the node ask for. */

export const csvField: INodeProperties = {
	displayName: 'File Field',
	name: 'binaryField',
	type: 'string',
	required: true,
	default: 'data',
	description:
		'Binary field that holds the CSV file: separated by comma, semicolon or tab, column names in its first line',
};

export const listFields: INodeProperties[] = [
	{
		displayName: 'Came From',
		name: 'platform',
		type: 'options',
		options: [
			{
				name: 'Facebook Export',
				value: 'facebook',
				description: 'The same leads as those of the forms: none comes twice',
			},
			{ name: 'Google Ads Export', value: 'google' },
			{ name: 'LinkedIn Export', value: 'linkedin' },
			{ name: 'Other List', value: 'file', description: 'A sheet, an old CRM' },
		],
		default: 'file',
		description: 'Where the list was made: its ids tell leads apart there; of another list phone or e-mail does',
	},
	{
		displayName: 'What They Agreed To',
		name: 'consent',
		type: 'options',
		options: [
			{ name: 'Nothing Known', value: 'none', description: 'They are filed; nothing is started with them' },
			{ name: 'To Be Answered', value: 'service', description: 'They asked for something' },
			{ name: 'To Be Answered and to Offers', value: 'marketing', description: 'Only with proof: a box they ticked' },
		],
		default: 'none',
		description: 'What is written into the consent ledger for everybody on the list; whoever said no stays out',
	},
	{
		displayName: 'Additional Fields',
		name: 'additionalFields',
		type: 'collection',
		placeholder: 'Add Field',
		default: {},
		options: [
			{
				displayName: 'Calling Code',
				name: 'country',
				type: 'string',
				default: '55',
				description: 'Country of numbers that are written without one',
			},
			{
				displayName: 'Greet',
				name: 'greet',
				type: 'boolean',
				default: false,
				description: 'Whether each new lead gets the approved template of category lead_ad',
			},
			{
				displayName: 'Offers Column',
				name: 'marketingField',
				type: 'string',
				default: '',
				placeholder: 'aceita_ofertas',
				description: 'Column that says yes or no to offers; it counts above "What They Agreed To"',
			},
		],
	},
];

export function rowOptions(call: OperationCall): RowImportOptions {
	const { context, itemIndex } = call;
	const more = filledIn(call, 'additionalFields');
	const country = asText(more.country ?? '55').replace(/\D/g, '');
	if (!/^[1-9]\d{0,3}$/.test(country)) throw refuse('country', 'is no calling code. Write e.g. 55.');
	return {
		platform: context.getNodeParameter('platform', itemIndex) as ImportPlatform,
		consent: context.getNodeParameter('consent', itemIndex) as RowImportOptions['consent'],
		marketingField: more.marketingField ? asText(more.marketingField) : null,
		greet: more.greet === true,
		country,
	};
}

/** The file of the item, as it came in. */
export async function fileOf(call: OperationCall): Promise<Buffer> {
	const { context, itemIndex } = call;
	const field = requiredText(call, 'binaryField');
	if (!context.getInputData()[itemIndex].binary?.[field]) {
		throw refuse('binaryField', 'names no binary data of this item. Read a file or receive one before this node.');
	}
	return await context.helpers.getBinaryDataBuffer(itemIndex, field);
}

/** An item as the cells of a row; amounts are written so that no comma is taken for thousands. */
export const cellsOf = (context: IExecuteFunctions, itemIndex: number): Field[] =>
	Object.entries(itemJson(context, itemIndex)).map(([name, value]) => [
		name,
		typeof value === 'number' && !Number.isInteger(value) ? value.toFixed(2) : asText(value),
	]);

export const graphOf = async (context: IExecuteFunctions): Promise<GraphClient> =>
	createGraphClient(graphSettings(await keptCredential<MetaAppCredential>(context, 'metaAppApi')));
