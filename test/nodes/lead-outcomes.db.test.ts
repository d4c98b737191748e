import type { IDataObject } from 'n8n-workflow';
import { closeSharedDatabases } from '../../core/database';
import { signWebhook } from '../../core/notifications';
import { AgentFactory } from '../../nodes/AgentFactory/AgentFactory.node';
import { LeadOutcomes } from '../../nodes/LeadOutcomes/LeadOutcomes.node';
import { saveLead, type SavedLead } from '../core/leads/lead-story';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { databaseFor, dropDatabase, listen, makeTenant, type TestTenant } from '../support/factory';
import { postgresCredential, runNode, vaultCredential } from './agent-factory-runs';
import { executeContext } from './support/contexts';

let test_: TestDatabase;
let database: ReturnType<typeof databaseFor>;
let tenant: TestTenant;
let lead: SavedLead;

beforeAll(async () => {
	test_ = await createTestDatabase();
	database = databaseFor(test_);
	tenant = await makeTenant(database);
});
beforeEach(async () => void (lead = await saveLead(database, tenant.id)));
afterAll(async () => {
	await closeSharedDatabases();
	await dropDatabase(database, test_);
});

const credentials = () => ({
	postgres: postgresCredential(test_.connectionString),
	agentFactoryVaultApi: vaultCredential,
});
const run = async (operation: string, parameters: IDataObject = {}): Promise<any[]> =>
	(
		await runNode(new LeadOutcomes(), {
			parameters: { operation, tenant: tenant.id, leadId: lead.leadId, ...parameters },
			credentials: credentials(),
		})
	).map(({ json }) => json);

test('a verdict is recorded in the name of the workflow, and listed', async () => {
	const [recorded] = await run('record', { kind: 'bom' });
	expect(recorded).toMatchObject({ kind: 'bom', tier: 1, created: true, leadId: lead.leadId });
	expect(await run('list')).toMatchObject([{ kind: 'bom', actor: 'n8n:wf1', leadId: lead.leadId }]);
	const [moved] = await run('record', {
		newStage: 'Proposta',
		additionalFields: { actor: 'Rui', idempotencyKey: 'deal 7' },
	});
	expect(moved).toMatchObject({ kind: 'opportunity', stage: 'proposal' });
	await expect(run('record')).rejects.toMatchObject({ context: { code: 'OUTCOME_INVALID' } });
});

describe('the page of a verdict link', () => {
	const linkOf = async (days = 7) => {
		const [{ links }] = await run('createVerdictLinks', {
			pageUrl: 'https://n8n.example.com/webhook/v',
			actor: 'Rui',
			days,
		});
		return new URL(links.ruim).searchParams.get('token')!;
	};

	test('opening shows a button and records nothing; pressing it records once', async () => {
		const token = await linkOf();
		const [page] = await run('openVerdictLink', { token });
		expect(page).toMatchObject({ httpStatus: 200, recorded: false, verdict: 'ruim' });
		expect(page.html).toContain('<form method="post">');
		expect(await run('list')).toEqual([]);
		for (const created of [true, false]) {
			const [answer] = await run('receiveVerdict', { token, language: 'en' });
			expect(answer).toMatchObject({ httpStatus: 200, recorded: true, created });
			expect(answer.html).toContain('Thank you');
		}
		expect(await run('list')).toMatchObject([{ kind: 'ruim', actor: 'Rui' }]);
	});

	test.each(['', 'v1.made.up', '<script>alert(1)</script>'])(
		'"%s" is answered with a page that says why',
		async (token) => {
			const [answer] = await run('receiveVerdict', { token });
			expect(answer).toMatchObject({ httpStatus: 404, recorded: false });
			expect(answer.html).not.toContain('<script>');
		},
	);
});

describe("the CRM's webhook", () => {
	const receive = async (body: string, headers: Record<string, string>, slug = tenant.slug): Promise<any> => {
		const node = new LeadOutcomes();
		const context = executeContext({
			description: node.description,
			items: [{ headers }],
			parameters: { operation: 'receive', tenant: { mode: 'slug', value: slug } },
			credentials: credentials(),
		});
		const [item] = context.getInputData();
		item.binary = { data: { data: Buffer.from(body).toString('base64'), mimeType: 'application/json' } };
		Object.assign(context, { helpers: { getBinaryDataBuffer: async () => Buffer.from(body) } });
		const [items] = await node.execute.call(context);
		return items[0].json;
	};

	test('is accepted when signed, refused with a status of its own when not', async () => {
		const [{ secret }] = await run('createWebhookSecret', { secretName: 'crm' });
		const body = JSON.stringify({ data: { leadId: lead.leadId, stage: 'Fechado' } });
		const headers = { ...signWebhook([secret], 'evt_9', Date.now(), Buffer.from(body)) };
		expect(await receive(body, headers)).toMatchObject({
			httpStatus: 200,
			accepted: true,
			kind: 'client',
			stage: 'closed',
		});
		expect(await receive(`${body} `, headers)).toMatchObject({
			httpStatus: 401,
			accepted: false,
			code: 'WEBHOOK_REFUSED',
		});
		expect(await receive(body, headers, 'nobody')).toMatchObject({ httpStatus: 404, code: 'TENANT_NOT_FOUND' });
	});

	test('without the raw body is told what to switch on', async () => {
		await expect(run('receive')).rejects.toMatchObject({ description: expect.stringContaining('Raw Body') });
	});
});

test('a training that has too little says so, and a score without history too', async () => {
	const [trained] = await run('trainScorer');
	expect(trained).toMatchObject({ active: false, beatsRules: false, reason: 'too_few_labels' });
	expect(await run('scoreMeaning', { score: '80' })).toMatchObject([{ score: 80, share: null }]);
	expect(await run('scoreMeaning')).toHaveLength(10);
	await expect(run('scoreMeaning', { score: 'high' })).rejects.toMatchObject({ context: { code: 'VALUE_REFUSED' } });
});

test('a HOT lead reaches the endpoint that a tenant asked for', async () => {
	const bodies: any[] = [];
	const server = await listen((body) => {
		bodies.push(JSON.parse(body));
		return { status: 200, body: {} };
	});
	const notification = async (operation: string, parameters: IDataObject = {}): Promise<any[]> =>
		(
			await runNode(new AgentFactory(), {
				parameters: { resource: 'notification', operation, tenant: tenant.id, ...parameters },
				credentials: credentials(),
			})
		).map(({ json }) => json);
	try {
		await expect(notification('createEndpoint', { url: server.url })).rejects.toMatchObject({
			context: { code: 'ENDPOINT_REFUSED' },
		});
		const [endpoint] = await notification('createEndpoint', { url: server.url, allowLocal: true });
		expect(endpoint.secret).toMatch(/^whsec_/);
		const hot = await saveLead(database, tenant.id, { classification: 'LEAD_HOT' });
		expect(await notification('getEndpoints')).toMatchObject([{ id: endpoint.id, waiting: 1, disabledAt: null }]);
		expect(await notification('deliver', { allowLocal: true })).toMatchObject([{ status: 'delivered' }]);
		expect(bodies).toMatchObject([{ type: 'lead.hot', data: { leadId: hot.leadId } }]);
		expect(await notification('enableEndpoint', { endpointId: endpoint.id })).toEqual([
			{ id: endpoint.id, enabled: false },
		]);
	} finally {
		await server.close();
	}
});
