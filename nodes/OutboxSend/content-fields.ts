import type { INodeProperties } from 'n8n-workflow';
import type { DirectMessage } from '../../core/outbox';
import type { ListRow, MediaKind, ReplyButton } from '../../core/meta';
import { refuse, type OperationCall } from '../shared';
import { textOf } from '../shared/text';

const forKinds = (...kinds: string[]): Pick<INodeProperties, 'displayOptions'> => ({
	displayOptions: { show: { messageKind: kinds } },
});
const choice = (name: string, description: string): INodeProperties => ({
	displayName: name,
	name: name.toLowerCase(),
	type: 'string',
	default: '',
	description,
});
const ID = choice('ID', 'Comes back when the person taps; empty for the title');

/** What a message may be: text, a file, buttons or a list. */
export const contentFields: INodeProperties[] = [
	{
		displayName: 'Message Kind',
		name: 'messageKind',
		type: 'options',
		noDataExpression: true,
		options: [
			{ name: 'Buttons', value: 'buttons', description: 'A text with up to three buttons that answer' },
			{ name: 'File', value: 'media', description: 'A picture, video, sound or document' },
			{ name: 'List', value: 'list', description: 'A text with a button that opens up to ten rows' },
			{ name: 'Text', value: 'text' },
		],
		default: 'text',
		description: 'What to send; Instagram and Messenger show buttons and lists as quick replies',
	},
	{
		displayName: 'Text',
		name: 'text',
		type: 'string',
		typeOptions: { rows: 3 },
		required: true,
		default: '',
		description:
			'What to write; WhatsApp and Instagram take free text only within 24 hours of the last message of the contact',
		...forKinds('text', 'buttons', 'list'),
	},
	{
		displayName: 'Buttons',
		name: 'buttons',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true, sortable: true, maxValue: 3 },
		placeholder: 'Add button',
		default: {},
		description: 'Up to three answers to tap, each of up to 20 characters',
		options: [
			{
				displayName: 'Button',
				name: 'button',
				values: [choice('Title', 'What the button says, at most 20 characters'), ID],
			},
		],
		...forKinds('buttons'),
	},
	{
		displayName: 'List Button',
		name: 'listButton',
		type: 'string',
		required: true,
		default: '',
		description: 'What the button says that opens the list, at most 20 characters',
		...forKinds('list'),
	},
	{
		displayName: 'Rows',
		name: 'rows',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true, sortable: true, maxValue: 10 },
		placeholder: 'Add row',
		default: {},
		description: 'Up to ten choices',
		options: [
			{
				displayName: 'Row',
				name: 'row',
				values: [
					choice('Title', 'What the row says, at most 24 characters'),
					choice('Description', 'A second line, at most 72 characters'),
					choice('Section', 'Rows of one section stand together under its name; empty for no sections'),
					ID,
				],
			},
		],
		...forKinds('list'),
	},
	{
		displayName: 'File Kind',
		name: 'mediaKind',
		type: 'options',
		options: [
			{ name: 'Document', value: 'document' },
			{ name: 'Picture', value: 'image' },
			{ name: 'Sound', value: 'audio' },
			{ name: 'Video', value: 'video' },
		],
		default: 'image',
		description: 'WhatsApp takes pictures up to 5 MB, sounds and videos up to 16 MB, documents up to 100 MB',
		...forKinds('media'),
	},
	{
		displayName: 'File',
		name: 'media',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'https://example.com/price-list.pdf',
		description: 'Public address of the file, or the ID of one that was uploaded to Meta',
		...forKinds('media'),
	},
	{
		displayName: 'More',
		name: 'contentOptions',
		type: 'collection',
		placeholder: 'Add Field',
		default: {},
		options: [
			{
				displayName: 'Caption',
				name: 'caption',
				type: 'string',
				default: '',
				description: 'Text under a file; not for sounds, and not on Instagram and Messenger',
			},
			{
				displayName: 'File Name',
				name: 'filename',
				type: 'string',
				default: '',
				description: 'Name that the contact sees of a document',
			},
			{
				displayName: 'Footer',
				name: 'footer',
				type: 'string',
				default: '',
				description: 'Small text under buttons or a list, at most 60 characters',
			},
			{
				displayName: 'Quoted Message ID',
				name: 'quote',
				type: 'string',
				default: '',
				description: "Meta's ID of the message that this one answers; WhatsApp shows it above",
			},
		],
	},
];

/** The content as core takes it. */
export function contentOf(call: OperationCall): DirectMessage['content'] {
	const { context, itemIndex } = call;
	const kind = context.getNodeParameter('messageKind', itemIndex, 'text') as string;
	const more = context.getNodeParameter('contentOptions', itemIndex, {}) as Record<string, string | undefined>;
	const quote = more.quote?.trim() ? { quote: more.quote.trim() } : {};
	if (kind === 'media') {
		const given = textOf(call, 'media');
		if (given === undefined) throw refuse('media', 'is empty. Give the address of the file.');
		const { caption, filename } = more;
		const place = /^\d+$/.test(given) ? { id: given } : { link: given };
		const mediaKind = context.getNodeParameter('mediaKind', itemIndex) as MediaKind;
		return {
			media: { kind: mediaKind, ...place, caption: caption || undefined, filename: filename || undefined },
			...quote,
		};
	}
	const text = context.getNodeParameter('text', itemIndex) as string;
	const footer = more.footer || undefined;
	if (kind === 'buttons') return { text, buttons: collected<ReplyButton>(call, 'buttons', 'button'), footer, ...quote };
	if (kind === 'list') {
		const button = context.getNodeParameter('listButton', itemIndex) as string;
		return {
			text,
			button,
			sections: sectionsOf(collected<ListRow & { section?: string }>(call, 'rows', 'row')),
			footer,
			...quote,
		};
	}
	return { text, ...quote };
}

const collected = <T>({ context, itemIndex }: OperationCall, name: string, part: string): T[] =>
	(context.getNodeParameter(name, itemIndex, {}) as Record<string, T[] | undefined>)[part] ?? [];

function sectionsOf(rows: Array<ListRow & { section?: string }>): Array<{ title?: string; rows: ListRow[] }> {
	const sections = new Map<string, ListRow[]>();
	for (const { section = '', ...row } of rows) sections.set(section, [...(sections.get(section) ?? []), row]);
	return [...sections].map(([title, some]) => ({ title: title || undefined, rows: some }));
}
