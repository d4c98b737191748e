import type { Database } from '../../database';
import { FactoryError } from '../../errors';
import { runDueJobs, type ClaimedJob, type JobRun } from '../../jobs';
import { sendDirect } from '../../outbox';
import { inTenant } from '../../tenancy';
import { readAppointment } from './appointments';
import { WINDOW_HOURS } from './defaults';
import { reconcile, refresh } from './reconcile';
import { enqueueSyncs, syncCalendar } from './sync';
import { wallTime } from './time';
import type { Appointment, CalendarPorts } from './types';

/** Jobs of calendars: a reminder that is due, a booking that ended in the dark, a look at what people changed. */
export const CALENDAR_JOBS = ['calendar.remind', 'calendar.reconcile', 'calendar.sync'] as const;

interface Recipient {
	kind: string;
	language: string | null;
	contact_name: string | null;
	company: string;
	hours_since: number | null;
	[column: string]: unknown;
}
interface Template {
	id: string;
	content: string;
	[column: string]: unknown;
}

const RECIPIENT = `select ca.kind, k.language, k.full_name as contact_name, t.name as company, extract(epoch from now() - c.last_customer_message_at)::float8 / 3600 as hours_since
	from conversations c join channel_accounts ca on ca.tenant_id = c.tenant_id and ca.id = c.channel_account_id
	join contacts k on k.tenant_id = c.tenant_id and k.id = c.contact_id join tenants t on t.id = c.tenant_id
	where c.tenant_id = $1::uuid and c.id = $2::uuid`;
const TEMPLATE = `select id, content from message_templates
	where tenant_id = $1::uuid and category = 'reminder' and is_active and meta_status = 'APPROVED' and meta_name is not null
	order by language = $2::text desc, language = 'pt_BR' desc, created_at limit 1`;
const NOTE = `select note_reminder($1::uuid, $2::uuid, $3::timestamptz, $4::text, $5::uuid) as noted`;

/** What is said inside the window, where no template is needed. */
const TEXTS: Record<'pt' | 'en', (values: Record<string, string>) => string> = {
	pt: ({ lead_name, date, time }) =>
		`Oi ${lead_name}, lembrando do seu horário em ${date} às ${time}. Responda 1 para confirmar ou 2 para remarcar.`,
	en: ({ lead_name, date, time }) =>
		`Hi ${lead_name}, a reminder of your appointment on ${date} at ${time}. Reply 1 to confirm or 2 to reschedule.`,
};

/** The time of an appointment as its person reads it, on the wall of its zone. */
export function reminderValues(
	appointment: Appointment,
	recipient: { name: string; company: string },
): Record<string, string> {
	const { date, time } = wallTime(appointment.start, appointment.timeZone);
	const [year, month, day] = date.split('-');
	return { lead_name: recipient.name, company: recipient.company, date: `${day}/${month}/${year}`, time };
}

/** The values that a template asks for, by name or by place. Places stand for name, date and time, in this order. */
export function fillReminder(
	content: string,
	values: Record<string, string>,
): { parameters?: string[]; values?: Record<string, string> } {
	const places = [...new Set([...content.matchAll(/\{\{\s*(\w+)\s*\}\}/g)].map((match) => match[1]))];
	if (places.every((place) => /^\d+$/.test(place)))
		return { parameters: [values.lead_name, values.date, values.time].slice(0, places.length) };
	return { values: Object.fromEntries(places.map((place) => [place, values[place] ?? values.lead_name])) };
}

/** Reminds of an appointment once a time it stands at: one that was moved, cancelled or answered is left alone. */
export async function remind(
	database: Database,
	tenantId: string,
	job: { eventId: string; startsAt: string },
	ports: CalendarPorts,
): Promise<{ reminder: string; outboxId?: string }> {
	const startsAt = Date.parse(job.startsAt);
	const stored = await readAppointment(database, tenantId, job.eventId);
	if (stored.status !== 'confirmed' || stored.start !== startsAt || stored.reminderStatus !== null)
		return { reminder: 'not_needed' };
	if (startsAt <= ports.now()) return { reminder: 'too_late' };
	if (!stored.conversationId) return { reminder: 'no_conversation' };
	// People cancel and move in the calendar itself: it is asked before anybody is written to.
	const appointment = await refresh(database, tenantId, stored, ports);
	if (appointment.status !== 'confirmed' || appointment.start !== startsAt) return { reminder: 'not_needed' };
	const { recipient, template } = await inTenant(database, tenantId, async (db) => {
		const person = await db.one<Recipient>(RECIPIENT, [tenantId, stored.conversationId]);
		return { recipient: person, template: await db.one<Template>(TEMPLATE, [tenantId, person?.language ?? 'pt_BR']) };
	});
	if (!recipient) return { reminder: 'no_conversation' };
	const values = reminderValues(appointment, {
		name: recipient.contact_name?.trim() || 'cliente',
		company: recipient.company,
	});
	const note = async (status: 'sent' | 'blocked', outboxId: string | null): Promise<void> =>
		void (await inTenant(database, tenantId, async (db) =>
			db.one(NOTE, [tenantId, appointment.id, new Date(startsAt), status, outboxId]),
		));
	const open = recipient.hours_since !== null && recipient.hours_since < WINDOW_HOURS;
	const language = recipient.language?.startsWith('en') ? 'en' : 'pt';
	const content =
		template && recipient.kind === 'whatsapp'
			? { templateId: template.id, ...fillReminder(template.content, values) }
			: open
				? { text: TEXTS[language](values) }
				: null;
	if (!content) {
		await note('blocked', null);
		return { reminder: 'blocked' };
	}
	// The key makes it one message, whoever dies between the two.
	const key = `reminder:${appointment.id}:${startsAt / 1_000}`;
	const message = { conversationId: stored.conversationId, key, content, author: 'system' as const };
	const { outboxIds } = await sendDirect(database, tenantId, message, 'calendar');
	await note('sent', outboxIds[0]);
	return { reminder: 'sent', outboxId: outboxIds[0] };
}

const text = (job: ClaimedJob, field: string): string => {
	const value = job.payload[field];
	if (typeof value === 'string') return value;
	throw new FactoryError('VALUE_REFUSED', `The job has no ${field}. It was not made by a booking.`, { item: job.key });
};

/** Does what is due for the calendars of all tenants. */
export const runCalendarJobs = async (
	database: Database,
	options: { workerId: string; limit?: number; random(): number },
	ports: CalendarPorts,
): Promise<JobRun[]> => {
	await enqueueSyncs(database);
	return await runDueJobs(database, { ...options, types: CALENDAR_JOBS }, async (job) => {
		if (job.type === 'calendar.sync') return await syncCalendar(database, job.tenantId, text(job, 'calendarId'), ports);
		const eventId = text(job, 'eventId');
		if (job.type === 'calendar.remind')
			return await remind(database, job.tenantId, { eventId, startsAt: text(job, 'startsAt') }, ports);
		return { appointment: await reconcile(database, job.tenantId, eventId, ports) };
	});
};
