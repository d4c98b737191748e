import type { Pool } from 'pg';
import { openDatabase, type Database } from '../../core/database';
import { signWebhook } from '../../core/notifications';
import { saveLead } from '../core/leads/lead-story';
import { waitFor } from '../support/database';
import { byId, operate } from './support/operate';
import { openFactory, state } from './support/running';

let pool: Pool;
let database: Database;
let tenant: { id: string; slug: string };

beforeAll(async () => {
	pool = openFactory();
	database = openDatabase({ connectionString: state().database.url });
	[tenant] = (await pool.query(`select id, slug from agent_factory.tenants where slug = 'fitpro'`)).rows;
});
afterAll(async () => {
	await pool.end();
	await database.pool.end();
});

const outcomesOf = async (leadId: string): Promise<Array<{ kind: string; source: string; actor: string }>> =>
	(
		await pool.query('select kind, source, actor from agent_factory.lead_outcomes where lead_id = $1 order by id', [
			leadId,
		])
	).rows;

test('a link opens a page and records nothing; its button records one verdict', async () => {
	const { leadId } = await saveLead(database, tenant.id);
	const pageUrl = `${state().n8n.url}/webhook/agent-factory/verdict`;
	const { links } = await operate('e2e-links', {
		type: 'leadOutcomes',
		parameters: { operation: 'createVerdictLinks', tenant: byId(tenant.id), leadId, pageUrl, actor: 'Rui', days: 7 },
	});
	for (let preview = 0; preview < 3; preview++) {
		const opened = await fetch(links.bom);
		expect([opened.status, opened.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
		expect(await opened.text()).toContain('<form method="post">');
	}
	expect(await outcomesOf(leadId)).toEqual([]);
	const press = async (token: string | null): Promise<Response> =>
		await fetch(pageUrl, { method: 'POST', body: new URLSearchParams(token === null ? {} : { token }) });
	for (let tap = 0; tap < 2; tap++) {
		const answer = await press(new URL(links.bom).searchParams.get('token'));
		expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining('Anotado')]);
	}
	expect(await outcomesOf(leadId)).toEqual([{ kind: 'bom', source: 'person', actor: 'Rui' }]);
	expect((await press('v1.made.up')).status).toBe(404);
	expect((await press(null)).status).toBe(404);
}, 120_000);

test("a CRM's signed webhook moves the stage once; a changed one is refused", async () => {
	const { leadId } = await saveLead(database, tenant.id);
	const { secret } = await operate('e2e-secret', {
		type: 'leadOutcomes',
		parameters: { operation: 'createWebhookSecret', tenant: byId(tenant.id), secretName: 'crm' },
	});
	const send = async (body: string, signed = body): Promise<[number, any]> => {
		const response = await fetch(`${state().n8n.url}/webhook/agent-factory/lead-outcome?tenant=${tenant.slug}`, {
			method: 'POST',
			headers: {
				'content-type': 'application/json',
				...signWebhook([secret], `evt_${leadId}`, Date.now(), Buffer.from(signed)),
			},
			body,
		});
		return [response.status, await response.json()];
	};
	const body = JSON.stringify({ type: 'deal.won', data: { leadId, stage: 'Fechado', actor: 'Pipedrive' } });
	expect(await send(body)).toEqual([200, expect.objectContaining({ accepted: true, created: true, stage: 'closed' })]);
	expect(await send(body)).toEqual([200, expect.objectContaining({ created: false })]);
	expect(await send(body.replace('Fechado', 'Contato'), body)).toEqual([
		401,
		expect.objectContaining({ code: 'WEBHOOK_REFUSED' }),
	]);
	expect(await outcomesOf(leadId)).toEqual([{ kind: 'client', source: 'crm', actor: 'Pipedrive' }]);
}, 120_000);

test('a HOT lead is told of within seconds by the shipped workflow, which refuses what is no public address', async () => {
	const endpoint = await operate('e2e-endpoint', {
		type: 'agentFactory',
		parameters: {
			...{ resource: 'notification', operation: 'createEndpoint', tenant: byId(tenant.id), eventTypes: ['lead.hot'] },
			...{ url: 'http://127.0.0.1:9/hook', allowLocal: true },
		},
	});
	const from = performance.now();
	await saveLead(database, tenant.id, { classification: 'LEAD_HOT' });
	const [notice] = await waitFor(
		async () => {
			const { rows } = await pool.query<{ attempts: number; last_error: string }>(
				'select attempts, last_error from agent_factory.notification_deliveries where endpoint_id = $1 and last_error is not null',
				[endpoint.id],
			);
			return rows.length > 0 ? rows : null;
		},
		{ timeoutMs: 30_000 },
	);
	expect(notice).toMatchObject({ attempts: 1, last_error: 'refused: it is not https' });
	expect(performance.now() - from).toBeLessThan(15_000);
	await pool.query('delete from agent_factory.notification_endpoints where id = $1', [endpoint.id]);
}, 120_000);
