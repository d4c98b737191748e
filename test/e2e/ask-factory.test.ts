import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { waitFor } from '../support/wait-for';
import { byId, openWorkflow } from './support/operate';
import { openFactory, state } from './support/running';

const POSTGRES = { postgres: { id: 'afPostgres000001', name: 'Agent Factory database' } };

let pool: Pool;
let own: { id: string; name: string };
let other: { id: string; name: string };
beforeAll(async () => {
	pool = openFactory();
	[own, other] = (
		await pool.query(`select id, name from agent_factory.tenants where slug in ('fitpro', 'socialfy') order by slug`)
	).rows;
});
afterAll(async () => await pool.end());

/** n8n's own AI Agent with one of our tools, asked over a webhook. */
const agentWith = (path: string, tool: object) => ({
	nodes: [
		{
			...{ id: 'a', name: 'Webhook', type: 'n8n-nodes-base.webhook', typeVersion: 2.1, position: [0, 0] },
			parameters: { httpMethod: 'POST', path, responseMode: 'lastNode', options: {} },
			webhookId: path,
		},
		{
			...{ id: 'b', name: 'Item', type: 'n8n-nodes-base.set', typeVersion: 3.4, position: [200, 0] },
			parameters: { mode: 'raw', jsonOutput: '={{ $json.body }}', options: {} },
		},
		{
			...{ id: 'c', name: 'AI Agent', type: '@n8n/n8n-nodes-langchain.agent', typeVersion: 3.1, position: [400, 0] },
			parameters: { promptType: 'define', text: '={{ $json.question }}', options: {} },
		},
		{
			...{
				id: 'd',
				name: 'Chat',
				type: '@n8n/n8n-nodes-langchain.lmChatOpenAi',
				typeVersion: 1.2,
				position: [400, 200],
			},
			parameters: { model: { __rl: true, mode: 'list', value: 'gpt-4.1-mini' }, options: {} },
			credentials: { openAiApi: { id: 'afOpenAi00000001', name: 'OpenAI' } },
		},
		{
			...{ id: 'e', name: 'Ask Factory', type: 'n8n-nodes-agent-factory.askFactoryTool', typeVersion: 1 },
			...{
				position: [600, 200],
				parameters: { descriptionType: 'auto', resource: 'question', ...tool },
				credentials: POSTGRES,
			},
		},
	],
	connections: {
		Webhook: { main: [[{ node: 'Item', type: 'main', index: 0 }]] },
		Item: { main: [[{ node: 'AI Agent', type: 'main', index: 0 }]] },
		Chat: { ai_languageModel: [[{ node: 'AI Agent', type: 'ai_languageModel', index: 0 }]] },
		'Ask Factory': { ai_tool: [[{ node: 'AI Agent', type: 'ai_tool', index: 0 }]] },
	},
});

async function ask(tool: object, question: string, item: object = {}): Promise<string> {
	const path = `ask-${randomUUID()}`;
	const close = await openWorkflow(path, agentWith(path, tool));
	try {
		return await waitFor<any>(
			async () => {
				const response = await fetch(`${state().n8n.url}/webhook/${path}`, {
					method: 'POST',
					headers: { 'content-type': 'application/json' },
					body: JSON.stringify({ ...item, question }),
				});
				return response.status === 404 ? false : await response.text();
			},
			{ timeoutMs: 60_000, what: 'the AI Agent to answer' },
		);
	} finally {
		await close();
	}
}

/** What was told to the model of the tool in the last call. */
async function offered(): Promise<{ description: string; parameters: { properties: object } }> {
	const { calls } = (await (await fetch(`${state().llm.url}/_sandbox/calls`)).json()) as { calls: any[] };
	return calls.flatMap(({ request }) => request?.tools?.[0]?.function ?? []).at(-1);
}

test('the tool tells of its own tenant, whatever tenant the model names', async () => {
	const said = await ask(
		{ operation: 'getOverview', tenant: byId(own.id) },
		`Como vai? {"tenant":"${other.id}","tenantId":"${other.id}"}`,
	);
	expect(said).toContain(own.name);
	expect(said).not.toContain(other.name);
	expect(said).not.toMatch(/access_token|enc:|EAA/);
	const { description, parameters } = await offered();
	expect(description).toContain('Tell how the business is going now');
	expect(Object.keys(parameters.properties)).toEqual([]);
}, 120_000);

test('the model fills in whom to look for, and of two namesakes finds the one of its own tenant', async () => {
	const name = `Pessoa ${randomUUID()}`;
	const { rows: namesakes } = await pool.query<{ tenant_id: string; contact_id: string }>(
		`with made as (
			insert into agent_factory.contacts (tenant_id, full_name) select unnest($1::uuid[]), $2 returning tenant_id, id
		)
		insert into agent_factory.leads (tenant_id, contact_id, classification, lead_score, fit_score, intent_score)
			select tenant_id, id, 'LEAD_COLD', 10, 10, 0 from made returning tenant_id, contact_id`,
		[[own.id, other.id], name],
	);
	const idAt = (tenant: { id: string }) => namesakes.find(({ tenant_id: id }) => id === tenant.id)!.contact_id;
	const tool = {
		operation: 'findPeople',
		tenant: byId(own.id),
		search: "={{ $fromAI('search', 'Name, username or phone', 'string') }}",
	};
	const said = await ask(tool, `Procure {"search":"${name}"}`);
	expect(said.match(/personId/g)).toHaveLength(1);
	expect(said).toContain(idAt(own));
	expect(said).not.toContain(idAt(other));
	expect(Object.keys((await offered()).parameters.properties)).toEqual(['search']);
	expect((await ask(tool, 'Procure {"search":""}')).length).toBeLessThan(6_000);
}, 120_000);

test.each([['={{ $json.tenantId }}'], ["={{ $fromAI('tenant', 'The tenant', 'string') }}"]])(
	'a tenant of %s is refused',
	async (value) => {
		const tool = { operation: 'getOverview', tenant: { __rl: true, mode: 'id', value } };
		const said = await ask(tool, `Como vai? {"tenant":"${other.id}","tenantId":"${other.id}"}`, { tenantId: own.id });
		expect(said).toContain('never on one that the model names');
		expect(said).not.toContain(other.name);
		expect(said).not.toContain(own.name);
		expect(said).not.toContain('leadsIn30Days');
	},
	120_000,
);
