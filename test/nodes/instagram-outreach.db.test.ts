import type { IDataObject } from 'n8n-workflow';
import { closeSharedDatabases, type Database } from '../../core/database';
import { AgentFactory } from '../../nodes/AgentFactory/AgentFactory.node';
import { OutboxSend } from '../../nodes/OutboxSend/OutboxSend.node';
import { Campaign } from '../core/leads/outreach/support';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { databaseFor, dropDatabase } from '../support/factory';
import { commentBody } from '../support/instagram';
import { postgresCredential, runNode } from './agent-factory-runs';

let test_: TestDatabase;
let database: Database;
let campaign: Campaign;

beforeAll(async () => {
	test_ = await createTestDatabase();
	database = databaseFor(test_);
	campaign = await Campaign.begin(test_, database);
});
afterAll(async () => {
	await closeSharedDatabases();
	await dropDatabase(database, test_);
});

const run = async (
	operation: string,
	parameters: IDataObject = {},
	items: IDataObject[] = [{}],
): Promise<IDataObject[]> =>
	(
		await runNode(new AgentFactory(), {
			items,
			parameters: { resource: 'instagramOutreach', operation, tenant: campaign.tenant.id, ...parameters },
			credentials: { postgres: postgresCredential(test_.connectionString) },
		})
	).map(({ json }) => json);

test('rows go in as items, and each comes out with what became of it', async () => {
	const rows = [{ username: '@Ana', nome: 'Ana' }, { username: 'ana lima' }, { usuario: 'leo' }];
	const imported = await run('importLeads', { source: 'csv', tags: 'Black-Friday' }, rows);
	expect(imported).toMatchObject([
		{ tenantId: campaign.tenant.id, line: 2, username: 'ana', outcome: 'created', reasons: [] },
		{ line: 3, outcome: 'refused', reasons: [expect.stringContaining('username')] },
		{ line: 4, username: 'leo', outcome: 'created' },
	]);
	expect(await run('getLeads', { search: '', tags: 'black-friday', limit: 50 })).toMatchObject([
		{ username: 'leo', source: 'csv', tags: ['black-friday'] },
		{ username: 'ana', fullName: 'Ana' },
	]);
});

test('a run is started, sends a batch, tells where it stands and is stopped', async () => {
	await campaign.wrote('ana', 5);
	const settings = { tags: 'black-friday', quietFrom: '00:00', quietTo: '00:00' };
	const start = { campaign: 'bf', templateNames: 'convite', channelAccount: '', additionalFields: settings };
	const [started] = await run('startRun', start);
	expect(started).toMatchObject({ tenantId: campaign.tenant.id, total: 2, pending: 2, status: 'running' });
	expect(await run('sendNextBatch', { runId: 0, limit: 50 })).toMatchObject([
		{ runId: started.runId, queued: 1, skipped: 1 },
	]);
	expect(await run('getRun', { runId: started.runId })).toMatchObject([
		{ pending: 1, skippedBecause: { unknown_contact: 1 } },
	]);
	expect(await run('stopRun', { runId: started.runId })).toMatchObject([{ status: 'failed', pending: 0 }]);
	expect(await run('sendNextBatch', { runId: 0, limit: 50 })).toEqual([]);
});

test('a run id that is none is refused with the field', async () => {
	await expect(run('getRun', { runId: 0 })).rejects.toMatchObject({
		context: { code: 'VALUE_REFUSED', item: 'runId' },
	});
	await expect(run('sendNextBatch', { runId: -1, limit: 1 })).rejects.toMatchObject({ context: { item: 'runId' } });
});

test('a comment that Meta Trigger shows is answered in private', async () => {
	const id = '17877000000000777';
	await campaign.post(commentBody(campaign.tenant.instagramId, { id, from: { id: '99', username: 'leo' } }));
	const [item] = await runNode(new OutboxSend(), {
		items: [{ tenantId: campaign.tenant.id, providerId: id }],
		parameters: {
			operation: 'sendPrivateReply',
			tenant: campaign.tenant.id,
			commentId: id,
			text: 'Oi!',
			author: 'system',
		},
		credentials: { postgres: postgresCredential(test_.connectionString) },
	});
	expect(item.json).toMatchObject({
		tenantId: campaign.tenant.id,
		commentId: id,
		outboxId: expect.any(String),
		conversationId: expect.any(String),
	});
});
