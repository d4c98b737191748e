import { book } from '../../core/crm';
import type { Database } from '../../core/database';
import { createGraphClient } from '../../core/meta';
import { deliverDue } from '../../core/outbox';
import { startCalCom } from '../../sandbox/standins/cal-com';
import { startGoogleCalendar } from '../../sandbox/standins/google-calendar';
import { startGraphStandIn, type GraphStandIn } from '../../sandbox/standins/graph';
import { connectCal, connectGoogle, ports as calendarPorts, ALWAYS_OPEN } from '../core/crm/calendar/connected';
import { connect, pipedrive, rdStation, type StandIn } from '../core/crm/connectors/support';
import { approveTemplate } from '../core/crm/import-story';
import { saveLead } from '../core/leads/lead-story';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { databaseFor, dropDatabase, makeTenant, vault, type TestTenant } from '../support/factory';
import { rounds } from '../support/fault-rounds';
import { leadOfForm, writesFirst } from './support/business-story';
import { pointsThatMatter, requireBuild, runWorker, type WorkerTask } from './support/business';

/** All steps at which a process may die, or those that matter most. */
const everyStep = rounds(1, 0) > 0;
const TIMEOUT_MS = everyStep ? 1_800_000 : 120_000;

interface Story {
	task: Omit<WorkerTask, 'graphUrl' | 'dieAt'>;
	/** What there is now, at the service and here. */
	judge(): Promise<object>;
	close(): Promise<void>;
}

let test_: TestDatabase;
let database: Database;
let graph: GraphStandIn;

beforeAll(async () => {
	requireBuild();
	test_ = await createTestDatabase();
	database = databaseFor(test_);
	graph = await startGraphStandIn();
});
afterAll(async () => {
	await graph?.close();
	await dropDatabase(database, test_);
});

const one = async (sql: string, tenantId: string): Promise<any> => (await test_.admin.query(sql, [tenantId])).rows[0];
/** Minutes go by: what a dead process held is free, what waited is due. */
async function timePasses(tenantId: string): Promise<void> {
	for (const sql of [
		`update agent_factory.background_jobs set available_at = now() where tenant_id = $1 and finished_at is null`,
		`update agent_factory.crm_links set attempted_at = attempted_at - interval '1 hour' where tenant_id = $1`,
		`update agent_factory.calendar_events set hold_expires_at = now() where tenant_id = $1 and hold_expires_at > now()`,
		`update agent_factory.lead_imports set created_at = created_at - interval '1 hour' where tenant_id = $1`,
	])
		await test_.admin.query(sql, [tenantId]);
}

const APPOINTMENTS = `select count(*)::int as rows, count(*) filter (where status = 'confirmed' and provider_event_id is not null)::int as booked
	from agent_factory.calendar_events where tenant_id = $1`;
const SENT = `select count(*)::int as messages from agent_factory.outbox_messages where tenant_id = $1`;

/** What people got: the outbox is emptied first. */
async function delivered(tenant: TestTenant): Promise<{ messages: number; received: number }> {
	const client = createGraphClient({ fetch, baseUrl: graph.url, version: 'v25.0' });
	await deliverDue(database, { graph: client, vault, random: () => 0 }, { workerId: 'sender' });
	const sent = (await (await fetch(`${graph.url}/_sandbox/sent`)).json()) as Array<Record<string, unknown>>;
	const received = sent.filter(({ accepted, phoneNumberId }) => accepted && phoneNumberId === tenant.phoneNumberId);
	return { ...(await one(SENT, tenant.id)), received: received.length };
}

/** Some days from now, within the opening hours of both services. */
const dayAfter = (days: number): string =>
	`${new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)}T14:30:00Z`;

async function booking(kind: 'google' | 'cal_com'): Promise<Story> {
	const tenant = await makeTenant(database);
	const request = { key: 'turn 1', start: dayAfter(1), attendee: { name: 'Bia', email: 'bia@example.com' } };
	const task = { work: 'booking' as const, tenantId: tenant.id, booking: request };
	if (kind === 'google') {
		const google = await startGoogleCalendar();
		await connectGoogle(database, tenant.id, google);
		const there = (): number => [...google.events.values()].filter(({ status }) => status === 'confirmed').length;
		return {
			task,
			judge: async () => ({ there: there(), ...(await one(APPOINTMENTS, tenant.id)) }),
			close: async () => await google.close(),
		};
	}
	const calCom = await startCalCom();
	await connectCal(database, tenant.id, calCom);
	const there = (): number => [...calCom.bookings.values()].filter(({ status }) => status === 'accepted').length;
	return {
		task,
		judge: async () => ({ there: there(), ...(await one(APPOINTMENTS, tenant.id)) }),
		close: async () => await calCom.close(),
	};
}

