import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import { closeSharedDatabases } from '../../core/database';
import { signBody } from '../../core/meta';
import { AgentReply } from '../../nodes/AgentReply/AgentReply.node';
import { MetaTrigger } from '../../nodes/MetaTrigger/MetaTrigger.node';
import { OutboxSend } from '../../nodes/OutboxSend/OutboxSend.node';
import { QueueClaim } from '../../nodes/QueueClaim/QueueClaim.node';
import { QueueTrigger } from '../../nodes/QueueTrigger/QueueTrigger.node';
import { TenantResolver } from '../../nodes/TenantResolver/TenantResolver.node';
import { startLlmStandIn } from '../../sandbox/standins/llm';
import { createTestDatabase, waitFor, type TestDatabase } from '../support/database';
import { databaseFor, dropDatabase, listen, makeTenant, textBody, wamid, type TestTenant } from '../support/factory';
import { executeContext, triggerContext, webhookContext, type WebhookSetup } from './support/contexts';
import { postgresCredential } from './support/postgres-credential';

let test_: TestDatabase;
let database: ReturnType<typeof databaseFor>;
let tenant: TestTenant;
let llm: Awaited<ReturnType<typeof startLlmStandIn>>;
let graph: Awaited<ReturnType<typeof listen>>;
let sent: string[];
let credentials: Record<string, object>;

beforeAll(async () => {
	test_ = await createTestDatabase();
	database = databaseFor(test_);
	llm = await startLlmStandIn();
	graph = await listen((body) => {
		sent.push((JSON.parse(body) as { text?: { body: string } }).text?.body ?? '');
		return { status: 200, body: { messaging_product: 'whatsapp', contacts: [], messages: [{ id: wamid() }] } };
	});
	credentials = {
		postgres: postgresCredential(test_),
		metaAppApi: { appSecrets: 'secret', verifyToken: 'token', graphBaseUrl: graph.url, graphVersion: 'v25.0' },
		agentFactoryVaultApi: { key: Buffer.alloc(32, 7).toString('base64') },
		anthropicApi: { apiKey: 'scripted', url: llm.url },
	};
});
afterAll(async () => {
	await Promise.all([llm.close(), graph.close()]);
	await closeSharedDatabases();
	await dropDatabase(database, test_);
});
beforeEach(async () => {
	sent = [];
	tenant = await makeTenant(database);
});

type Executable = { description: MetaTrigger['description']; execute: OutboxSend['execute'] };

async function run(
	node: Executable,
	items: IDataObject[],
	parameters: Record<string, unknown> = {},
): Promise<IDataObject[][]> {
	const context = executeContext({ description: node.description, items, parameters, credentials });
	const outputs: INodeExecutionData[][] = await node.execute.call(context);
	return outputs.map((output) => output.map(({ json }) => json));
}

async function receive(body: object, setup: Partial<WebhookSetup> = {}) {
	const node = new MetaTrigger();
	const rawBody = Buffer.from(JSON.stringify(body));
	const headers = { 'x-hub-signature-256': signBody(rawBody, 'secret') };
	const { context, answered } = webhookContext({
		description: node.description,
		name: 'default',
		rawBody,
		headers,
		credentials,
		...setup,
	});
	const result = await node.webhook.call(context);
	return { answered, result, items: result.workflowData?.[0].map(({ json }) => json) ?? [] };
}

test('a signed message becomes a stored event, a claimed turn, a reply and a delivered message', async () => {
	const body = textBody(tenant.phoneNumberId, [{ from: '5511988880001', text: 'Oi, qual o preço do plano?' }]);
	const { answered, result } = await receive(body);
	expect(answered).toMatchObject({ status: 200, body: { ok: true, events: 1, queued: 1 } });
	expect(result).toEqual({ noWebhookResponse: true });

	const [claimed] = await run(new QueueClaim(), [{}], { operation: 'claim', limit: 5 });
	expect(claimed).toMatchObject([{ tenantId: tenant.id, channelAccountId: tenant.channelAccountId, attempts: 1 }]);

	const [resolved] = await run(new TenantResolver(), claimed);
	expect(resolved).toMatchObject([
		{
			turnId: claimed[0].turnId,
			tenant: { id: tenant.id, slug: tenant.slug, status: 'active' },
			agent: { id: tenant.agentId },
		},
	]);

	const [decided, putBack] = await run(new AgentReply(), resolved);
	expect(putBack).toEqual([]);
	expect(decided).toMatchObject([{ turnId: claimed[0].turnId, decision: { action: 'reply' } }]);

	const [queued] = await run(new OutboxSend(), decided, { operation: 'enqueueReply' });
	expect(queued).toMatchObject([{ tenantId: tenant.id, turnId: claimed[0].turnId, waiting: 0 }]);

	const [delivered] = await run(new OutboxSend(), [{}], { operation: 'deliverDue' });
	expect(delivered).toMatchObject([{ tenantId: tenant.id, status: 'sent', error: null }]);
	expect(sent.join(' ')).toContain('R$ 100');
});

