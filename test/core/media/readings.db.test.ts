import type { Database } from '../../../core/database';
import { claimTurns, loadTurn, type ClaimedTurn } from '../../../core/conversations';
import { runMaintenance } from '../../../core/maintenance';
import { inTenant } from '../../../core/tenancy';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { databaseFor, dropDatabase, makeTenant, type TestTenant } from '../../support/factory';
import { receiveMedia } from './support';

let test_: TestDatabase;
let database: Database;
let tenant: TestTenant;

beforeAll(async () => {
	test_ = await createTestDatabase();
	database = databaseFor(test_);
});
beforeEach(async () => {
	tenant = await makeTenant(database);
});
afterAll(async () => await dropDatabase(database, test_));

const READ = {
	kind: 'audio',
	status: 'read',
	text: 'quero saber o preço',
	mimeType: 'audio/ogg',
	bytes: 12,
	sha256: 'a'.repeat(64),
	model: 'm',
	usage: [{ provider: 'openai', model: 'm', inputTokens: 7, outputTokens: 3, costUsd: 0.01, outcome: 'ok' }],
};

const toRead = async (turn: ClaimedTurn) =>
	await inTenant(database, turn.tenantId, (db) =>
		db.all<{ message_id: number; kind: string }>('select * from load_turns_media($1, $2, 5)', [
			turn.tenantId,
			[turn.turnId],
		]),
	);

const save = async (
	turn: ClaimedTurn,
	messageId: number,
	body = '[áudio] quero saber o preço',
	reading: object = READ,
) =>
	await inTenant(database, turn.tenantId, (db) =>
		db.one<{ saved: boolean }>('select save_media_reading($1, $2, $3, null, $4, $5) as saved', [
			turn.tenantId,
			messageId,
			turn.turnId,
			JSON.stringify(reading),
			body,
		]),
	);

async function claim(): Promise<ClaimedTurn> {
	const turns = await claimTurns(database, { workerId: 'test', limit: 50 });
	return turns.find(({ tenantId }) => tenantId === tenant.id)!;
}

test('a media message of a turn is read once: what was read stands where the words of the customer stand', async () => {
	await receiveMedia(database, tenant, { type: 'audio', media: { id: '1', mime_type: 'audio/ogg' } });
	const turn = await claim();
	const [found] = await toRead(turn);
	expect(found).toMatchObject({ kind: 'audio', channel_kind: 'whatsapp', language: 'pt-BR', beyond: false });
	expect(await save(turn, found.message_id)).toEqual({ saved: true });
	expect(await save(turn, found.message_id, 'something else')).toEqual({ saved: false });
	expect(await toRead(turn)).toEqual([]);
	const loaded = await loadTurn(database, turn);
	expect(loaded?.context.incoming).toMatchObject([{ text: '[áudio] quero saber o preço', reading: 'read' }]);
	const usage = await test_.admin.query(
		`select purpose, input_tokens, turn_id::int from agent_factory.llm_usage where tenant_id = $1`,
		[tenant.id],
	);
	// Both calls were paid for.
	expect(usage.rows).toEqual([
		{ purpose: 'media', input_tokens: 7, turn_id: turn.turnId },
		{ purpose: 'media', input_tokens: 7, turn_id: turn.turnId },
	]);
});

test('what was read ends with the text of the message, by retention and when it is taken back', async () => {
	await test_.admin.query('update agent_factory.tenants set message_retention_days = 7 where id = $1', [tenant.id]);
	const old = await receiveMedia(database, tenant, { type: 'audio', media: { id: '1' } });
	const turn = await claim();
	const [found] = await toRead(turn);
	await save(turn, found.message_id);
	await test_.admin.query(
		`update agent_factory.messages set created_at = now() - interval '8 days' where provider_message_id = $1`,
		[old],
	);
	await runMaintenance(database);
	const { rows } = await test_.admin.query(
		`select m.body, m.payload, r.text, r.status, r.model from agent_factory.media_readings r
			join agent_factory.messages m on m.tenant_id = r.tenant_id and m.id = r.message_id where r.tenant_id = $1`,
		[tenant.id],
	);
	expect(rows).toEqual([{ body: '', payload: {}, text: null, status: 'read', model: 'm' }]);
});

test('a message that was taken back while it was read stays empty', async () => {
	const id = await receiveMedia(database, tenant, { type: 'image', media: { id: '2' } });
	const turn = await claim();
	const [found] = await toRead(turn);
	await test_.admin.query(
		`update agent_factory.messages set body = '', payload = '{}', revoked_at = now() where provider_message_id = $1`,
		[id],
	);
	expect(await save(turn, found.message_id)).toEqual({ saved: false });
	const { rows } = await test_.admin.query(
		`select body, (select count(*)::int from agent_factory.media_readings r where r.tenant_id = m.tenant_id) as readings from agent_factory.messages m where tenant_id = $1`,
		[tenant.id],
	);
	expect(rows).toEqual([{ body: '', readings: 0 }]);
});

test('a failure says why and holds no text', async () => {
	await receiveMedia(database, tenant, { type: 'document', media: { id: '3', filename: 'a.pdf' } });
	const turn = await claim();
	const [found] = await toRead(turn);
	await expect(save(turn, found.message_id, 'x', { kind: 'document', status: 'failed' })).rejects.toThrow();
	await expect(
		save(turn, found.message_id, 'x', { kind: 'document', status: 'failed', errorCode: 'A', text: 'b' }),
	).rejects.toThrow();
	expect(
		await save(turn, found.message_id, '[documento que não consegui ler]', {
			kind: 'document',
			status: 'failed',
			errorCode: 'MEDIA_GONE',
		}),
	).toEqual({ saved: true });
	expect((await loadTurn(database, turn))?.context.incoming).toMatchObject([{ reading: 'failed' }]);
});
