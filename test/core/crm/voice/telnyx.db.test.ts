import type { Database } from '../../../../core/database';
import { connectVoice, listCalls, receiveCallStatus, startCall, type VoicePorts } from '../../../../core/crm/voice';
import { httpCall } from '../../../../core/http';
import { startTelnyxStandIn, type TelnyxStandIn } from '../../../../sandbox/standins/telnyx';
import { createTestDatabase, type TestDatabase } from '../../../support/database';
import { databaseFor, dropDatabase, makeTenant, vault, type TestTenant } from '../../../support/factory';
import { contact } from '../../leads/turns';

let test_: TestDatabase;
let database: Database;
let tenant: TestTenant;
let contactId: string;
let telnyx: TelnyxStandIn;
const NOW = Date.parse('2026-11-22T12:00:00Z');
const ports: VoicePorts = { http: httpCall, vault, now: () => NOW };
const [PERSON, LEAD, BUSINESS] = ['+5511900000001', '+5511977770000', '+551131970042'];

beforeAll(async () => {
	test_ = await createTestDatabase();
	database = databaseFor(test_);
	telnyx = await startTelnyxStandIn({ apiKey: 'KEY1' });
});
beforeEach(async () => {
	tenant = await makeTenant(database);
	contactId = await contact(test_.admin, tenant, { phone: LEAD.slice(1) });
	telnyx.commands.length = 0;
});
afterAll(async () => {
	await dropDatabase(database, test_);
	await telnyx.close();
});

const connect = async (connectionId: string | undefined = '1494404757140276705') =>
	await connectVoice(
		database,
		tenant.id,
		{
			...{ provider: 'telnyx', phoneNumber: BUSINESS, secret: 'KEY1', publicKey: telnyx.publicKey, connectionId },
			...{ costPerMinute: 0.03, webhookBase: 'https://n8n.example.com/webhook', baseUrl: telnyx.url, allowLocal: true },
		},
		ports,
	);
const start = async (key = 'k') =>
	await startCall(database, tenant.id, { contactId, personPhone: PERSON, person: 'ana', key }, ports);
const names = () => telnyx.commands.map(({ name }) => name);

/** A step as Telnyx reports it: what a command wrote as state comes back in the events of its leg. */
async function report(event_type: string, leg: 'person' | 'lead', more: object = {}) {
	const [dial, transfer] = ['dial', 'transfer'].map((name) => telnyx.commands.find((sent) => sent.name === name));
	const payload = {
		call_control_id: leg === 'person' ? dial!.callControlId : 'v3:leg-of-lead',
		call_session_id: `session-of-${dial!.callControlId}`,
		client_state: leg === 'person' ? dial!.body.client_state : transfer!.body.target_leg_client_state,
		...{ direction: 'outgoing', from: BUSINESS, to: leg === 'person' ? PERSON : LEAD, ...more },
	};
	const { rawBody, headers } = telnyx.signed(
		{ data: { event_type, occurred_at: '2026-11-22T12:00:00Z', payload } },
		NOW,
	);
	return await receiveCallStatus(database, tenant.id, { provider: 'telnyx', rawBody, headers }, ports);
}
const over = (cause: string, seconds = 0) => ({
	...{ hangup_cause: cause, start_time: '2026-11-22T12:00:00Z' },
	end_time: new Date(NOW + seconds * 1_000).toISOString(),
});
const stored = async () => await listCalls(database, tenant.id, 10);

