import { canonicalJson, eventKey, normaliseBody } from '../../../core/meta';
import { readFixture } from './expectation';

const body = (value: Record<string, unknown>, entry: Record<string, unknown> = {}, field = 'messages') => ({
	object: 'whatsapp_business_account',
	entry: [{ id: '31', ...entry, changes: [{ field, value: { metadata: { phone_number_id: '4' }, ...value } }] }],
});
const keys = (input: unknown) => normaliseBody(input).map(eventKey);
const text = { from: '5585988110022', id: 'wamid.1', timestamp: '1791800000', type: 'text', text: { body: 'a' } };
const reaction = { ...text, type: 'reaction', reaction: { message_id: 'wamid.0', emoji: '👍' } };
const template = { event: 'PAUSED', message_template_id: 1, message_template_name: 'x' };
const ig = (item: Record<string, unknown>) => ({
	object: 'instagram',
	entry: [{ id: '7', messaging: [{ sender: { id: '1' }, recipient: { id: '7' }, timestamp: 1791800000000, ...item }] }],
});
const react = { mid: 'm1', action: 'react', emoji: '❤' };

describe('two events are one when', () => {
	test.each<[string, unknown, unknown]>([
		['the same body comes twice', body({ messages: [text] }), body({ messages: [text] })],
		[
			'a second app orders the keys differently',
			body({ user_preferences: [{ wa_id: '55', value: 'stop' }] }, {}, 'user_preferences'),
			body({ user_preferences: [{ value: 'stop', wa_id: '55' }] }, {}, 'user_preferences'),
		],
		['the entry has another time', body({ messages: [text] }, { time: 1 }), body({ messages: [text] }, { time: 2 })],
		['an unknown item repeats', body({ novelties: [{ a: 1, b: 2 }] }), body({ novelties: [{ b: 2, a: 1 }] })],
		[
			'a template event repeats',
			body(template, { time: 1 }, 'message_template_status_update'),
			body(template, { time: '1' }, 'message_template_status_update'),
		],
		['an Instagram reaction repeats', ig({ reaction: react }), ig({ reaction: react })],
	])('%s', (_name, left, right) => {
		expect(keys(left)).toEqual(keys(right));
		expect(keys(left)).toHaveLength(1);
	});
});

describe('two events are two when', () => {
	const status = (name: string) => body({ statuses: [{ id: 'wamid.1', status: name, timestamp: '1' }] });
	const onOther = { ...body({ messages: [text], metadata: { phone_number_id: '5' } }) };
	test.each<[string, unknown, unknown]>([
		['sent and delivered', status('sent'), status('delivered')],
		['delivered and read', status('delivered'), status('read')],
		['a message and its status', body({ messages: [text] }), status('sent')],
		[
			'a message and its edit',
			body({ messages: [text] }),
			body({ messages: [{ ...text, type: 'edit', edit: { original_message_id: 'wamid.1' } }] }),
		],
		[
			'a reaction and its removal',
			body({ messages: [reaction] }),
			body({ messages: [{ ...reaction, id: 'wamid.2', reaction: { message_id: 'wamid.0' } }] }),
		],
		['two numbers', body({ messages: [text] }), onOther],
		[
			'a template paused twice',
			body(template, { time: 1 }, 'message_template_status_update'),
			body(template, { time: 2 }, 'message_template_status_update'),
		],
		[
			'two steps of a call',
			body({ calls: [{ id: 'c1', event: 'connect' }] }, {}, 'calls'),
			body({ calls: [{ id: 'c1', event: 'terminate' }] }, {}, 'calls'),
		],
		[
			'an Instagram message, its edit',
			ig({ message: { mid: 'm1', text: 'a' } }),
			ig({ message_edit: { mid: 'm1', text: 'b', num_edit: 1 } }),
		],
		[
			'two edits',
			ig({ message_edit: { mid: 'm1', text: 'b', num_edit: 1 } }),
			ig({ message_edit: { mid: 'm1', text: 'c', num_edit: 2 } }),
		],
		[
			'an Instagram message and its deletion',
			ig({ message: { mid: 'm1', text: 'a' } }),
			ig({ message: { mid: 'm1', is_deleted: true } }),
		],
		[
			'an Instagram reaction and its removal',
			ig({ reaction: react }),
			ig({ reaction: { mid: 'm1', action: 'unreact' } }),
		],
		[
			'a placeholder of history and its media',
			readFixture('wa-history-threads.json'),
			readFixture('wa-history-media.json'),
		],
	])('%s', (_name, left, right) => {
		expect(keys(left).filter((key) => keys(right).includes(key))).toEqual([]);
	});
});

test('of two items with one key in a body the first is returned', () => {
	const events = normaliseBody(body({ messages: [text, { ...text, text: { body: 'b' } }] }));
	expect(events.map((event) => event.message?.text)).toEqual(['a']);
});

test('canonical JSON sorts keys at every level and keeps arrays', () => {
	expect(canonicalJson({ b: [2, { d: 1, c: null }], a: 'é' })).toBe('{"a":"é","b":[2,{"c":null,"d":1}]}');
});
