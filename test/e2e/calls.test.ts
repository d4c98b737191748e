import { randomBytes } from 'node:crypto';
import type { Pool } from 'pg';
import { activateVersion, compileAgent, saveVersion } from '../../core/agents';
import { openDatabase } from '../../core/database';
import { startTwilioStandIn, type TwilioStandIn } from '../../sandbox/standins/twilio';
import { textBody } from '../support/factory';
import { waitFor } from '../support/wait-for';
import { byId, operate, operateAll } from './support/operate';
import { openFactory, post, sentMessages, state } from './support/running';

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

/** The agent of a business gets the plugin, and has it no more afterwards. */
async function withVoice(work: (phoneNumberId: string) => Promise<void>): Promise<void> {
	const database = openDatabase({ connectionString: state().database.url });
	const { rows } =
		await pool.query(`select t.id, a.id as "agentId", v.id as "versionId", v.spec, ca.external_id as "phoneNumberId"
		from agent_factory.tenants t
		join agent_factory.channel_accounts ca on ca.tenant_id = t.id and ca.kind = 'whatsapp' and ca.status = 'active'
		join agent_factory.agents a on a.tenant_id = t.id and a.id = ca.agent_id
		join agent_factory.agent_versions v on v.tenant_id = t.id and v.agent_id = a.id and v.is_active where t.slug = 'fitpro'`);
	const [{ id, agentId, versionId, spec, phoneNumberId }] = rows;
	const canary = `cnry-${randomBytes(12).toString('hex')}`;
	const bundle = compileAgent({ spec: { ...spec, plugins: { voice: { enabled: true } } }, canary });
	await saveVersion(database, id, agentId, bundle, { activate: true });
	try {
		await work(phoneNumberId);
	} finally {
		await activateVersion(database, id, versionId);
		await database.pool.end();
	}
}

test('a customer asks for a call: the agent’s tool notes it once for a person, and the reply names it', async () => {
	const phone = `55119${String(randomBytes(4).readUInt32BE() % 100_000_000).padStart(8, '0')}`;
	await withVoice(async (phoneNumberId) => {
		const body = textBody(phoneNumberId, [
			{ from: phone, text: 'Prefiro falar. Pode pedir que me liguem?', name: 'Rui' },
		]);
		expect((await post(JSON.stringify(body))).status).toBe(200);
		const said = await waitFor<any>(
			async () => (await sentMessages()).find(({ to, text }) => to?.replace('+', '') === phone && text) ?? false,
			{ timeoutMs: 60_000, what: 'the answer to the customer' },
		);
		const noted = (await operateAll('asked', voice('getTasks', { status: 'open', limit: 50 }))).filter(
			({ contact_phone }) => contact_phone === phone,
		);
		expect(noted).toMatchObject([{ reason: 'requested', status: 'open', note: 'O cliente pediu uma ligação.' }]);
		expect(String(said.text)).toContain(`vai ligar para você. Pedido ${noted[0].id}`);
	});
	const { rows } = await pool.query(
		`select c.plugin, c.tool, c.status, c.attempts, c.result ->> 'taskId' = t.id::text as told from agent_factory.tool_calls c
			join agent_factory.call_tasks t on t.tenant_id = c.tenant_id and t.conversation_id = c.conversation_id
			join agent_factory.contacts k on k.tenant_id = t.tenant_id and k.id = t.contact_id where k.phone = $1`,
		[phone],
	);
	expect(rows).toEqual([{ plugin: 'voice', tool: 'request_call', status: 'ok', attempts: 1, told: true }]);
}, 150_000);
