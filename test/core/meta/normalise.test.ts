import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventKey, normaliseBody } from '../../../core/meta';
import { describeEvent, expected, FIXTURES, readFixture } from './expectation';
import { OTHERS } from './expected-others';
import { WHATSAPP_EVENTS } from './expected-whatsapp-events';
import { WHATSAPP_MESSAGES } from './expected-whatsapp-messages';

const TABLE = { ...WHATSAPP_MESSAGES, ...WHATSAPP_EVENTS, ...OTHERS };
const files = readdirSync(FIXTURES).filter((file) => file.endsWith('.json') && file !== 'signatures.json');

describe('each fixture becomes the events of the table', () => {
	test.each(Object.keys(TABLE))('%s', (file) => {
		const rows = TABLE[file] ?? [];
		const events = normaliseBody(readFixture(file));
		expect(events.map((event, index) => describeEvent(event, rows[index]))).toEqual(rows.map(expected));
	});
});

test('each fixture has an expectation and a row in the index page', () => {
	const index = readFileSync(join(FIXTURES, 'README.md'), 'utf8');
	expect(files.sort()).toEqual(Object.keys(TABLE).sort());
	expect(files.filter((file) => !index.includes(`\`${file}\``))).toEqual([]);
});

test('every event of every fixture has a key, a payload and a usable time', () => {
	for (const file of files) {
		const events = normaliseBody(readFixture(file));
		expect(new Set(events.map(eventKey)).size).toBe(events.length);
		for (const event of events) {
			expect(event.providerId).not.toBe('');
			expect(event.payload).toHaveProperty('item');
			expect(event.payload).toHaveProperty('entryId');
			if (event.occurredAt !== null) expect(event.occurredAt).toMatch(/^20\d\d-\d\d-\d\dT[\d:.]+Z$/);
		}
	}
});

test('no input object is changed', () => {
	for (const file of files) {
		const body = readFixture(file);
		const before = JSON.stringify(body);
		normaliseBody(body);
		expect(JSON.stringify(body)).toBe(before);
	}
});

test('a message keeps what it came with', () => {
	const [event] = normaliseBody(readFixture('wa-conversation-context.json'));
	expect(event?.payload).toMatchObject({
		item: { type: 'text' },
		metadata: { phone_number_id: '402200917764310' },
		contact: { wa_id: '5585988110022' },
		field: 'messages',
		entryId: '318840027715001',
		conversationContext: { type: 'summary' },
	});
	expect(event).toMatchObject({
		route: {
			channel: 'whatsapp',
			externalId: '402200917764310',
			parentId: '318840027715001',
			displayPhone: '551131970042',
		},
		contact: { name: 'Rosa Lima' },
	});
});

test('a referral is kept with the product that was shown', () => {
	const referralOf = (file: string) => normaliseBody(readFixture(file))[0]?.message?.referral;
	expect(referralOf('wa-text-referral-ad.json')).toMatchObject({ source_type: 'ad', ctwa_clid: 'ARcDemoClickId-77' });
	expect(referralOf('wa-text-referred-product.json')).toEqual({
		referred_product: { catalog_id: '880011223344', product_retailer_id: 'kit-luvas-01' },
	});
	expect(referralOf('ig-ad-referral.json')).toMatchObject({ ad_id: '120330044005500662' });
	expect(referralOf('page-postback.json')).toMatchObject({ ref: 'cartaz' });
	expect(referralOf('ig-comment-ad.json')).toMatchObject({ ad_id: '6700011122233' });
});
