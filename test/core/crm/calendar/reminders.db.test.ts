import {
	book,
	fillReminder,
	reminderValues,
	runCalendarJobs,
	type Appointment,
	type CalendarPorts,
} from '../../../../core/crm';
import type { Database } from '../../../../core/database';
import { ingest } from '../../../../core/ingest';
import { signBody } from '../../../../core/meta';
import { saveTemplate } from '../../../../core/outbox';
import { startGoogleCalendar, type GoogleCalendarStandIn } from '../../../../sandbox/standins/google-calendar';
import { createTestDatabase, type TestDatabase } from '../../../support/database';
import { databaseFor, dropDatabase, makeTenant, textBody, type TestTenant } from '../../../support/factory';
import { ALWAYS_OPEN, connectGoogle, ports } from './connected';

let test_: TestDatabase;
let database: Database;
let tenant: TestTenant;
let google: GoogleCalendarStandIn;
let conversationId: string;

beforeAll(async () => {
	test_ = await createTestDatabase();
	database = databaseFor(test_);
});
afterAll(async () => await dropDatabase(database, test_));
beforeEach(async () => {
	google = await startGoogleCalendar();
	tenant = await makeTenant(database);
	const rawBody = Buffer.from(
		JSON.stringify(textBody(tenant.phoneNumberId, [{ from: '5511988887777', text: 'oi', name: 'Bia' }])),
	);
	await ingest(database, { rawBody, signature: signBody(rawBody, 'secret'), secrets: ['secret'] });
	[{ id: conversationId }] = await query('select id from agent_factory.conversations where tenant_id = $1');
	await connectGoogle(database, tenant.id, google, { ...ALWAYS_OPEN, reminderMinutes: [1_440] });
	await book(
		database,
		tenant.id,
		{ key: 'k', start: '2027-01-15T14:30:00-03:00', conversationId },
		{ ...ports, now: () => Date.parse('2027-01-01T00:00:00Z') },
	);
});
afterEach(async () => await google.close());

const query = async (sql: string): Promise<any[]> => (await test_.admin.query(sql, [tenant.id])).rows;
const due = async (): Promise<void> =>
	void (await query(
		`update agent_factory.background_jobs set available_at = now() - interval '1 second' where tenant_id = $1`,
	));
const run = async (with_: CalendarPorts = ports, through = database): Promise<unknown[]> =>
	(await runCalendarJobs(through, { workerId: 'w', random: () => 0.5 }, with_))
		.filter(({ tenantId, type }) => tenantId === tenant.id && type === 'calendar.remind')
		.map(({ result, error, status }) => result?.reminder ?? error ?? status);
const messages = async (): Promise<any[]> =>
	await query(
		`select m.body, o.kind, o.idempotency_key from agent_factory.messages m join agent_factory.outbox_messages o on o.id = m.outbox_id where m.tenant_id = $1 order by m.id`,
	);
const reminder = async (): Promise<unknown> =>
	(await query('select reminder_status from agent_factory.calendar_events where tenant_id = $1'))[0].reminder_status;

test('inside the window a text goes out once, with the time on the wall of its zone', async () => {
	expect(await run()).toEqual([]);
	await due();
	const [a, b] = await Promise.all([run(), run()]);
	expect([...a, ...b]).toEqual(['sent']);
	await due();
	expect(await run()).toEqual([]);
	expect(await messages()).toMatchObject([
		{ kind: 'direct', body: expect.stringContaining('15/01/2027 às 14:30. Responda 1 para confirmar') },
	]);
	expect(await reminder()).toBe('sent');
});

