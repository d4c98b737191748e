import { book, runCalendarJobs, runDueImports } from '../../../core/crm';
import type { Database } from '../../../core/database';
import { createGraphClient } from '../../../core/meta';
import { startGoogleCalendar } from '../../../sandbox/standins/google-calendar';
import { createHttpServer } from '../../../sandbox/standins/http';
import { startGraphStandIn } from '../../../sandbox/standins/graph';
import { leadOfForm, writesFirst } from '../../faults/support/business-story';
import { saveLead } from '../leads/lead-story';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { databaseFor, dropDatabase, makeTenant, vault, type TestTenant } from '../../support/factory';
import { ALWAYS_OPEN, connectGoogle, ports } from './calendar/connected';
import { connect, pipedrive, rdStation, work } from './connectors/support';
import { approveTemplate } from './import-story';

let test_: TestDatabase;
let database: Database;
let tenant: TestTenant;

beforeAll(async () => {
	test_ = await createTestDatabase();
	database = databaseFor(test_);
});
afterAll(async () => await dropDatabase(database, test_));
beforeEach(async () => void (tenant = await makeTenant(database)));

const rows = async (sql: string): Promise<any[]> => (await test_.admin.query(sql, [tenant.id])).rows;
const STEP_MINUTES = 5;

/** An hour in steps of five minutes: all that waits comes nearer by as much, and what is due is done. */
async function anHour(run: () => Promise<unknown>): Promise<void> {
	for (let minutes = 0; minutes < 60; minutes += STEP_MINUTES) {
		await run();
		await later(STEP_MINUTES);
	}
}
async function later(minutes: number): Promise<void> {
	for (const [table, column] of [
		['background_jobs', 'available_at'],
		['crm_links', 'attempted_at'],
		['crm_integrations', 'paused_until'],
		['calendar_events', 'hold_expires_at'],
	])
		await rows(
			`update agent_factory.${table} set ${column} = ${column} - interval '${minutes} minutes' where tenant_id = $1 and isfinite(${column})`,
		);
}
const jobs = async (type: string): Promise<any[]> =>
	await rows(
		`select status, attempts, max_attempts, last_error from agent_factory.background_jobs where tenant_id = $1 and job_type = '${type}'`,
	);
/** Waits on, with tries left and words that say who is away. */
const expectWaiting = async (type: string, who: RegExp): Promise<void> => {
	const [job, ...more] = await jobs(type);
	expect(more).toEqual([]);
	expect(job).toMatchObject({ status: 'queued', last_error: expect.stringMatching(who) });
	expect(job.attempts).toBeLessThan(job.max_attempts);
};

test.each([
	['Pipedrive', pipedrive],
	['RD Station CRM', rdStation],
])('%s is down for an hour: the deal is made afterwards, once, with its last stage', async (name, start) => {
	const crm = await start();
	try {
		await connect(database, tenant.id, crm);
		await saveLead(database, tenant.id, { classification: 'LEAD_HOT' });
		crm.fault({ fault: 503, times: Infinity });
		await anHour(async () => await work(database, tenant.id));
		expect(crm.deals).toEqual([]);
		await expectWaiting('crm.deal', new RegExp(`CRM_AWAY: ${name} failed while .* It is tried again`));
		crm.heal();
		await later(60);
		await work(database, tenant.id);
		expect(crm.deals).toHaveLength(1);
		expect(await jobs('crm.deal')).toMatchObject([{ status: 'completed' }]);
	} finally {
		await crm.close();
	}
});

test('a calendar is down for an hour: the booking is refused in words, its time is free again; the reminder still comes', async () => {
	const google = await startGoogleCalendar();
	try {
		const conversationId = await writesFirst(database, test_.admin, tenant);
		await connectGoogle(database, tenant.id, google, { ...ALWAYS_OPEN, reminderMinutes: [1_440] });
		const day = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString();
		await book(database, tenant.id, { key: 'a', start: day(9), conversationId }, ports);
		const away = { call: '/calendar/v3', status: 503, times: Infinity };
		google.faults.push(away);
		const refused = { key: 'b', start: day(12), conversationId };
		await expect(book(database, tenant.id, refused, ports)).rejects.toMatchObject({
			...{ code: 'SERVICE_AWAY', retryable: true, message: expect.stringContaining('Google Calendar fails') },
		});
		await rows(
			`update agent_factory.background_jobs set available_at = now() where tenant_id = $1 and job_type = 'calendar.remind'`,
		);
		const run = async (): Promise<unknown> =>
			await runCalendarJobs(database, { workerId: 'w', random: () => 0 }, ports);
		await anHour(run);
		await expectWaiting('calendar.remind', /SERVICE_AWAY: Google Calendar fails \(HTTP 503\). It is tried again later/);
		expect(
			await rows(`select status from agent_factory.calendar_events where tenant_id = $1 order by starts_at`),
		).toEqual([{ status: 'confirmed' }, { status: 'unknown' }]);
		google.faults.length = 0;
		await later(60);
		await run();
		await run();
		expect(
			await rows(
				`select status, reminder_status from agent_factory.calendar_events where tenant_id = $1 order by starts_at`,
			),
		).toEqual([
			{ status: 'confirmed', reminder_status: 'sent' },
			{ status: 'failed', reminder_status: null },
		]);
		await expect(book(database, tenant.id, refused, ports)).resolves.toMatchObject({ status: 'confirmed' });
		expect(google.events.size).toBe(2);
	} finally {
		await google.close();
	}
});

test('Meta gives no lead for an hour: it is imported and greeted afterwards, once', async () => {
	const graph = await startGraphStandIn();
	const down = createHttpServer({ '* /*': () => ({ status: 503, body: { error: { code: 2, message: 'down' } } }) });
	try {
		await approveTemplate(test_.admin, tenant.id);
		await leadOfForm(database, graph.url, tenant);
		const { url } = await down.listen();
		const run = async (baseUrl: string): Promise<unknown> =>
			await runDueImports(
				database,
				{ vault, graph: createGraphClient({ fetch, baseUrl, version: 'v25.0' }), random: () => 0 },
				{ workerId: 'w' },
			);
		await anHour(async () => await run(url));
		await expectWaiting('leadgen.import', /LEAD_NOT_FETCHED: Meta did not give lead \d+/);
		await later(60);
		await run(graph.url);
		expect(
			await rows(
				`select first_contact, (select count(*)::int from agent_factory.leads where tenant_id = $1) as leads from agent_factory.lead_imports where tenant_id = $1`,
			),
		).toEqual([{ first_contact: 'queued', leads: 1 }]);
	} finally {
		await down.close();
		await graph.close();
	}
});
