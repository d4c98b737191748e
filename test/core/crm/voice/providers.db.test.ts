import type { Database } from '../../../../core/database';
import {
	closeCallTask,
	connectVoice,
	createCallTask,
	listCalls,
	listCallTasks,
	listVoiceConfigs,
	receiveCallStatus,
	startCall,
	updateVoiceSettings,
	type VoicePorts,
} from '../../../../core/crm/voice';
import { httpCall } from '../../../../core/http';
import { startTelnyxStandIn, type TelnyxStandIn } from '../../../../sandbox/standins/telnyx';
import { startTwilioStandIn, twilioSignature, type TwilioStandIn } from '../../../../sandbox/standins/twilio';
import { createTestDatabase, type TestDatabase } from '../../../support/database';
import { databaseFor, dropDatabase, makeTenant, vault, type TestTenant } from '../../../support/factory';
import { contact } from '../../leads/turns';

let test_: TestDatabase;
let database: Database;
let tenant: TestTenant;
let contactId: string;
let twilio: TwilioStandIn;
let telnyx: TelnyxStandIn;
const NOW = Date.parse('2026-11-22T12:00:00Z');

beforeAll(async () => {
	test_ = await createTestDatabase();
	database = databaseFor(test_);
	twilio = await startTwilioStandIn({ sid: 'AC1', authToken: 'tok' });
	telnyx = await startTelnyxStandIn({ apiKey: 'KEY1' });
});
beforeEach(async () => {
	tenant = await makeTenant(database);
	contactId = await contact(test_.admin, tenant);
	await test_.admin.query(`update agent_factory.contacts set phone = '5511977770000' where id = $1`, [contactId]);
	twilio.calls.length = 0;
});
afterAll(async () => {
	await dropDatabase(database, test_);
	await twilio.close();
	await telnyx.close();
});

const ports: VoicePorts = { http: httpCall, vault, now: () => NOW };
const TWILIO = {
	provider: 'twilio' as const,
	phoneNumber: '+55 11 3197-0042',
	accountSid: 'AC1',
	secret: 'tok',
	costPerMinute: 0.02,
	webhookBase: 'https://n8n.example.com/webhook/',
	allowLocal: true,
};
const connect = async (over: object = {}) =>
	await connectVoice(database, tenant.id, { ...TWILIO, baseUrl: twilio.url, ...over }, ports);
const start = async (key: string) =>
	await startCall(
		database,
		tenant.id,
		{ contactId, personPhone: '+5511900000001', person: 'ana@example.com', key },
		ports,
	);

async function reportOf(said: Record<string, string>, call?: string, token = 'tok') {
	const url = `https://n8n.example.com/webhook/agent-factory/calls/twilio?tenant=${tenant.id}${call ? `&call=${call}` : ''}`;
	return await receiveCallStatus(
		database,
		tenant.id,
		{
			provider: 'twilio',
			rawBody: Buffer.from(new URLSearchParams(said).toString()),
			headers: { 'x-twilio-signature': twilioSignature(url, said, token) },
			callId: call,
		},
		ports,
	);
}

test('a connection is checked before it is kept, sealed, and shown with its cost', async () => {
	await expect(connect({ secret: 'wrong' })).rejects.toMatchObject({ code: 'VOICE_CREDENTIALS_REFUSED' });
	await expect(connect({ baseUrl: 'https://api.twilio.com.example.net' })).rejects.toMatchObject({
		code: 'VOICE_URL_REFUSED',
	});
	await expect(connect({ allowLocal: false })).rejects.toMatchObject({ code: 'VOICE_URL_REFUSED' });
	await expect(connect({ phoneNumber: '1197' })).rejects.toMatchObject({ code: 'VALUE_REFUSED' });
	const made = await connect();
	expect(made).toMatchObject({ provider: 'twilio', phoneNumber: '+551131970042', setupCompleted: true });
	expect(JSON.stringify(made)).not.toContain('tok');
	const { rows } = await test_.admin.query(
		`select api_credentials::text as stored from agent_factory.voip_configs where tenant_id = $1 and provider = 'twilio'`,
		[tenant.id],
	);
	expect(rows[0].stored).not.toContain('tok"');
	expect(await listVoiceConfigs(database, tenant.id)).toMatchObject([
		{ provider: 'twilio', isActive: true, costPerMinute: 0.02, thisMonth: { calls: 0, minutes: 0, costUsd: 0 } },
		{ provider: 'telnyx', isActive: false, setupCompleted: false },
	]);
});

