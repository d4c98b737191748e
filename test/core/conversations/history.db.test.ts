import {
	claimTurns,
	completeTurn,
	loadTurn,
	type ClaimedTurn,
	type SettledDecision,
} from '../../../core/conversations';
import type { Database } from '../../../core/database';
import { ingest } from '../../../core/ingest';
import { signBody } from '../../../core/meta';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { databaseFor, dropDatabase, makeTenant, textBody, wamid, type TestTenant } from '../../support/factory';

let test_: TestDatabase;
let database: Database;
let tenant: TestTenant;

beforeAll(async () => {
	test_ = await createTestDatabase();
	database = databaseFor(test_);
});
afterAll(async () => await dropDatabase(database, test_));
beforeEach(async () => {
	tenant = await makeTenant(database);
});

const write = async (text: string): Promise<void> => {
	const body = textBody(tenant.phoneNumberId, [{ from: '5511944440001', text, id: wamid() }]);
	const rawBody = Buffer.from(JSON.stringify(body));
	await ingest(database, { rawBody, signature: signBody(rawBody, 's'), secrets: ['s'] });
};
const claim = async (): Promise<ClaimedTurn> =>
	(await claimTurns(database, { workerId: 'w', limit: 50 })).find(({ tenantId }) => tenantId === tenant.id)!;
const answer = async (turn: ClaimedTurn, text: string): Promise<unknown> =>
	await completeTurn(database, turn, {
		...{ action: 'reply', messages: [text], handoffReason: null, deferUntil: null, optOut: false, checks: [] },
		...{ usage: [], agentVersionId: null, systemPromptId: null, personaId: null },
	} satisfies SettledDecision);
/** What the turn sees, oldest first; what it is to answer stands last. */
const sees = async (turn: ClaimedTurn): Promise<string[]> => {
	const { history, incoming } = (await loadTurn(database, turn))!.context;
	return [...history.map(({ text }) => text), '|', ...incoming.map(({ text }) => text)];
};

test('a message that comes in while a turn is under way is left to the next turn', async () => {
	await write('um');
	const first = await claim();
	await write('dois');
	expect(await sees(first)).toEqual(['|', 'um']);
	await answer(first, 'sobre um');
	expect(await sees(await claim())).toEqual(['um', 'sobre um', '|', 'dois']);
});

test('a reply stands behind what it answers, so that the question of a withdrawn reply stands open', async () => {
	await write('um');
	const first = await claim();
	await write('dois');
	await answer(first, 'sobre um');
	const second = await claim();
	await answer(second, 'sobre dois');
	await write('tres');
	await test_.admin.query(`update agent_factory.messages set status = 'superseded' where body = 'sobre dois'`);
	expect(await sees(await claim())).toEqual(['um', 'sobre um', 'dois', '|', 'tres']);
});
