import type { Database } from '../../../core/database';
import { ANSWER_BOUNDS, answerConversation, answerOverview, answerPeople, answerWaiting } from '../../../core/reports';
import { inTenant } from '../../../core/tenancy';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { databaseFor, dropDatabase, makeTenant, type TestTenant } from '../../support/factory';
import { write } from '../handoff/support';

let test_: TestDatabase;
let database: Database;
let [own, other]: TestTenant[] = [];

const LEADS = `insert into leads (tenant_id, contact_id, classification, lead_score, fit_score, intent_score)
	select tenant_id, id, 'LEAD_HOT', 80, 40, 40 from contacts where tenant_id = $1::uuid`;

/** Each tenant knows twelve people; one of them, of the same name at both, writes long texts. */
async function fill(tenant: TestTenant, name: string): Promise<void> {
	for (let n = 0; n < 12; n++)
		await write(database, tenant, `55119${tenant.phoneNumberId.slice(-4)}000${10 + n}`, 'Oi');
	for (let n = 0; n < 25; n++)
		await write(database, tenant, `55119${tenant.phoneNumberId.slice(-4)}00010`, `${name} ${n} ${'x'.repeat(500)}`);
	await inTenant(database, tenant.id, async (db) => {
		await db.all(
			`update contacts set full_name = 'Ana_100% Souza' where tenant_id = $1::uuid and phone like '%00010'`,
			[tenant.id],
		);
		await db.all(LEADS, [tenant.id]);
		await db.all(
			`select take_over(c.tenant_id, c.id, 'manual') from conversations c join contacts k on k.tenant_id = c.tenant_id and k.id = c.contact_id
				where c.tenant_id = $1::uuid and k.phone like '%00010'`,
			[tenant.id],
		);
	});
}

beforeAll(async () => {
	test_ = await createTestDatabase();
	database = databaseFor(test_);
	[own, other] = [await makeTenant(database), await makeTenant(database)];
	await fill(own, 'nosso');
	await fill(other, 'alheio');
});
afterAll(async () => await dropDatabase(database, test_));

test('people are found by part of a name or a phone, bounded, each with the end of the phone alone', async () => {
	const all = await answerPeople(database, own.id, {});
	expect(all.people).toHaveLength(ANSWER_BOUNDS.people);
	expect(all.more).toBe(true);
	expect(JSON.stringify(all)).not.toContain(`55119${own.phoneNumberId.slice(-4)}`);
	const { people, more } = await answerPeople(database, own.id, { search: 'ana_100%', leadClass: 'LEAD_HOT' });
	expect(people).toMatchObject([{ name: 'Ana_100% Souza', phoneEndsIn: '0010', class: 'LEAD_HOT' }]);
	expect(more).toBe(false);
	expect((await answerPeople(database, own.id, { search: 'ana%souza' })).people).toEqual([]);
	expect((await answerPeople(database, own.id, { leadClass: 'SPAM' })).people).toEqual([]);
});

test('a conversation is its newest messages, cut, and of this tenant alone', async () => {
	const { found, messages = [] } = await answerConversation(database, own.id, 'Ana');
	expect(found).toBe(true);
	expect(messages).toHaveLength(ANSWER_BOUNDS.messages);
	expect(messages.at(-1)).toMatchObject({ from: 'customer', text: expect.stringMatching(/^nosso 24 x+$/) });
	expect(Math.max(...messages.map(({ text }) => String(text).length))).toBe(ANSWER_BOUNDS.characters);
	expect(JSON.stringify(messages)).not.toContain('alheio');
	expect(await answerConversation(database, own.id, other.phoneNumberId)).toEqual({ found: false });
});

test('the overview counts, and who waits is listed', async () => {
	expect(await answerOverview(database, own.id)).toMatchObject({
		messagesReceivedIn24Hours: 37,
		messagesSentIn24Hours: 0,
		peopleWaitingForAPerson: 1,
		channels: [{ channel: 'whatsapp', status: 'active' }],
	});
	const { waiting, more } = await answerWaiting(database, own.id);
	expect(waiting).toMatchObject([{ name: 'Ana_100% Souza', reason: 'manual' }]);
	expect(more).toBe(false);
});
