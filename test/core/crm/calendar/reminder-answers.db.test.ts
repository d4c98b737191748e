import { saveMenu } from '../../../../core/conversations';
import type { Database } from '../../../../core/database';
import { ingest } from '../../../../core/ingest';
import { signBody } from '../../../../core/meta';
import { sendDirect } from '../../../../core/outbox';
import { inTenant } from '../../../../core/tenancy';
import { createTestDatabase, type TestDatabase } from '../../../support/database';
import { databaseFor, dropDatabase, makeTenant, textBody, type TestTenant } from '../../../support/factory';
import { addCalendar, hold, inMinutes, settle } from './calendar-story';

let test_: TestDatabase;
let database: Database;
let tenant: TestTenant;
let calendarId: string;
let conversationId: string;
let contactId: string;
let serial = 0;
let phone: string;

beforeAll(async () => {
	test_ = await createTestDatabase();
	database = databaseFor(test_);
});
afterAll(async () => await dropDatabase(database, test_));

const writes = async (text: string, from = phone): Promise<void> => {
	const rawBody = Buffer.from(JSON.stringify(textBody(tenant.phoneNumberId, [{ from, text }])));
	const { error } = await ingest(database, { rawBody, signature: signBody(rawBody, 'secret'), secrets: ['secret'] });
	if (error) throw error;
};
const query = async (sql: string, values: unknown[] = [tenant.id]): Promise<any[]> =>
	(await test_.admin.query(sql, values)).rows;
const says = async (text: string): Promise<string> =>
	(await sendDirect(database, tenant.id, { conversationId, key: `say-${serial++}`, content: { text } }, 'test'))
		.outboxIds[0];
const noteReminder = async (eventId: string, startsAt: unknown, outboxId: string): Promise<boolean> =>
	(await inTenant(
		database,
		tenant.id,
		async (db) =>
			await db.one<{ noted: boolean }>(`select note_reminder($1, $2, $3, 'sent', $4) as noted`, [
				tenant.id,
				eventId,
				startsAt,
				outboxId,
			]),
	))!.noted;

/** A booked appointment of who writes, of which they were just reminded. */
async function remind(key = 'k', from = 60): Promise<string> {
	const held = await hold(database, tenant.id, calendarId, { key, from, to: from + 30, conversationId });
	await settle(database, tenant.id, held.event, { outcome: 'confirmed', providerEventId: `p-${key}` });
	expect(await noteReminder(held.event.id, inMinutes(from), await says('Responda 1 ou 2.'))).toBe(true);
	return held.event.id;
}
const states = async (): Promise<Array<string | null>> =>
	(
		await query('select reminder_status from agent_factory.calendar_events where tenant_id = $1 order by starts_at')
	).map(({ reminder_status }) => reminder_status);

beforeEach(async () => {
	tenant = await makeTenant(database);
	calendarId = await addCalendar(database, tenant.id);
	phone = `55119000${String(serial++).padStart(5, '0')}`;
	await writes('oi');
	[{ id: conversationId, contact_id: contactId }] = await query(
		'select id, contact_id from agent_factory.conversations where tenant_id = $1',
	);
});

test.each([
	['1', 'confirmed'],
	[' Sim! ', 'confirmed'],
	['CONFIRMO', 'confirmed'],
	['2', 'needs_reschedule'],
	['remarcar', 'needs_reschedule'],
	['12', 'sent'],
	['1 pessoa', 'sent'],
	['sim, mas que horas?', 'sent'],
])('"%s" leaves the reminder %s', async (text, state) => {
	await remind();
	await writes(text);
	expect(await states()).toEqual([state]);
});

test('an answer is read once, told to the funnel once, and marks its message', async () => {
	const eventId = await remind();
	await writes('1');
	await writes('2');
	expect(await states()).toEqual(['confirmed']);
	expect(
		await query(
			`select body, payload ->> 'reminderAnswer' as answer, payload ->> 'calendarEventId' as event from agent_factory.messages
				where tenant_id = $1 and direction = 'inbound' order by id`,
		),
	).toEqual([
		{ body: 'oi', answer: null, event: null },
		{ body: '1', answer: 'confirmed', event: eventId },
		{ body: '2', answer: null, event: null },
	]);
	expect(
		await query(
			`select event_type from agent_factory.analytics_events where tenant_id = $1 and event_type like '%.%' and event_type similar to '(appointment|reminder)%' order by id`,
		),
	).toEqual([
		{ event_type: 'appointment.booked' },
		{ event_type: 'reminder.sent' },
		{ event_type: 'appointment.confirmed' },
	]);
});

