import { randomBytes, randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { signWebhook } from '../../core/notifications';
import { toolSecrets } from '../../core/plugins';
import { createVault } from '../../core/tenancy';
import { startCalCom, type CalComStandIn } from '../../sandbox/standins/cal-com';
import { startGoogleCalendar, type GoogleCalendarStandIn } from '../../sandbox/standins/google-calendar';
import { ALWAYS_OPEN } from '../core/crm/calendar/connected';
import { textBody } from '../support/factory';
import { waitFor } from '../support/wait-for';
import { byId, operate, operateAll } from './support/operate';
import { openFactory, post, sentMessages, state } from './support/running';

let pool: Pool;
let google: GoogleCalendarStandIn;
let calCom: CalComStandIn;
let tenant: { id: string; agentId: string; phoneNumberId: string };
let person: { phone: string; conversationId: string; contactId: string };

beforeAll(async () => {
	pool = openFactory();
	[google, calCom] = [await startGoogleCalendar(), await startCalCom()];
	[tenant] = (
		await pool.query(`select t.id, a.id as "agentId", ca.external_id as "phoneNumberId" from agent_factory.tenants t
			join agent_factory.channel_accounts ca on ca.tenant_id = t.id and ca.kind = 'whatsapp' and ca.status = 'active'
			join agent_factory.agents a on a.tenant_id = t.id and a.id = ca.agent_id where t.slug = 'fitpro'`)
	).rows;
	const phone = `55119${String(randomBytes(4).readUInt32BE() % 100_000_000).padStart(8, '0')}`;
	await writes(phone, 'Oi, quero marcar um horário');
	const [found] = await waitFor(
		async () => {
			const { rows } = await pool.query(
				`select c.id, c.contact_id from agent_factory.conversations c join agent_factory.contacts k on k.id = c.contact_id where k.phone = $1`,
				[phone],
			);
			return rows.length > 0 ? rows : null;
		},
		{ timeoutMs: 30_000 },
	);
	person = { phone, conversationId: found.id, contactId: found.contact_id };
});
afterAll(async () => {
	await pool.query('delete from agent_factory.calendar_integrations where tenant_id = $1', [tenant.id]);
	await Promise.all([google.close(), calCom.close(), pool.end()]);
});

const writes = async (from: string, text: string): Promise<void> => {
	const answer = await post(JSON.stringify(textBody(tenant.phoneNumberId, [{ from, text, name: 'Bia' }])));
	expect(answer.status).toBe(200);
};
const calendar = async (operation: string, parameters: object = {}): Promise<any> =>
	await operate(`e2e-${operation}`, {
		type: 'calendar',
		parameters: { operation, tenant: byId(tenant.id), ...parameters },
	});

/** A call of an agent's tool, signed as Agent Reply signs it. */
async function calls(
	plugin: string,
	tool: string,
	args: object,
	options: { key?: string; secrets?: string[] } = {},
): Promise<{ status: number; body: any }> {
	const key = options.key ?? randomUUID();
	const call = {
		...{ tool, plugin, idempotencyKey: key, tenantId: tenant.id, agentId: tenant.agentId },
		...{ conversationId: person.conversationId, contactId: person.contactId, turnId: 1, arguments: args, config: {} },
	};
	const body = Buffer.from(JSON.stringify(call));
	const secrets = options.secrets ?? toolSecrets(createVault([state().vaultKey], randomBytes));
	const response = await fetch(`${state().n8n.url}/webhook/agent-tools/${plugin}`, {
		method: 'POST',
		headers: { 'content-type': 'application/json', ...signWebhook(secrets, key, Date.now(), body) },
		body,
	});
	return { status: response.status, body: await response.json() };
}

/** Minutes after noon UTC of the day after tomorrow. */
const time = (minutes = 0): string =>
	new Date(Math.floor(Date.now() / 86_400_000 + 2) * 86_400_000 + 12 * 3_600_000 + minutes * 60_000).toISOString();

test('who holds a Google account connects it by a link, once, and reads a page', async () => {
	await calendar('saveOAuthApp', {
		...{ clientId: google.oauth.clientId, clientSecret: google.oauth.clientSecret },
		...{ baseUrl: google.url, allowLocal: true },
	});
	const link = await calendar('createConnectLink', {
		...{ callbackUrl: `${state().n8n.url}/webhook/agent-factory/connect/google`, person: 'Ana', hours: 1 },
		settings: JSON.stringify(ALWAYS_OPEN),
	});
	const consent = await fetch(link.url, { redirect: 'manual' });
	const back = consent.headers.get('location')!;
	const done = await fetch(back);
	expect([done.status, done.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
	expect(await done.text()).toContain('Conta conectada');
	expect(await (await fetch(back)).text()).toContain('Link já usado');
	const forged = await fetch(`${back.split('?')[0]}?state=forged&code=x`);
	expect([forged.status, await forged.text()]).toEqual([404, expect.stringContaining('Este link não abre')]);
	const [connected] = await operateAll('e2e-integrations', {
		type: 'calendar',
		parameters: { operation: 'getIntegrations', tenant: byId(tenant.id) },
	});
	expect(connected).toMatchObject({ provider: 'google', calendarId: 'agenda@example.com', status: 'connected' });
	expect(JSON.stringify(connected)).not.toMatch(/token/i);
}, 120_000);

describe.each(['google_calendar', 'cal_com'])('the tool %s', (plugin) => {
	const live = (): number =>
		[...(plugin === 'cal_com' ? calCom.bookings : google.events).values()].filter(
			({ status }) => status !== 'cancelled',
		).length;
	const args = { name: 'Bia', email: 'bia@example.com' };

	test('looks up, books once, gives one of two the time, moves and cancels', async () => {
		if (plugin === 'cal_com')
			await calendar('connectWithToken', {
				...{ apiKey: calCom.apiKey, eventTypeId: calCom.eventTypeId, timeZone: 'America/Sao_Paulo' },
				...{ baseUrl: calCom.url, allowLocal: true, settings: '{"minNoticeMinutes": 0}' },
			});
		const free = await calls(plugin, 'check_availability', { from: time(), to: time(60), timezone: 'UTC' });
		expect(free).toMatchObject({ status: 200, body: { ok: true, result: { timezone: 'UTC' } } });
		expect(free.body.result.slots).toHaveLength(2);
		const key = randomUUID();
		const booked = await calls(plugin, 'book_slot', { ...args, start: time() }, { key });
		expect(booked.body).toMatchObject({ ok: true, result: { status: 'confirmed', timezone: 'America/Sao_Paulo' } });
		expect((await calls(plugin, 'book_slot', { ...args, start: time() }, { key })).body).toEqual(booked.body);
		const race = await Promise.all(
			[0, 1].map(async () => await calls(plugin, 'book_slot', { ...args, start: time(60) })),
		);
		expect(race.map(({ body }) => body.ok).sort()).toEqual([false, true]);
		expect(race.find(({ body }) => !body.ok)!.body.error.code).toMatch(/SLOT_TAKEN|APPOINTMENT_IN_WORK/);
		expect(live()).toBe(2);
		const { bookingId } = booked.body.result;
		const moved = await calls(plugin, 'reschedule_booking', { bookingId, start: time(120) });
		expect(moved.body).toMatchObject({ ok: true, result: { bookingId } });
		for (let again = 0; again < 2; again++)
			expect((await calls(plugin, 'cancel_booking', { bookingId })).body).toMatchObject({ ok: true });
		expect(live()).toBe(1);
	}, 120_000);

	test('refuses what is not signed, and tells the agent what is wrong', async () => {
		const stranger = [`whsec_${randomBytes(32).toString('base64')}`];
		expect(await calls(plugin, 'book_slot', { start: time(240) }, { secrets: stranger })).toMatchObject({
			status: 401,
		});
		for (const [tool, wrong, code] of [
			['book_slot', { ...args, start: '2020-01-01T10:00:00Z' }, 'APPOINTMENT_IN_PAST'],
			['check_availability', { from: time(), to: time(60), timezone: 'Mars/Base' }, 'TIME_ZONE_UNKNOWN'],
			['check_availability', { from: time(), to: time(40 * 1_440) }, 'CALENDAR_RANGE_REFUSED'],
			['cancel_booking', { bookingId: randomUUID() }, 'NOT_FOUND'],
			['cancel_booking', { bookingId: 'the one of Friday' }, 'VALUE_REFUSED'],
			['make_coffee', {}, 'TOOL_UNKNOWN'],
		] as const)
			expect(await calls(plugin, tool, wrong)).toMatchObject({ status: 200, body: { ok: false, error: { code } } });
	}, 120_000);
});

test('a due appointment is reminded of once through the outbox, and the answer is read', async () => {
	const { rows } = await pool.query(
		`update agent_factory.background_jobs set available_at = now() where tenant_id = $1 and job_type = 'calendar.remind' and finished_at is null
			and payload ->> 'eventId' in (select id::text from agent_factory.calendar_events where tenant_id = $1 and status = 'confirmed') returning 1`,
		[tenant.id],
	);
	expect(rows.length).toBeGreaterThan(0);
	for (let twice = 0; twice < 2; twice++)
		await operateAll('e2e-reminders', { type: 'calendar', parameters: { operation: 'sendDueReminders', limit: 50 } });
	const said = async (): Promise<string[]> =>
		(await sentMessages())
			.filter(
				({ to, text }) => to?.replace('+', '') === person.phone && String(text).includes('Responda 1 para confirmar'),
			)
			.map(({ text }) => String(text));
	await waitFor(async () => (await said()).length >= rows.length, {
		timeoutMs: 30_000,
		what: 'the reminder at the phone',
	});
	expect(await said()).toHaveLength(rows.length);
	// The stand-in has it a moment before the outbox knows.
	await waitFor(
		async () =>
			(
				await pool.query(
					`select 1 from agent_factory.calendar_events where tenant_id = $1 and conversation_id = $2 and reminder_status = 'sent'`,
					[tenant.id, person.conversationId],
				)
			).rows.length >= rows.length,
		{ timeoutMs: 30_000, what: 'the reminder to be known as sent' },
	);
	await writes(person.phone, '1');
	await waitFor(
		async () =>
			(
				await pool.query(
					`select 1 from agent_factory.calendar_events where tenant_id = $1 and reminder_status = 'confirmed' and confirmed_at is not null`,
					[tenant.id],
				)
			).rows.length > 0,
		{ timeoutMs: 30_000, what: 'the answer to be read' },
	);
}, 120_000);