test('turns of one execution are answered side by side, and one that fails leaves by the error output', async () => {
	const from = ['5511988880051', '5511988880052', '5511988880053'];
	for (const number of from) await receive(textBody(tenant.phoneNumberId, [{ from: number, text: 'Oi' }]));
	const [claimed] = await run(new QueueClaim(), [{ take: 2 }], { operation: 'claim', limit: 20 });
	expect(claimed).toHaveLength(2);
	const [last] = await run(new QueueClaim(), [{}], { operation: 'claim', limit: 20 });
	const turns = [...claimed, { ...last[0], turnId: undefined as never }];

	const context = executeContext({
		description: new AgentReply().description,
		items: turns,
		credentials,
		continueOnFail: true,
	});
	const [decided, putBack] = await new AgentReply().execute.call(context);
	expect(decided.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 1 }]);
	expect(putBack).toMatchObject([{ pairedItem: { item: 2 }, json: { error: expect.stringContaining('turnId') } }]);

	const items = decided.map(({ json }) => json);
	const [queued] = await run(new OutboxSend(), items, { operation: 'enqueueReply', wakeSender: false });
	expect(queued).toHaveLength(2);
	const [delivered] = await run(new OutboxSend(), [{}], { operation: 'deliverDue' });
	expect(delivered.map(({ status }) => status)).toEqual(['sent', 'sent']);
	await run(new QueueClaim(), last, { operation: 'complete' });
});

test('a turn that another worker has comes out at "Put Back"', async () => {
	await receive(textBody(tenant.phoneNumberId, [{ from: '5511988880002', text: 'Oi' }]));
	const [[turn]] = await run(new QueueClaim(), [{}], { operation: 'claim', limit: 5 });
	await run(new QueueClaim(), [turn], { operation: 'complete' });
	const [decided, putBack] = await run(new AgentReply(), [turn]);
	expect(decided).toEqual([]);
	expect(putBack).toMatchObject([{ turnId: turn.turnId, reason: 'LEASE_LOST' }]);
});

test('a turn is put back with a reason, and a completed one is gone from the queue', async () => {
	await receive(textBody(tenant.phoneNumberId, [{ from: '5511988880003', text: 'Oi' }]));
	const [[turn]] = await run(new QueueClaim(), [{}], { operation: 'claim', limit: 5 });
	const [[retried]] = await run(new QueueClaim(), [turn], {
		operation: 'retry',
		delaySeconds: 0,
		countsAsAttempt: false,
	});
	expect(retried).toMatchObject({ turnId: turn.turnId, reason: 'put back by the workflow' });
	const [[again]] = await run(new QueueClaim(), [{}], { operation: 'claim', limit: 5 });
	expect(again).toMatchObject({ turnId: turn.turnId, attempts: 1 });
	const [[done]] = await run(new QueueClaim(), [again], { operation: 'complete' });
	expect(done).toMatchObject({ turnId: turn.turnId, outboxIds: [] });
	expect(await run(new QueueClaim(), [{}], { operation: 'claim', limit: 5 })).toEqual([[]]);
});

test('turns of several items end at once, each with its own answer or error', async () => {
	const from = ['5511988880011', '5511988880012', '5511988880013'];
	for (const person of from) await receive(textBody(tenant.phoneNumberId, [{ from: person, text: 'Oi' }]));
	const [turns] = await run(new QueueClaim(), [{}], { operation: 'claim', limit: 5 });
	await run(new QueueClaim(), [turns[1]], { operation: 'complete' });
	const node = new QueueClaim();
	const context = executeContext({
		description: node.description,
		items: [turns[0], turns[1], { tenantId: tenant.id }, turns[2]],
		parameters: { operation: 'complete' },
		credentials,
		continueOnFail: true,
	});
	const [answers] = await node.execute.call(context);
	expect(answers.map(({ json, pairedItem }) => [pairedItem, json.turnId ?? json.error])).toEqual([
		[{ item: 0 }, turns[0].turnId],
		[{ item: 1 }, expect.stringContaining('no longer leased')],
		[{ item: 2 }, expect.stringContaining('conversationId')],
		[{ item: 3 }, turns[2].turnId],
	]);
});

test('a decision that is none is refused before anything is written', async () => {
	await receive(textBody(tenant.phoneNumberId, [{ from: '5511988880004', text: 'Oi' }]));
	const [[turn]] = await run(new QueueClaim(), [{}], { operation: 'claim', limit: 5 });
	await expect(run(new OutboxSend(), [turn], { operation: 'enqueueReply' })).rejects.toMatchObject({
		message: expect.stringContaining('"decision"'),
		context: { itemIndex: 0 },
	});
	await run(new QueueClaim(), [turn], { operation: 'complete' });
});