test('the person is rung, on their answer the lead, each once, and the bill is by the minute begun', async () => {
	await connect();
	const { callId } = await start();
	expect(await start()).toMatchObject({ callId, started: false });
	expect(telnyx.commands).toMatchObject([
		{ name: 'dial', body: { to: PERSON, from: BUSINESS, connection_id: '1494404757140276705' } },
	]);
	await report('call.initiated', 'person');
	expect(names()).toEqual(['dial']);
	// Telnyx repeats what it is not sure to have told.
	for (let again = 0; again < 2; again++) await report('call.answered', 'person');
	expect(names()).toEqual(['dial', 'transfer']);
	expect(telnyx.commands[1]).toMatchObject({ callControlId: telnyx.commands[0].callControlId, body: { to: LEAD } });
	await report('call.initiated', 'lead');
	await report('call.bridged', 'lead');
	await report('call.hangup', 'lead', over('normal_clearing', 61));
	const ended = await report('call.hangup', 'person', over('normal_clearing', 61));
	expect(ended).toMatchObject({ status: 'completed', durationSeconds: 61, costUsd: 0.06 });
	await report('call.hangup', 'person', over('normal_clearing', 61));
	expect(await stored()).toMatchObject([{ id: callId, status: 'completed', contact_id: contactId, cost_usd: 0.06 }]);
});

test('a lead who does not pick up: the person is not left on a silent line', async () => {
	await connect();
	await start();
	await report('call.answered', 'person');
	await report('call.hangup', 'lead', over('timeout'));
	expect(names()).toEqual(['dial', 'transfer', 'hangup']);
	expect(telnyx.commands[2].callControlId).toBe(telnyx.commands[0].callControlId);
	await report('call.hangup', 'person', over('normal_clearing', 30));
	expect(await stored()).toMatchObject([{ status: 'missed', duration_seconds: 30, cost_usd: 0.03 }]);
});

test('a step that Telnyx does not take in is asked for again, and done once', async () => {
	await connect();
	await start();
	telnyx.behave({ status: 503 });
	expect(await report('call.answered', 'person')).toEqual({ accepted: false, httpStatus: 503 });
	telnyx.behave({ dropResponse: true });
	expect(await report('call.answered', 'person')).toEqual({ accepted: false, httpStatus: 503 });
	expect(await report('call.answered', 'person')).toMatchObject({ accepted: true, status: 'in_progress' });
	expect(names()).toEqual(['dial', 'transfer']);
});

test('a lead’s number that Telnyx does not call ends the call', async () => {
	await connect();
	await start();
	telnyx.behave({ status: 422, code: '10016' });
	expect(await report('call.answered', 'person')).toMatchObject({ accepted: true });
	expect(names()).toEqual(['dial', 'hangup']);
});

test('a lost answer leaves one call, which the reports find again and go on with', async () => {
	await connect();
	telnyx.behave({ dropResponse: true });
	const lost = await start();
	expect(lost).toMatchObject({ status: 'unknown' });
	expect(await start()).toMatchObject({ started: false });
	await report('call.answered', 'person');
	expect(names()).toEqual(['dial', 'transfer']);
	expect(await stored()).toMatchObject([{ id: lost.callId, status: 'in_progress' }]);
});

test.each([
	[{ status: 429, code: '10011' }, 'VOICE_UNAVAILABLE'],
	[{ status: 401, code: '10009' }, 'VOICE_CREDENTIALS_REFUSED'],
	[{ status: 422, code: '10016' }, 'VOICE_REQUEST_REFUSED'],
])('a refusal %j says what to do', async (behaviour, code) => {
	await connect();
	telnyx.behave(behaviour);
	await expect(start()).rejects.toMatchObject({ code });
	expect(await stored()).toMatchObject([{ status: 'failed', error_code: behaviour.code }]);
});

test('a connection that only reports says what is missing, and a forged answer rings nobody', async () => {
	await connect('');
	await expect(start()).rejects.toMatchObject({ code: 'VOICE_NOT_CONNECTED' });
	await connect();
	await start();
	const other = await startTelnyxStandIn({ apiKey: 'KEY2' });
	const { rawBody, headers } = other.signed({ data: { event_type: 'call.answered', payload: {} } }, NOW);
	await other.close();
	const forged = { provider: 'telnyx' as const, rawBody, headers };
	expect(await receiveCallStatus(database, tenant.id, forged, ports)).toMatchObject({ httpStatus: 401 });
	expect(names()).toEqual(['dial']);
});