test('the person is rung, then the lead; the same key does not ring twice, and the bill is by the minute begun', async () => {
	await connect();
	const first = await start('k');
	expect(first).toMatchObject({ status: 'queued', started: true });
	expect(await start('k')).toMatchObject({ callId: first.callId, started: false });
	expect(twilio.calls).toHaveLength(1);
	const [made] = twilio.calls;
	expect(made).toMatchObject({ to: '+5511900000001', from: '+551131970042' });
	expect(made.twiml).toContain('<Number>+5511977770000</Number>');

	const id = String(first.callId);
	const said = { CallSid: made.sid, CallStatus: 'completed', CallDuration: '61', Direction: 'outbound-api' };
	expect(await reportOf({ ...said, CallStatus: 'in-progress' }, id)).toMatchObject({ changed: true });
	expect(await reportOf(said, id)).toMatchObject({ changed: true, costUsd: 0.04, durationSeconds: 61 });
	expect(await reportOf(said, id)).toMatchObject({ changed: false, costUsd: 0.04 });
	expect(await reportOf({ ...said, CallStatus: 'ringing' }, id)).toMatchObject({ changed: false, status: 'completed' });
	expect(await listVoiceConfigs(database, tenant.id)).toMatchObject([
		{ thisMonth: { calls: 1, minutes: 2, costUsd: 0.04 } },
		{},
	]);
});

test('a lost answer leaves one call, which Twilio’s report finds again', async () => {
	await connect();
	twilio.behave({ dropResponse: true });
	const lost = await start('k');
	expect(lost).toMatchObject({ status: 'unknown' });
	expect(await start('k')).toMatchObject({ started: false });
	expect(twilio.calls).toHaveLength(1);
	await reportOf(
		{ CallSid: twilio.calls[0].sid, CallStatus: 'no-answer', Direction: 'outbound-api' },
		String(lost.callId),
	);
	expect(await listCalls(database, tenant.id, 10)).toMatchObject([{ id: lost.callId, status: 'missed' }]);
});

test.each([
	[{ status: 429, code: 20429 }, 'VOICE_UNAVAILABLE'],
	[{ status: 401, code: 20003 }, 'VOICE_CREDENTIALS_REFUSED'],
	[{ status: 400, code: 21211 }, 'VOICE_REQUEST_REFUSED'],
])('a refusal %j says what to do', async (behaviour, code) => {
	await connect();
	twilio.behave(behaviour);
	await expect(start('k')).rejects.toMatchObject({ code });
	expect(await listCalls(database, tenant.id, 10)).toMatchObject([
		{ status: 'failed', error_code: String(behaviour.code) },
	]);
});

test('a report that is not signed for this tenant is refused', async () => {
	await connect();
	const said = { CallSid: 'CA9', CallStatus: 'no-answer', Direction: 'inbound', From: '+5511966665555' };
	expect(await reportOf(said, undefined, 'other')).toEqual({ accepted: false, httpStatus: 401 });
	expect(await listCalls(database, tenant.id, 10)).toEqual([]);
	const reports = await Promise.all([reportOf(said), reportOf(said)]);
	expect(reports).toMatchObject([{ accepted: true }, { accepted: true }]);
	expect(await listCallTasks(database, tenant.id)).toMatchObject([
		{ reason: 'missed_call', status: 'open', contact_phone: '5511966665555' },
	]);
});

test('Telnyx reports are verified by key and time, and a missed one is a task', async () => {
	await connect({ provider: 'telnyx', secret: 'KEY1', publicKey: telnyx.publicKey, baseUrl: telnyx.url });
	const event = (event_type: string, more: object = {}) => ({
		data: {
			event_type,
			occurred_at: '2026-11-22T12:00:00Z',
			payload: { call_session_id: 's1', direction: 'incoming', from: '+5511955554444', to: '+551131970042', ...more },
		},
	});
	const receive = async (body: object, atMs = NOW, change = (raw: Buffer) => raw) => {
		const { rawBody, headers } = telnyx.signed(body, atMs);
		const report = { provider: 'telnyx' as const, rawBody: change(rawBody), headers };
		return await receiveCallStatus(database, tenant.id, report, ports);
	};
	expect(await receive(event('call.initiated'))).toMatchObject({ accepted: true, status: 'ringing' });
	expect(await receive(event('call.hangup'), NOW - 400_000)).toMatchObject({ httpStatus: 401 });
	expect(await receive(event('call.hangup'), NOW, (raw) => Buffer.concat([raw, Buffer.from(' ')]))).toMatchObject({
		httpStatus: 401,
	});
	expect(await receive(event('call.hangup', { hangup_cause: 'originator_cancel' }))).toMatchObject({
		status: 'missed',
	});
	expect(await listCallTasks(database, tenant.id)).toHaveLength(1);
});

test('tasks: one a contact and reason until it is done, and one of a HOT lead where the tenant wants it', async () => {
	const make = async (key?: string) =>
		await createCallTask(database, tenant.id, { contactId, reason: 'requested', note: 'ligar à tarde', key });
	const a = await make('x');
	const [b, c] = await Promise.all([make('y'), make('w')]);
	expect([b.id, c.id]).toEqual([a.id, a.id]);
	expect(await closeCallTask(database, tenant.id, { id: a.id, status: 'done', outcome: 'falei' })).toBe(true);
	expect(await closeCallTask(database, tenant.id, { id: a.id, status: 'done' })).toBe(false);
	expect((await make('x')).id).toBe(a.id);
	expect((await make('z')).created).toBe(true);
	expect(await updateVoiceSettings(database, tenant.id, { hotLeadTasks: true })).toMatchObject({
		hotLeadTasks: true,
		missedCallTasks: true,
		dueMinutes: 15,
	});
});
