import { normaliseBody } from '../../../core/meta';

/** Values of every JSON type, to be put at every level of a body. */
const VALUES: [string, unknown][] = [
	['null', null],
	['true', true],
	['zero', 0],
	['a number', 42.5],
	['an empty text', ''],
	['a text', 'abc'],
	['an empty array', []],
	['an array of nulls', [null, null]],
	['nested arrays', [[[]]]],
	['an empty object', {}],
	['an object', { id: { id: [] }, type: 7, object: 1 }],
	['a key of the prototype', JSON.parse('{"__proto__": 1, "constructor": [2], "toString": {}}')],
];

const whatsapp = (value: unknown, field: unknown = 'messages') => ({
	object: 'whatsapp_business_account',
	entry: [{ id: '31', changes: [{ field, value }] }],
});
const item = (name: string, value: unknown) =>
	whatsapp({ metadata: { phone_number_id: '4' }, contacts: [{ wa_id: '5585988110022' }], [name]: value });
const message = (part: Record<string, unknown>) =>
	item('messages', [{ from: '5585988110022', id: 'wamid.X', timestamp: '1791800000', ...part }]);
const messaging = (object: string, value: unknown) => ({ object, entry: [{ id: '7', messaging: value }] });

const TYPES = [
	'text image audio video document sticker location contacts interactive button order reaction edit revoke system',
	'unsupported request_welcome constructor __proto__ toString',
].flatMap((names) => names.split(' '));
const ARRAYS = 'messages statuses errors message_echoes state_sync user_preferences calls groups history'.split(' ');
const FIELDS = 'history calls standby smb_message_echoes messaging_handovers account_update flows constructor'.split(
	' ',
);
const EVENTS = 'message postback reaction read referral optin delivery message_edit pass_thread_control'.split(' ');
const PAGE_FIELDS = 'comments mentions live_comments leadgen feed mention messages'.split(' ');

/** Every place of a body that a value can stand at. */
const PLACES: [string, (value: unknown) => unknown][] = [
	['the body', (value) => value],
	['object', (value) => ({ object: value, entry: [] })],
	['entry', (value) => ({ object: 'whatsapp_business_account', entry: value })],
	['an element of entry', (value) => ({ object: 'instagram', entry: [value, value] })],
	['entry.id and time', (value) => ({ object: 'page', entry: [{ id: value, time: value, messaging: [{}] }] })],
	['changes', (value) => ({ object: 'whatsapp_business_account', entry: [{ id: '1', changes: value }] })],
	['a change', (value) => ({ object: 'page', entry: [{ id: '1', changes: [value] }] })],
	['field', (value) => whatsapp({ messages: [] }, value)],
	['value', (value) => whatsapp(value)],
	['metadata', (value) => whatsapp({ metadata: value, messages: [{ from: '5585988110022', type: 'text' }] })],
	['contacts', (value) => whatsapp({ contacts: value, messages: [{ from: '5585988110022' }], statuses: [{}] })],
	['a contact', (value) => whatsapp({ contacts: [value], messages: [{ from_user_id: 'BR.1' }] })],
	['profile', (value) => whatsapp({ contacts: [{ profile: value, wa_id: value }], messages: [{ from: value }] })],
	['from, id, timestamp, type', (value) => message({ from: value, id: value, timestamp: value, type: value })],
	['context and referral', (value) => message({ type: 'text', text: { body: 'x' }, context: value, referral: value })],
	['a bare change', (value) => ({ field: 'messages', value })],
	['history threads', (value) => whatsapp({ history: [{ threads: value }] }, 'history')],
	['a history thread', (value) => whatsapp({ history: [{ threads: [value] }] }, 'history')],
	['history messages', (value) => whatsapp({ history: [{ threads: [{ messages: [value] }] }] }, 'history')],
	['standby', (value) => whatsapp({ standby: value }, 'standby')],
	['a standby array', (value) => whatsapp({ standby: { messages: value, statuses: value } }, 'standby')],
	...ARRAYS.map((name): [string, (value: unknown) => unknown] => [`array ${name}`, (value) => item(name, value)]),
	...ARRAYS.map((name): [string, (value: unknown) => unknown] => [`item of ${name}`, (value) => item(name, [value])]),
	...TYPES.map((type): [string, (value: unknown) => unknown] => [
		`section ${type}`,
		(value) => message({ type, [type]: value }),
	]),
	...FIELDS.map((field): [string, (value: unknown) => unknown] => [
		`field ${field}`,
		(value) => whatsapp(value, field),
	]),
	[
		'interactive kind',
		(value) => message({ type: 'interactive', interactive: { type: 'nfm_reply', nfm_reply: value } }),
	],
	[
		'flow answers',
		(value) =>
			message({ type: 'interactive', interactive: { type: 'nfm_reply', nfm_reply: { response_json: value } } }),
	],
	['messaging', (value) => messaging('instagram', value)],
	['a messaging event', (value) => messaging('page', [value])],
	[
		'sender',
		(value) =>
			messaging('instagram', [
				{ sender: value, recipient: value, timestamp: value, message: { mid: value, text: value } },
			]),
	],
	['attachments', (value) => messaging('page', [{ sender: { id: '1' }, message: { mid: 'm', attachments: value } }])],
	...EVENTS.map((name): [string, (value: unknown) => unknown] => [
		`event ${name}`,
		(value) => messaging('instagram', [{ sender: { id: '1' }, [name]: value }]),
	]),
	...PAGE_FIELDS.map((field): [string, (value: unknown) => unknown] => [
		`value of ${field}`,
		(value) => ({ object: 'instagram', entry: [{ id: '7', changes: [{ field, value }] }] }),
	]),
	...PAGE_FIELDS.map((field): [string, (value: unknown) => unknown] => [
		`page value of ${field}`,
		(value) => ({
			object: 'page',
			entry: [
				{
					id: '7',
					changes: [{ field, value: { item: 'comment', from: value, comment_id: value, leadgen_id: value } }],
				},
			],
		}),
	]),
];

