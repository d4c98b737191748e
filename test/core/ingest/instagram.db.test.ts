import { claimTurns, loadTurn } from '../../../core/conversations';
import type { Database } from '../../../core/database';
import { ingest } from '../../../core/ingest';
import { signBody } from '../../../core/meta';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { databaseFor, dropDatabase } from '../../support/factory';
import { makeInstagramTenant, messagingBody, mid, type InstagramTenant } from '../../support/instagram';

const ANA = { id: '9902220003330001' };

let test_: TestDatabase;
let database: Database;
let tenant: InstagramTenant;

beforeAll(async () => {
	test_ = await createTestDatabase();
	database = databaseFor(test_);
});
afterAll(async () => await dropDatabase(database, test_));
beforeEach(async () => {
	tenant = await makeInstagramTenant(database);
});

async function post(event: Record<string, unknown>, at?: Date): Promise<void> {
	const rawBody = Buffer.from(JSON.stringify(messagingBody(tenant.instagramId, ANA, event, at)));
	const { error } = await ingest(database, { rawBody, signature: signBody(rawBody, 'secret'), secrets: ['secret'] });
	if (error) throw error;
}
const rows = async (sql: string) => (await test_.admin.query(sql, [tenant.id])).rows;
const messages = async () => await rows('select * from agent_factory.messages where tenant_id = $1 order by id');
const window = async () =>
	(await rows('select last_customer_message_at as at from agent_factory.conversations where tenant_id = $1'))[0]?.at;
/** What the agent is asked to answer, a list of texts a turn. */
async function turns(): Promise<Array<Array<{ text: string; type: string }>>> {
	const claimed = (await claimTurns(database, { workerId: 'w', limit: 50 })).filter(
		({ tenantId }) => tenantId === tenant.id,
	);
	const loaded = await Promise.all(claimed.map(async (turn) => await loadTurn(database, turn)));
	return loaded.map((turn) => turn!.context.incoming.map(({ text, type }) => ({ text, type })));
}

test.each([
	['a text', { message: { mid: mid(), text: 'Oi' } }, { text: 'Oi', type: 'text' }],
	[
		'a reply to a story',
		{ message: { mid: mid(), text: 'Tem azul?', reply_to: { story: { id: '179', url: 'https://cdn.example/s' } } } },
		{ text: 'Tem azul?', type: 'story_reply' },
	],
	[
		'a mention in a story',
		{ message: { mid: mid(), attachments: [{ type: 'story_mention', payload: { url: 'https://cdn.example/s' } }] } },
		{ text: '[story_mention]', type: 'story_mention' },
	],
	[
		'a quick reply',
		{ message: { mid: mid(), text: 'Segunda', quick_reply: { payload: 'SEG' } } },
		{ text: 'Segunda', type: 'quick_reply' },
	],
	[
		'a tapped ice breaker',
		{ postback: { mid: mid(), title: 'Preços', payload: 'PRECOS' } },
		{ text: 'Preços', type: 'postback' },
	],
])('%s is a turn and opens the window', async (_, event, expected) => {
	await post(event);
	expect(await turns()).toEqual([[expected]]);
	expect(await window()).toBeInstanceOf(Date);
});

test('a reaction is filed, asks for no answer and opens no window', async () => {
	await post({ reaction: { mid: mid(), action: 'react', reaction: 'love', emoji: '❤️' } });
	expect(await messages()).toMatchObject([{ kind: 'reaction', body: '❤️', direction: 'inbound' }]);
	expect(await turns()).toEqual([]);
	expect(await window()).toBeNull();
});

test('a person who writes from the app has the conversation', async () => {
	await post({ message: { mid: mid(), text: 'Oi' } });
	const rawBody = Buffer.from(
		JSON.stringify(
			messagingBody(
				tenant.instagramId,
				{ id: tenant.instagramId },
				{
					recipient: ANA,
					message: { mid: mid(), text: 'Aqui é a dona', is_echo: true },
				},
			),
		),
	);
	await ingest(database, { rawBody, signature: signBody(rawBody, 'secret'), secrets: ['secret'] });
	await post({ message: { mid: mid(), text: 'Oi de novo' } });
	expect(await rows('select status, handoff_reason from agent_factory.conversations where tenant_id = $1')).toEqual([
		{ status: 'handoff', handoff_reason: 'human_takeover' },
	]);
});

describe('a message that is taken back', () => {
	const events = async () =>
		await rows(
			`select kind, payload::text as payload from agent_factory.webhook_events where tenant_id = $1 order by id`,
		);

	test('loses its text everywhere and is answered no more', async () => {
		const id = mid();
		await post({ message: { mid: id, text: 'meu cpf é segredo' } });
		await post({ message_edit: { mid: id, text: 'meu cpf era segredo', num_edit: 1 } });
		await post({ message: { mid: id, is_deleted: true } });
		expect(await messages()).toMatchObject([{ body: '', payload: {}, revoked_at: expect.any(Date) }]);
		expect(await turns()).toEqual([]);
		expect((await events()).filter(({ payload }) => payload.includes('segredo'))).toEqual([]);
	});

	test('leaves the rest of its burst to be answered', async () => {
		const id = mid();
		await post({ message: { mid: id, text: 'mensagem errada' } });
		await post({ message: { mid: mid(), text: 'Qual o preço?' } });
		await post({ message: { mid: id, is_deleted: true } });
		expect(await turns()).toEqual([[{ text: 'Qual o preço?', type: 'text' }]]);
	});

	test('is empty in a turn that was leased before', async () => {
		const id = mid();
		await post({ message: { mid: id, text: 'mensagem errada' } });
		const [turn] = (await claimTurns(database, { workerId: 'w', limit: 50 })).filter(
			({ tenantId }) => tenantId === tenant.id,
		);
		await post({ message: { mid: id, is_deleted: true } });
		expect((await loadTurn(database, turn))!.context.incoming.map(({ text }) => text)).toEqual(['']);
	});

	test('is neither filed nor answered when it comes after its deletion', async () => {
		const id = mid();
		await post({ message: { mid: id, is_deleted: true } });
		await post({ message: { mid: id, text: 'chegou tarde' } });
		expect(await messages()).toMatchObject([{ body: '', revoked_at: expect.any(Date) }]);
		expect(await turns()).toEqual([]);
	});
});