test('with an approved template of the category the template goes out, outside the window nothing else may', async () => {
	await query(
		`update agent_factory.conversations set last_customer_message_at = now() - interval '3 days' where tenant_id = $1`,
	);
	await due();
	expect(await run()).toEqual(['blocked']);
	expect(await messages()).toEqual([]);
	expect(
		await query(
			`select event_type from agent_factory.audit_events where tenant_id = $1 and event_type = 'reminder.blocked'`,
		),
	).toHaveLength(1);
	await query(`update agent_factory.calendar_events set reminder_status = null where tenant_id = $1`);
	await query(`update agent_factory.background_jobs set status = 'queued', finished_at = null where tenant_id = $1`);
	await saveTemplate(database, tenant.id, {
		...{
			name: 'lembrete',
			category: 'reminder',
			content: 'Oi {{1}}, dia {{2}} às {{3}}?',
			metaName: 'lembrete',
			metaStatus: 'APPROVED',
		},
	});
	await due();
	expect(await run()).toEqual(['sent']);
	expect(await messages()).toMatchObject([{ kind: 'template', body: 'Oi Bia, dia 15/01/2027 às 14:30?' }]);
});

test('a worker that dies when the reminder is in the outbox leaves exactly one', async () => {
	await due();
	const own = databaseFor(test_);
	// Gone before it is written down that the reminder was sent.
	const connect = own.pool.connect.bind(own.pool) as (...values: unknown[]) => unknown;
	const unlessDead = async (): Promise<unknown> => {
		if ((await messages()).length > 0) throw Object.assign(new Error('gone'), { code: 'ECONNRESET' });
		return await connect();
	};
	Object.assign(own.pool, { connect: (callback?: unknown) => (callback ? connect(callback) : unlessDead()) });
	await run(ports, own);
	await own.pool.end();
	expect(await messages()).toHaveLength(1);
	expect(await reminder()).toBeNull();
	await due();
	expect(await run()).toEqual(['sent']);
	expect(await messages()).toHaveLength(1);
	expect(await reminder()).toBe('sent');
});

test('an appointment that people took out of the calendar is not reminded of; one they moved is at its new time', async () => {
	const [event] = google.events.values();
	google.events.set(event.id, {
		...event,
		start: { dateTime: '2027-01-16T09:00:00-03:00' },
		end: { dateTime: '2027-01-16T09:30:00-03:00' },
	});
	await due();
	expect(await run()).toEqual(['not_needed']);
	await due();
	expect(await run()).toEqual(['sent']);
	expect(await messages()).toMatchObject([{ body: expect.stringContaining('16/01/2027 às 09:00') }]);
	await query(`update agent_factory.calendar_events set reminder_status = null where tenant_id = $1`);
	await query(`update agent_factory.background_jobs set status = 'queued', finished_at = null where tenant_id = $1`);
	google.events.set(event.id, { ...google.events.get(event.id)!, status: 'cancelled' });
	await due();
	expect(await run()).toEqual(['not_needed', 'not_needed']);
	expect(await query('select status, cancelled_by from agent_factory.calendar_events where tenant_id = $1')).toEqual([
		{ status: 'cancelled', cancelled_by: 'provider' },
	]);
	expect(await messages()).toHaveLength(1);
});

test('a calendar that is away keeps the reminder for later', async () => {
	google.faults.push({ call: '/events/', status: 503 });
	await due();
	expect(await run()).toEqual([expect.stringContaining('SERVICE_AWAY')]);
	expect(await reminder()).toBeNull();
	await due();
	expect(await run()).toEqual(['sent']);
});

test('a template is filled by name or by place', () => {
	const appointment = { start: Date.parse('2026-12-01T12:00:00Z'), timeZone: 'America/Sao_Paulo' } as Appointment;
	const values = reminderValues(appointment, { name: 'Bia', company: 'Clínica' });
	expect(fillReminder('Oi {{lead_name}}, {{date}} às {{time}}', values)).toEqual({
		values: { lead_name: 'Bia', date: '01/12/2026', time: '09:00' },
	});
	expect(fillReminder('{{1}} {{2}}', values)).toEqual({ parameters: ['Bia', '01/12/2026'] });
});
