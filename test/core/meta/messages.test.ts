import { contactAddress, splitText, templateMessage, textMessage, type ChannelKind } from '../../../core/meta';

const bytes = (text: string) => Buffer.byteLength(text, 'utf8');
const squeeze = (text: string) => text.replace(/\s+/g, '');
const words = (count: number) => Array.from({ length: count }, (_, index) => `palavra${index}`).join(' ');

describe('a long text is cut into messages that the channel takes', () => {
	const TEXTS: [string, string][] = [
		['words', words(1500)],
		['accents', 'ação é pão não '.repeat(600)],
		['emoji families', '👨‍👩‍👧‍👦 '.repeat(900)],
		['emoji without spaces', '😀'.repeat(3000)],
		['a word without end', 'x'.repeat(10_000)],
		['sentences', 'Temos três planos para a sua agência. '.repeat(300)],
		['paragraphs', `${'Linha de texto.\n'.repeat(20)}\n\n`.repeat(20)],
		['marks that pile up on one letter', `a${'\u0301'.repeat(5000)}`],
	];
	const CASES = TEXTS.flatMap(([name, text]) =>
		(['whatsapp', 'instagram', 'messenger'] as const).map((channel): [string, ChannelKind, string] => [
			name,
			channel,
			text,
		]),
	);
	test.each(CASES)('%s on %s', (_name, channel, text) => {
		const parts = splitText(text, channel);
		expect(squeeze(parts.join(''))).toBe(squeeze(text));
		for (const part of parts) {
			expect(channel === 'whatsapp' ? part.length : bytes(part)).toBeLessThanOrEqual(
				channel === 'whatsapp' ? 4096 : 1000,
			);
			expect(part).toBe(part.trim());
			expect(part).not.toBe('');
			expect(part).not.toMatch(/\p{Surrogate}/u);
		}
	});

	test('words stay whole', () => {
		const text = words(1500);
		for (const channel of ['whatsapp', 'instagram'] as const) {
			expect(splitText(text, channel).flatMap((part) => part.split(' '))).toEqual(text.split(' '));
		}
	});

	test('emoji families stay whole', () => {
		for (const part of splitText('👨‍👩‍👧‍👦'.repeat(200), 'instagram')) expect(part.replaceAll('👨‍👩‍👧‍👦', '')).toBe('');
	});

	test('a paragraph is the first choice', () => {
		const first = 'a'.repeat(700);
		expect(splitText(`${first}\n\n${'b. '.repeat(200)}`, 'instagram')[0]).toBe(first);
	});

	test.each<[string, ChannelKind, string[]]>([
		['', 'whatsapp', []],
		['  \n ', 'instagram', []],
		[' oi ', 'whatsapp', ['oi']],
		['x'.repeat(4096), 'whatsapp', ['x'.repeat(4096)]],
		['é'.repeat(500), 'instagram', ['é'.repeat(500)]],
	])('%# short texts', (text, channel, parts) => {
		expect(splitText(text, channel)).toEqual(parts);
	});
});

test('bodies of messages', () => {
	expect(textMessage('Oi')).toEqual({ type: 'text', text: { body: 'Oi', preview_url: false } });
	expect(templateMessage({ name: 'lembrete', language: 'pt-BR' })).toEqual({
		type: 'template',
		template: { name: 'lembrete', language: { code: 'pt_BR' } },
	});
	const components = [{ type: 'body', parameters: [{ type: 'text', text: 'Rosa' }] }];
	expect(templateMessage({ name: 'lembrete', language: 'pt_BR', components })).toMatchObject({
		template: { components },
	});
});

test.each<[ChannelKind, Record<string, string | null>, unknown]>([
	['whatsapp', { phone: '55119', bsuid: 'BR.1' }, { kind: 'phone', value: '55119' }],
	['whatsapp', { phone: null, bsuid: 'BR.1' }, { kind: 'bsuid', value: 'BR.1' }],
	['whatsapp', { igsid: '9' }, null],
	['instagram', { phone: '55119', igsid: '9' }, { kind: 'igsid', value: '9' }],
	['messenger', { psid: '8' }, { kind: 'psid', value: '8' }],
])('the address on %s', (channel, ids, address) => {
	expect(contactAddress(channel, { phone: null, bsuid: null, igsid: null, psid: null, ...ids })).toEqual(address);
});
