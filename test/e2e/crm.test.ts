import { randomBytes } from 'node:crypto';
import type { Pool } from 'pg';
import { compileAgent, saveVersion } from '../../core/agents';
import { openDatabase, type Database } from '../../core/database';
import { startPipedriveStandIn, type PipedriveStandIn } from '../../sandbox/standins/pipedrive';
import { saveLead } from '../core/leads/lead-story';
import { waitFor } from '../support/database';
import { textBody } from '../support/factory';
import { byId, operate, operateAll } from './support/operate';
import { openFactory, post, state } from './support/running';

let pool: Pool;
let database: Database;
let tenant: { id: string; agentId: string; phoneNumberId: string };
let crm: PipedriveStandIn;
let connected: { id: string; webhookKey: string; stages: unknown[] };

/** Two runs of a schedule of one minute, and the wait between two tries. */
const SCHEDULE_MS = 200_000;

const connector = async (name: string, operation: string, parameters: object = {}): Promise<any[]> =>
	await operateAll(name, { type: 'crmConnector', parameters: { operation, tenant: byId(tenant.id), ...parameters } });

/** A new version of the tenant's agent that may make deals. */
async function giveTool(): Promise<void> {
	const { rows } = await pool.query<{ spec: any }>(
		'select spec from agent_factory.agent_versions where agent_id = $1 and is_active',
		[tenant.agentId],
	);
	const limits = { ...rows[0].spec.limits, debounceSeconds: 0, debounceMaxSeconds: 0 };
	const bundle = compileAgent({
		spec: { ...rows[0].spec, plugins: { crm: { enabled: true } }, limits },
		canary: `cnry-${randomBytes(12).toString('hex')}`,
	});
	await saveVersion(database, tenant.id, tenant.agentId, bundle, { activate: true });
}

beforeAll(async () => {
	pool = openFactory();
	database = openDatabase({ connectionString: state().database.url });
	[tenant] = (
		await pool.query(`select t.id, a.id as "agentId", ca.external_id as "phoneNumberId" from agent_factory.tenants t
			join agent_factory.channel_accounts ca on ca.tenant_id = t.id and ca.kind = 'whatsapp' and ca.status = 'active'
			join agent_factory.agents a on a.tenant_id = t.id and a.id = ca.agent_id where t.slug = 'fitpro'`)
	).rows;
	await giveTool();
	crm = await startPipedriveStandIn();
	[connected] = await connector('e2e-connect', 'connect', {
		...{ provider: 'pipedrive', token: 'pipedrive-token', createOn: 'hot' },
		additionalFields: {
			baseUrl: crm.url,
			allowLocal: true,
			webhookUrl: `${state().n8n.url}/webhook/agent-factory/crm`,
		},
	});
});
afterAll(async () => {
	const [ended] = await connector('e2e-disconnect', 'disconnect', { crm: byId(connected.id) });
	expect(ended).toMatchObject({ disconnected: true, webhooksRemoved: 1 });
	expect(crm.webhooks).toEqual([]);
	await crm.close();
	await pool.end();
	await database.pool.end();
});

const send = async (path: string, body: unknown, headers: Record<string, string> = {}): Promise<[number, any]> => {
	const response = await fetch(`${state().n8n.url}/webhook/${path}`, {
		method: 'POST',
		headers: { 'content-type': 'application/json', ...headers },
		body: typeof body === 'string' ? body : JSON.stringify(body),
	});
	return [response.status, await response.json()];
};
const leadStage = async (leadId: string): Promise<string> =>
	(await pool.query('select stage from agent_factory.leads where id = $1', [leadId])).rows[0].stage;