test('after a menu or a question of the agent a digit is theirs', async () => {
	await remind();
	await says('Digite 1 para Vendas, 2 para Suporte.');
	await writes('1');
	expect(await states()).toEqual(['sent']);
});

test('the newest of two reminders is answered, the other only by its own', async () => {
	await remind('a', 60);
	await remind('b', 120);
	await writes('1');
	expect(await states()).toEqual(['sent', 'confirmed']);
	await writes('1');
	expect(await states()).toEqual(['sent', 'confirmed']);
});

test('the wish to move goes to a person where the calendar says so, and to the agent otherwise', async () => {
	await remind();
	await writes('2');
	const status = async (): Promise<any> =>
		(await query('select status, handoff_reason from agent_factory.conversations where tenant_id = $1'))[0];
	expect(await status()).toEqual({ status: 'open', handoff_reason: null });
	await query(`update agent_factory.calendar_integrations set reschedule_goes_to = 'person' where tenant_id = $1`);
	await remind('b', 120);
	await writes('2');
	expect(await status()).toEqual({ status: 'handoff', handoff_reason: 'reschedule' });
});

test('an appointment that was moved is reminded of again; one that was cancelled or is past is not answered', async () => {
	const eventId = await remind();
	expect(await noteReminder(eventId, inMinutes(60), await says('again'))).toBe(false);
	await inTenant(database, tenant.id, async (db) => {
		const { held } = (await db.one<any>(`select hold_move($1, $2, 'm', $3, $4, 60) as held`, [
			...[tenant.id, eventId, inMinutes(180), inMinutes(210)],
		]))!;
		await db.one(`select settle_slot($1, $2, $3, '{"outcome": "confirmed"}')`, [
			...[tenant.id, eventId, held.event.hold_token],
		]);
	});
	expect(await states()).toEqual([null]);
	expect(await noteReminder(eventId, inMinutes(60), await says('late'))).toBe(false);
	expect(await noteReminder(eventId, inMinutes(180), await says('new'))).toBe(true);
	await inTenant(
		database,
		tenant.id,
		async (db) => await db.one(`select cancel_appointment($1, $2, 'provider')`, [tenant.id, eventId]),
	);
	await writes('1');
	expect(await states()).toEqual(['sent']);
});

test('when two people turn out to be one, their appointments are one person’s', async () => {
	await remind();
	await writes('oi', '5511977776666');
	const [{ id: keep }] = await query('select id from agent_factory.contacts where tenant_id = $1 and id <> $2', [
		...[tenant.id, contactId],
	]);
	await inTenant(
		database,
		tenant.id,
		async (db) => await db.one('select merge_contacts($1, $2, $3)', [tenant.id, keep, contactId]),
	);
	const [event] = await query(
		'select e.contact_id, c.contact_id as of from agent_factory.calendar_events e join agent_factory.conversations c on c.id = e.conversation_id where e.tenant_id = $1',
	);
	expect(event).toEqual({ contact_id: keep, of: keep });
});

test('an answer to a reminder is no choice from the opening menu; the next message is', async () => {
	const routes = [{ key: '1', label: 'Vendas', agentId: tenant.agentId }];
	await saveMenu(database, tenant.id, tenant.channelAccountId, { greeting: 'Escolha:', routes });
	await query('update agent_factory.conversations set agent_id = null, menu_asks = 1 where tenant_id = $1');
	const routing = async (): Promise<unknown> =>
		await inTenant(
			database,
			tenant.id,
			async (db) => (await db.one<{ r: unknown }>('select routing_of($1, $2) as r', [tenant.id, conversationId]))!.r,
		);
	await remind();
	expect(await routing()).toMatchObject({ asks: 1 });
	await writes('1');
	expect(await states()).toEqual(['confirmed']);
	expect(await routing()).toBeNull();
	await writes('1');
	expect(await routing()).toMatchObject({ asks: 1 });
});
