import type { INodeProperties } from 'n8n-workflow';

const EXAMPLE_SPEC = `{
  "identity": { "name": "Bia" },
  "business": {
    "name": "My Business",
    "type": "agência de marketing",
    "description": "What it does, for whom and where."
  },
  "goals": ["Entender o que a pessoa precisa e indicar o próximo passo"]
}`;

/** Where the spec comes from, and the documents beside it. */
export const specFields: INodeProperties[] = [
	{
		displayName: 'Spec From',
		name: 'specSource',
		type: 'options',
		options: [
			{
				name: 'Input Item',
				value: 'item',
				description: 'The field "spec" of the item, and its field "documents" if there is one',
			},
			{ name: 'JSON', value: 'json', description: 'Written or mapped below' },
		],
		default: 'json',
		description: 'Where the AgentSpec is read from',
	},
	{
		displayName: 'Spec',
		name: 'spec',
		type: 'json',
		required: true,
		typeOptions: { rows: 12 },
		displayOptions: { show: { specSource: ['json'] } },
		default: EXAMPLE_SPEC,
		description: 'The AgentSpec. Get JSON Schema lists every field; what has a default may be left out.',
	},
	{
		displayName: 'Documents',
		name: 'documents',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true },
		placeholder: 'Add Document',
		default: {},
		description: 'What the agent knows, beside the documents that stand in the spec itself',
		options: [
			{
				displayName: 'Document',
				name: 'document',
				values: [
					{
						displayName: 'Title',
						name: 'title',
						type: 'string',
						default: '',
						placeholder: 'Tabela de preços',
						description: 'Title, unique within the agent',
					},
					{
						displayName: 'Content',
						name: 'content',
						type: 'string',
						typeOptions: { rows: 6 },
						default: '',
						description: 'Plain text or Markdown. Prices, discounts and links stated here may be given to customers.',
					},
				],
			},
		],
	},
];