test('a hot lead gets one deal by the shipped workflow though the answer was lost, and follows it back', async () => {
	expect(connected.stages).toHaveLength(5);
	crm.fault({ method: 'POST', path: '/api/v2/deals', fault: 'cut after' });
	const { leadId } = await saveLead(database, tenant.id, { classification: 'LEAD_HOT' });
	await waitFor(
		async () =>
			(
				await pool.query(
					`select from agent_factory.crm_links where lead_id = $1 and entity = 'deal' and state = 'created'`,
					[leadId],
				)
			).rows.length > 0,
		{ timeoutMs: SCHEDULE_MS, what: 'the deal' },
	);
	expect(crm.deals).toHaveLength(1);
	const moved = crm.change(101, { stage_id: 3, update_time: '2027-01-01T00:00:00Z' });
	// The address that the CRM was told, as it stands there.
	expect(crm.webhooks).toHaveLength(1);
	const path = (crm.webhooks[0].subscription_url as string).split('/webhook/')[1];
	expect(path).toBe(`agent-factory/crm?key=${connected.webhookKey}`);
	expect(await send(path, moved)).toEqual([200, expect.objectContaining({ accepted: true, result: 'recorded' })]);
	expect(await send(path, moved)).toEqual([200, expect.objectContaining({ result: 'known' })]);
	expect(await leadStage(leadId)).toBe('proposal');
	expect(await send('agent-factory/crm?key=made-up', moved)).toEqual([
		401,
		expect.objectContaining({ code: 'WEBHOOK_REFUSED' }),
	]);
	const stages = await operateAll('e2e-board', {
		type: 'agentFactory',
		parameters: { resource: 'pipeline', operation: 'getMany', tenant: byId(tenant.id) },
	});
	expect(stages.find(({ name }) => name === 'Proposta').leads).toBeGreaterThan(0);
	const to = stages.find(({ name }) => name === 'Negociação').id;
	expect(
		await operate('e2e-move', {
			type: 'agentFactory',
			parameters: {
				...{ resource: 'pipeline', operation: 'moveLead', tenant: byId(tenant.id), person: 'Ana' },
				...{ lead: byId(leadId), stage: byId(to), idempotencyKey: '' },
			},
		}),
	).toMatchObject({ moved: true, from: 'Proposta', to: 'Negociação' });
	await waitFor(async () => await Promise.resolve(crm.deals[0].stage_id === 4), { timeoutMs: SCHEDULE_MS });
}, 480_000);

test("an agent's call makes the deal of who wrote, once; a call that is not signed is refused", async () => {
	const from = `55119${String(randomBytes(4).readUInt32BE() % 100_000_000).padStart(8, '0')}`;
	const text = 'usa a ferramenta crm.create_deal {"title":"Plano anual"}';
	for (let times = 0; times < 2; times++) {
		const before = crm.requests.length;
		await post(JSON.stringify(textBody(tenant.phoneNumberId, [{ from, text }])));
		await waitFor(
			async () =>
				(
					await pool.query(
						`select from agent_factory.tool_calls c
							join agent_factory.conversations v on v.tenant_id = c.tenant_id and v.id = c.conversation_id
							join agent_factory.contacts k on k.tenant_id = v.tenant_id and k.id = v.contact_id
							where k.phone = $1 and c.status = 'ok'`,
						[from],
					)
				).rows.length > times,
			{ timeoutMs: 90_000, what: 'the answered call' },
		);
		expect(crm.requests.length > before).toBe(times === 0);
	}
	expect(crm.deals.filter(({ title }) => title === 'Plano anual')).toHaveLength(1);
	expect(await send('agent-tools/crm', {})).toEqual([401, expect.objectContaining({ ok: false })]);
}, 240_000);

test('whoever holds the account connects it by link, in the page of the shipped workflow', async () => {
	const { clientId, clientSecret } = crm.oauth;
	await connector('e2e-crm-app', 'saveOAuthApp', { clientId, clientSecret, baseUrl: crm.url, allowLocal: true });
	const callbackUrl = `${state().n8n.url}/webhook/agent-factory/connect/crm`;
	const [link] = await connector('e2e-crm-link', 'createConnectLink', {
		...{ callbackUrl, person: 'Ana', hours: 1, createOn: 'manual' },
		additionalFields: { connectionName: 'Por link' },
	});
	const page = await fetch(link.url);
	expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('Empresa Teste está conectada')]);
	const again = await fetch(page.url);
	expect(await again.text()).toContain('Link já usado');
	const found = (await connector('e2e-crm-linked', 'getIntegrations')).find(({ name }) => name === 'Por link');
	expect(found).toMatchObject({ baseUrl: crm.url, blockedAt: null });
	crm.oauth.expireAccess();
	expect(await connector('e2e-crm-stages', 'getRemoteStages', { crm: byId(found.id) })).toHaveLength(5);
	await connector('e2e-crm-unlink', 'disconnect', { crm: byId(found.id) });
}, 120_000);
