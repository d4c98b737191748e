import {
	buttonsMessage,
	listMessage,
	mediaMessage,
	outboundParts,
	quoted,
	textMessage,
	type OutboundContent,
} from '../../../core/meta';
import { sendBody } from '../../../core/meta/graph';

const rows = (count: number) => Array.from({ length: count }, (_, n) => ({ id: `r${n}`, title: `Linha ${n}` }));
const onPage = (content: OutboundContent): unknown =>
	sendBody({
		channel: 'instagram',
		externalId: '1',
		token: 't',
		to: { kind: 'igsid', value: '9' },
		message: outboundParts(content, 'instagram')[0].payload,
		callbackData: 'x',
	}).message;

test('WhatsApp gets buttons, lists, files and quotations in its own words', () => {
	expect(buttonsMessage({ text: 'Vamos?', buttons: [{ id: 'y', title: 'Sim' }, { title: 'Não' }] })).toEqual({
		type: 'interactive',
		interactive: {
			type: 'button',
			body: { text: 'Vamos?' },
			action: {
				buttons: [
					{ type: 'reply', reply: { id: 'y', title: 'Sim' } },
					{ type: 'reply', reply: { id: 'Não', title: 'Não' } },
				],
			},
		},
	});
	expect(
		listMessage({ text: 'Planos', button: 'Ver', sections: [{ rows: [{ title: 'Único', description: 'R$ 100' }] }] }),
	).toMatchObject({
		interactive: {
			type: 'list',
			action: { button: 'Ver', sections: [{ rows: [{ id: 'Único', title: 'Único', description: 'R$ 100' }] }] },
		},
	});
	expect(mediaMessage({ kind: 'document', id: '77', filename: 'a.pdf', caption: 'Proposta' })).toEqual({
		type: 'document',
		document: { id: '77', filename: 'a.pdf', caption: 'Proposta' },
	});
	expect(quoted(textMessage('Sim'), 'wamid.1')).toMatchObject({ type: 'text', context: { message_id: 'wamid.1' } });
});

test('the history shows what a message with choices or a file says', () => {
	const shown = (content: OutboundContent) => outboundParts(content, 'whatsapp')[0].text;
	expect(shown({ text: 'Vamos?', buttons: [{ title: 'Sim' }] })).toBe('Vamos?\n[Sim]');
	expect(shown({ media: { kind: 'image', link: 'https://x.test/a.jpg', caption: 'Olha' } })).toBe('[image] Olha');
});

test('a long text quotes once, in its first part', () => {
	const parts = outboundParts({ text: 'frase. '.repeat(900), quote: 'wamid.1' }, 'whatsapp');
	expect(parts.map(({ payload }) => 'context' in payload)).toEqual([true, false]);
});

test.each<[string, () => unknown]>([
	['no button', () => buttonsMessage({ text: 'a', buttons: [] })],
	['four buttons', () => buttonsMessage({ text: 'a', buttons: rows(4) })],
	['a long title', () => buttonsMessage({ text: 'a', buttons: [{ title: 'x'.repeat(21) }] })],
	['two buttons alike', () => buttonsMessage({ text: 'a', buttons: [{ title: 'a' }, { title: 'a' }] })],
	['a long text with buttons', () => buttonsMessage({ text: 'x'.repeat(1025), buttons: rows(1) })],
	['eleven rows', () => listMessage({ text: 'a', button: 'b', sections: [{ rows: rows(11) }] })],
	[
		'sections without titles',
		() => listMessage({ text: 'a', button: 'b', sections: [{ rows: rows(1) }, { rows: [] }] }),
	],
	['a file without address', () => mediaMessage({ kind: 'image' })],
	['a file with two addresses', () => mediaMessage({ kind: 'image', id: '1', link: 'https://x.test' })],
	['an address that is none', () => mediaMessage({ kind: 'image', link: 'a.jpg' })],
	['a caption on a sound', () => mediaMessage({ kind: 'audio', id: '1', caption: 'a' })],
	['a long caption', () => mediaMessage({ kind: 'image', id: '1', caption: 'x'.repeat(1025) })],
])('%s is refused before anything is queued', (_what, build) => {
	expect(build).toThrow(expect.objectContaining({ code: 'VALUE_REFUSED' }));
});

test('Instagram and Messenger get quick replies and attachments', () => {
	expect(onPage({ text: 'Vamos?', buttons: [{ id: 'y', title: 'Sim' }], footer: 'até amanhã' })).toEqual({
		text: 'Vamos?\naté amanhã',
		quick_replies: [{ content_type: 'text', title: 'Sim', payload: 'y' }],
	});
	expect(
		onPage({ text: 'Planos', button: 'Ver', sections: [{ rows: [{ title: 'A', description: 'R$ 1' }] }] }),
	).toMatchObject({ text: 'Planos\nA: R$ 1', quick_replies: [{ title: 'A', payload: 'A' }] });
	expect(onPage({ media: { kind: 'document', link: 'https://x.test/a.pdf' } })).toEqual({
		attachment: { type: 'file', payload: { url: 'https://x.test/a.pdf', is_reusable: false } },
	});
	expect(onPage({ media: { kind: 'image', id: '5' } })).toEqual({
		attachment: { type: 'image', payload: { attachment_id: '5' } },
	});
});

test.each<[string, OutboundContent]>([
	['a caption', { media: { kind: 'image', id: '1', caption: 'a' } }],
	['a quotation', { text: 'a', quote: 'm_1' }],
	['a long choice', { text: 'a', button: 'b', sections: [{ rows: [{ title: 'x'.repeat(24) }] }] }],
	['a long text with choices', { text: 'ç'.repeat(501), buttons: [{ title: 'a' }] }],
])('Instagram refuses %s in words', (_what, content) => {
	expect(() => outboundParts(content, 'instagram')).toThrow(
		expect.objectContaining({ code: 'META_MESSAGE_UNSUPPORTED' }),
	);
});