describe('any JSON value at any place gives events, never an exception', () => {
	test.each(PLACES)('%s', (_place, build) => {
		for (const [name, value] of VALUES) {
			const events = normaliseBody(build(value));
			expect([name, events.length]).toEqual([name, expect.any(Number)]);
			expect(events.length).toBeGreaterThan(0);
			for (const event of events) {
				expect(typeof event.providerId).toBe('string');
				expect(event.providerId).not.toBe('');
				expect(typeof event.accountId).toBe('string');
				if (event.kind === 'unknown') expect(event.ignoredReason).not.toBeNull();
				expect(event.ignoredReason).not.toBe('reader_failed');
				if (event.wantsTurn) expect(event.contact).not.toBeNull();
			}
		}
	});

	test('undefined and functions, which JSON does not have', () => {
		expect(normaliseBody(undefined)).toHaveLength(1);
		expect(normaliseBody(() => 1)).toHaveLength(1);
	});

	test('10,000 levels', () => {
		let deep: unknown = 'x';
		for (let level = 0; level < 10_000; level += 1) deep = level % 2 === 0 ? [deep] : { deep };
		for (const body of [deep, whatsapp(deep), item('messages', [deep]), message({ type: 'text', text: deep })]) {
			expect(normaliseBody(body).length).toBeGreaterThan(0);
		}
	});
});

describe('sizes', () => {
	const many = (count: number) =>
		whatsapp({
			metadata: { phone_number_id: '4' },
			contacts: Array.from({ length: count }, (_, index) => ({ wa_id: `55110000${1000 + index}` })),
			messages: Array.from({ length: count }, (_, index) => ({
				from: `55110000${1000 + index}`,
				id: `wamid.${index}`,
				timestamp: '1791800000',
				type: 'text',
				text: { body: `n${index}` },
			})),
		});

	test('1000 messages are 1000 events in order', () => {
		const events = normaliseBody(many(1000));
		expect(events.map((event) => event.message?.text)).toEqual(Array.from({ length: 1000 }, (_, index) => `n${index}`));
		expect(events.every((event) => event.wantsTurn)).toBe(true);
	});

	test('what is beyond the limit is kept in one last event', () => {
		const events = normaliseBody(many(12), { maxItems: 5 });
		expect(events).toHaveLength(6);
		expect(events[5]).toMatchObject({ kind: 'unknown', ignoredReason: 'over_item_limit' });
		expect((events[5]?.payload as { item: unknown[] }).item).toHaveLength(7);
	});

	test('100,000 empty entries are one event', () => {
		expect(normaliseBody({ object: 'page', entry: new Array(100_000).fill({}) })).toHaveLength(1);
	});
});
