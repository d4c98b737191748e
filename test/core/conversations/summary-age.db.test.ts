import { loadTurn } from '../../../core/conversations';
import type { Database } from '../../../core/database';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { databaseFor, dropDatabase, makeTenant, textBody, type TestTenant } from '../../support/factory';
import { claimOf, person, receive } from '../leads/turns';

let test_: TestDatabase;
let database: Database;
let tenant: TestTenant;

beforeAll(async () => {
	test_ = await createTestDatabase();
	database = databaseFor(test_);
	tenant = await makeTenant(database);
});
afterAll(async () => await dropDatabase(database, test_));

test('a turn knows how many messages came after the summary, without its own', async () => {
	const from = person();
	const write = async (...texts: string[]): Promise<void> => {
		for (const text of texts) await receive(database, textBody(tenant.phoneNumberId, [{ from, text }]));
	};
	const summarise = async (summary: string | null) =>
		await test_.admin.query('update agent_factory.conversations set summary = $2 where tenant_id = $1', [
			tenant.id,
			summary,
		]);
	const ofTurn = async () => {
		const [turn] = await claimOf(database, tenant);
		const loaded = await loadTurn(database, turn);
		await test_.admin.query(
			`update agent_factory.message_queue set status = 'completed', finished_at = now(), locked_at = null where tenant_id = $1`,
			[tenant.id],
		);
		await test_.admin.query('delete from agent_factory.conversation_locks where tenant_id = $1', [tenant.id]);
		return loaded!.context.conversation;
	};
	await write('oi');
	expect(await ofTurn()).toMatchObject({ summary: null, messagesSinceSummary: null });
	await summarise('Disse oi.');
	await write('quero saber o preço', 'do plano grande');
	expect(await ofTurn()).toMatchObject({ summary: 'Disse oi.', messagesSinceSummary: 0 });
	await summarise('Disse oi.');
	await write('e o pequeno?');
	expect(await ofTurn()).toMatchObject({ messagesSinceSummary: 2 });
	await summarise('Pergunta preços.');
	await write('?');
	expect(await ofTurn()).toMatchObject({ summary: 'Pergunta preços.', messagesSinceSummary: 0 });
});