test('the workflow starts for chosen kinds only, once an event, and not for what came twice', async () => {
	const body = textBody(tenant.phoneNumberId, [
		{ from: '5511988880005', text: 'um' },
		{ from: '5511988880006', text: 'dois' },
	]);
	expect((await receive(body, { parameters: { startWorkflowFor: ['status'] } })).items).toEqual([]);
	expect((await receive(body, { parameters: { startWorkflowFor: ['message'] } })).items).toEqual([]);

	const other = textBody(tenant.phoneNumberId, [{ from: '5511988880005', text: 'três' }]);
	const { items, result } = await receive(other, { parameters: { startWorkflowFor: ['message'] } });
	expect(result.noWebhookResponse).toBe(true);
	expect(items).toMatchObject([{ kind: 'message', outcome: 'queued', tenantId: tenant.id, message: { text: 'três' } }]);
});

test('"listen for test event" stores too and always shows what came', async () => {
	const body = textBody(tenant.phoneNumberId, [{ from: '5511988880007', text: 'teste' }]);
	expect((await receive(body, { mode: 'manual' })).items).toMatchObject([{ kind: 'message', outcome: 'queued' }]);
	expect((await receive(body, { mode: 'manual' })).items).toMatchObject([{ kind: 'message', outcome: 'duplicate' }]);
	expect((await receive({ object: 'page', entry: [] }, { mode: 'manual' })).items).toMatchObject([
		{ kind: 'unknown', outcome: 'ignored' },
	]);
});

test.each([
	['slug', () => ({ by: 'slug', slug: tenant.slug })],
	['channel account', () => ({ by: 'channelAccount', channel: 'whatsapp', externalId: tenant.phoneNumberId })],
	['the id in the item', () => ({ by: 'tenantId' })],
])('a tenant is found by %s', async (_, parameters) => {
	const [[item]] = await run(new TenantResolver(), [{ tenantId: tenant.id, kept: 1 }], parameters());
	expect(item).toMatchObject({
		kept: 1,
		tenantId: tenant.id,
		tenant: { slug: tenant.slug },
		agentVersion: { version: 'v1.0.0' },
	});
});

test('a paused tenant passes with its status, or is an error where that was asked for', async () => {
	await test_.admin.query(`update agent_factory.tenants set status = 'paused' where id = $1`, [tenant.id]);
	const [[item]] = await run(new TenantResolver(), [{ tenantId: tenant.id }]);
	expect(item).toMatchObject({ tenant: { status: 'paused' } });
	await expect(
		run(new TenantResolver(), [{ tenantId: tenant.id }], { options: { stopWhenNotActive: true } }),
	).rejects.toMatchObject({
		message: expect.stringContaining(`"${tenant.slug}" is paused`),
		context: { code: 'TENANT_NOT_ACTIVE', itemIndex: 0 },
	});
});

test('a message of a person goes out once, however often its key comes', async () => {
	const body = textBody(tenant.phoneNumberId, [{ from: '5511988880008', text: 'Oi' }]);
	const { items } = await receive(body, { mode: 'manual' });
	const parameters = { operation: 'sendMessage', text: 'Já te respondo!', idempotencyKey: 'k-1' };
	const item = { tenantId: tenant.id, conversationId: items[0].conversationId };
	const [[first]] = await run(new OutboxSend(), [item], parameters);
	const [[second]] = await run(new OutboxSend(), [item], parameters);
	expect(second.outboxIds).toEqual(first.outboxIds);
	await run(new OutboxSend(), [{}], { operation: 'deliverDue' });
	expect(sent).toEqual(['Já te respondo!']);
});

test('the trigger starts an execution when a turn comes, waits for it, and closes without a trace', async () => {
	const node = new QueueTrigger();
	const { context, emitted, log } = triggerContext({ description: node.description, credentials });
	const { closeFunction } = await node.trigger.call(context);
	await receive(textBody(tenant.phoneNumberId, [{ from: '5511988880009', text: 'Oi' }]));
	await waitFor(() => emitted.length > 0, { what: 'an execution' });
	expect(emitted[0].items).toMatchObject([{ json: { work: 'turns' } }]);
	await run(new QueueClaim(), [{}], { operation: 'claim', limit: 50 });
	emitted.forEach(({ done }) => done?.resolve({ status: 'success' }));
	await closeFunction!();
	expect(log.filter(({ level }) => level === 'error')).toEqual([]);
});

test('a test run of the trigger gives one item, due or not', async () => {
	const node = new QueueTrigger();
	const { context, emitted } = triggerContext({
		description: node.description,
		mode: 'manual',
		parameters: { work: 'outbox' },
		credentials,
	});
	const { manualTriggerFunction, closeFunction } = await node.trigger.call(context);
	expect(emitted).toEqual([]);
	await manualTriggerFunction!();
	await closeFunction!();
	expect(emitted).toMatchObject([{ items: [{ json: { work: 'outbox', due: 0 } }], done: null }]);
});

test('a schema that is missing stops the trigger with what to do', async () => {
	const node = new QueueTrigger();
	const { context } = triggerContext({
		description: node.description,
		parameters: { options: { schema: 'nowhere' } },
		credentials,
	});
	await expect(node.trigger.call(context)).rejects.toMatchObject({
		message: expect.stringContaining('"nowhere"'),
		description: expect.stringContaining('00-setup'),
		context: { code: 'SCHEMA_MISSING' },
	});
});
