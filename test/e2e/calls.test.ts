import type { Pool } from 'pg';
import { startTwilioStandIn, type TwilioStandIn } from '../../sandbox/standins/twilio';
import { waitFor } from '../support/wait-for';
import { byId, operate, operateAll } from './support/operate';
import { openFactory, state } from './support/running';

let pool: Pool;
let twilio: TwilioStandIn;
beforeAll(async () => {
	pool = openFactory();
	twilio = await startTwilioStandIn({ sid: 'AC76', authToken: 'token-76' });
});
afterAll(async () => {
	await pool.end();
	await twilio.close();
});

const voice = (operation: string, more: object = {}) => ({
	type: 'voiceCall',
	parameters: { operation, tenant: { __rl: true, mode: 'slug', value: 'fitpro' }, ...more },
});

test('a missed call is a task; a person calls back through Twilio, once, and sees what it cost', async () => {
	const connected = await operate('connect', {
		...voice('connect', {
			provider: 'twilio',
			phoneNumber: '+551131970042',
			accountSid: 'AC76',
			secret: 'token-76',
			webhookBase: `${state().n8n.url}/webhook`,
			costPerMinute: 0.02,
			baseUrl: twilio.url,
			allowLocal: true,
		}),
	});
	const missed = { CallSid: 'CA76', CallStatus: 'no-answer', Direction: 'inbound', From: '+5511966000076' };
	expect(await twilio.report(connected.statusUrl, missed, 'forged')).toBe(401);
	expect(await twilio.report(connected.statusUrl, missed)).toBe(200);
	expect(await twilio.report(connected.statusUrl, missed)).toBe(200);
	const open = async () =>
		(await operateAll('tasks', voice('getTasks', { status: 'open', limit: 50 }))).filter(
			({ contact_phone }) => contact_phone === '5511966000076',
		);
	const [task, ...others] = await open();
	expect(task).toMatchObject({ reason: 'missed_call', status: 'open' });
	expect(others).toEqual([]);

	const start = voice('startCall', {
		contact: byId(task.contact_id),
		personPhone: '+5511900000001',
		taskId: task.id,
		key: `task:${task.id}`,
	});
	const started = await operate('start', start);
	expect(await operate('start-again', start)).toMatchObject({ callId: started.callId, started: false });
	expect(twilio.calls).toHaveLength(1);
	const [{ sid, statusCallback }] = twilio.calls;
	const ended = { CallSid: sid, CallStatus: 'completed', CallDuration: '95', Direction: 'outbound-api' };
	expect(await twilio.report(statusCallback, ended)).toBe(200);
	const { rows } = await pool.query(
		`select type, channel, status, content from agent_factory.communications where external_id = any ($1::text[]) order by created_at`,
		[['CA76', sid]],
	);
	expect(rows).toEqual([
		{ type: 'call', channel: 'phone', status: 'missed', content: '0 s' },
		{ type: 'call', channel: 'phone', status: 'completed', content: '95 s' },
	]);
	expect(await operate('done', voice('completeTask', { task: task.id, status: 'done' }))).toMatchObject({
		closed: true,
	});
	const [config] = await operateAll('configs', voice('getConfigs'));
	expect(config).toMatchObject({ provider: 'twilio', thisMonth: { calls: 2, minutes: 2, costUsd: 0.04 } });
}, 180_000);

test('people are told of a task that is due, by the workflow’s own clock', async () => {
	const { rows } = await pool.query<{ id: string }>(
		`select k.id from agent_factory.contacts k join agent_factory.tenants t on t.id = k.tenant_id where t.slug = 'fitpro' order by k.created_at limit 1`,
	);
	const task = await operate(
		'task',
		voice('createTask', { contact: byId(rows[0].id), reason: 'requested', dueAt: '2026-01-01T00:00:00Z', key: 'e2e' }),
	);
	await waitFor(
		async () =>
			(await pool.query(`select 1 from agent_factory.call_tasks where id = $1 and told_at is not null`, [task.id]))
				.rowCount === 1,
		{ timeoutMs: 90_000, what: 'the look of the schedule' },
	);
}, 150_000);