async function deal(make: () => Promise<StandIn>): Promise<Story> {
	const [tenant, crm] = [await makeTenant(database), await make()];
	await connect(database, tenant.id, crm);
	await saveLead(database, tenant.id, { classification: 'LEAD_HOT' });
	return {
		task: { work: 'crmJobs', tenantId: tenant.id },
		judge: async () => ({
			there: crm.deals.length,
			...(await one(
				`select count(*)::int as rows, count(*) filter (where state = 'created')::int as made from agent_factory.crm_links where tenant_id = $1 and entity = 'deal'`,
				tenant.id,
			)),
		}),
		close: async () => await crm.close(),
	};
}

async function reminder(): Promise<Story> {
	const [tenant, google] = [await makeTenant(database), await startGoogleCalendar()];
	const conversationId = await writesFirst(database, test_.admin, tenant);
	await connectGoogle(database, tenant.id, google, { ...ALWAYS_OPEN, reminderMinutes: [1_440] });
	await book(database, tenant.id, { key: 'k', start: dayAfter(9), conversationId }, calendarPorts);
	await timePasses(tenant.id);
	return {
		task: { work: 'calendarJobs', tenantId: tenant.id },
		judge: async () => ({
			...(await delivered(tenant)),
			...(await one(
				`select count(*) filter (where reminder_status = 'sent')::int as reminded from agent_factory.calendar_events where tenant_id = $1`,
				tenant.id,
			)),
		}),
		close: async () => await google.close(),
	};
}

async function leadImport(): Promise<Story> {
	const tenant = await makeTenant(database);
	await approveTemplate(test_.admin, tenant.id);
	await leadOfForm(database, graph.url, tenant);
	return {
		task: { work: 'importJobs', tenantId: tenant.id },
		judge: async () => ({
			...(await delivered(tenant)),
			...(await one(
				`select (select count(*)::int from agent_factory.contacts where tenant_id = $1) as contacts,
					(select count(*)::int from agent_factory.leads where tenant_id = $1) as leads,
					(select count(*)::int from agent_factory.lead_imports where tenant_id = $1 and first_contact = 'queued') as greeted`,
				tenant.id,
			)),
		}),
		close: async () => await Promise.resolve(),
	};
}

const BOOKED = { there: 1, rows: 1, booked: 1 };
const MADE = { there: 1, rows: 1, made: 1 };
const REMINDED = { messages: 1, received: 1, reminded: 1 };
const IMPORTED = { messages: 1, received: 1, contacts: 1, leads: 1, greeted: 1 };

/** What it is, its beginning, the call that changes something, and what there is of it in the end. */
const STORIES: Array<[string, () => Promise<Story>, RegExp, object]> = [
	['a booking at Google', () => booking('google'), /POST .*events/, BOOKED],
	['a deal at Pipedrive', () => deal(pipedrive), /POST .*deals/, MADE],
	['a reminder', reminder, /enqueue_outbox/, REMINDED],
	['an imported lead', leadImport, /import_lead/, IMPORTED],
];
const FURTHER: typeof STORIES = [
	['a booking at Cal.com', () => booking('cal_com'), /POST .*bookings/, BOOKED],
	['a deal at RD Station', () => deal(rdStation), /POST .*deals/, MADE],
];

/** Begins anew, is killed there, and goes on in another process. */
async function live(
	tell: () => Promise<Story>,
	oneOfEach: object,
	dieAt?: number,
): Promise<{ steps: string[]; killed: boolean }> {
	await test_.admin.query(
		`update agent_factory.background_jobs set status = 'completed', finished_at = now() where finished_at is null`,
	);
	// The calendars of the lives before: a worker would ask them too.
	await test_.admin.query('update agent_factory.calendar_integrations set is_active = false');
	const story = await tell();
	try {
		const task = { ...story.task, graphUrl: graph.url };
		const first = await runWorker(test_.connectionString, { ...task, dieAt });
		await timePasses(task.tenantId);
		if (first.killed) {
			// Now and then the job that looks for what became of it comes before the second try.
			if (task.work === 'booking' && first.steps.length % 2 === 1)
				await runWorker(test_.connectionString, { ...task, work: 'calendarJobs' });
			await runWorker(test_.connectionString, task);
		}
		const died = { dieAt, at: first.steps.at(-1) };
		expect({ ...died, ...(await story.judge()) }).toEqual({ ...died, ...oneOfEach });
		return first;
	} finally {
		await story.close();
	}
}

test.each(everyStep ? [...STORIES, ...FURTHER] : STORIES)(
	'%s whose process is killed is there exactly once when another goes on',
	async (name, tell, change, oneOfEach) => {
		const { steps } = await live(tell, oneOfEach);
		const points = everyStep ? steps.map((_, at) => at + 1) : pointsThatMatter(steps, change);
		expect(points.length).toBeGreaterThanOrEqual(3);
		let kills = 0;
		for (const point of points) kills += (await live(tell, oneOfEach, point)).killed ? 1 : 0;
		// The last steps may come in another order, and the process be done before.
		expect(kills).toBeGreaterThanOrEqual(points.length - 2);
		process.stderr.write(`${name}: killed at ${kills} of ${steps.length} steps\n`);
	},
	TIMEOUT_MS,
);
