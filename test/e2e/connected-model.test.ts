import { randomBytes, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Pool } from 'pg';
import { activateVersion, compileAgent, saveVersion } from '../../core/agents';
import { openDatabase, type Database } from '../../core/database';
import { updateLeadSettings } from '../../core/leads';
import { checkoutFolder } from '../../sandbox/paths';
import { textBody } from '../support/factory';
import { waitFor } from '../support/wait-for';
import { openWorkflow, whileUnpublished } from './support/operate';
import { openFactory, post, sentMessages, state } from './support/running';

const WORKER = 'af20ConvWorker00';
const OPENAI = { openAiApi: { id: 'afOpenAi00000001', name: 'OpenAI' } };

let pool: Pool;
let database: Database;
let tenant: { id: string; agentId: string; phoneNumberId: string; versionId: string };

/** FitPro, whose rules are never sure and whose agent has a tool that nobody answers. */
beforeAll(async () => {
	pool = openFactory();
	database = openDatabase({ connectionString: state().database.url });
	[tenant] = (
		await pool.query(`select t.id, a.id as "agentId", ca.external_id as "phoneNumberId", v.id as "versionId" from agent_factory.tenants t
			join agent_factory.channel_accounts ca on ca.tenant_id = t.id and ca.kind = 'whatsapp' and ca.status = 'active'
			join agent_factory.agents a on a.tenant_id = t.id and a.id = ca.agent_id
			join agent_factory.agent_versions v on v.tenant_id = t.id and v.agent_id = a.id and v.is_active where t.slug = 'fitpro'`)
	).rows;
	const [{ spec }] = (
		await pool.query('select spec from agent_factory.agent_versions where id = $1', [tenant.versionId])
	).rows;
	const look = {
		name: 'consultar',
		description: 'Consulta o catálogo.',
		parameters: { type: 'object', properties: {} },
	};
	const bundle = compileAgent({
		spec: {
			...spec,
			plugins: { catalogo: { enabled: true, tools: [look] } },
			limits: { ...spec.limits, debounceSeconds: 0, debounceMaxSeconds: 0 },
		},
		canary: `cnry-${randomBytes(12).toString('hex')}`,
	});
	await saveVersion(database, tenant.id, tenant.agentId, bundle, { activate: true });
	await updateLeadSettings(database, tenant.id, { unsureBelow: 1 });
});
afterAll(async () => {
	await updateLeadSettings(database, tenant.id, { unsureBelow: 0.6 });
	await activateVersion(database, tenant.id, tenant.versionId);
	await pool.end();
	await database.pool.end();
});

const chatModel = (name: string, typeVersion: number, parameters: object) => ({
	...{ id: randomUUID(), name, type: '@n8n/n8n-nodes-langchain.lmChatOpenAi', typeVersion, position: [0, 400] },
	parameters: { model: { __rl: true, mode: 'list', value: 'gpt-4.1-mini' }, options: {}, ...parameters },
	credentials: OPENAI,
});

/** The shipped conversation worker with a Chat Model of n8n below the two nodes that ask one. */
function workerWithModels(): { nodes: object[]; connections: Record<string, object> } {
	const shipped = JSON.parse(
		readFileSync(join(checkoutFolder(), 'workflows', '20-conversation-worker.json'), 'utf8'),
	) as {
		id: string;
		nodes: Array<{ name: string; type: string; parameters: object; credentials?: Record<string, object> }>;
		connections: Record<string, object>;
	};
	expect(shipped.id).toBe(WORKER);
	const nodes = shipped.nodes.map((node) => {
		if (!['Agent Reply', 'Lead Classifier'].includes(node.name)) return node;
		// Without the two model credentials: nothing but the connected model can answer.
		const { anthropicApi: _, openAiApi: __, ...credentials } = node.credentials ?? {};
		return { ...node, credentials, parameters: { ...node.parameters, modelSource: 'connected' } };
	});
	const under = (node: string) => ({ ai_languageModel: [[{ node, type: 'ai_languageModel', index: 0 }]] });
	return {
		// Both of OpenAI's APIs, as n8n's own sub-node speaks them.
		nodes: [...nodes, chatModel('Chat', 1.2, {}), chatModel('Responses', 1.3, { responsesApiEnabled: true })],
		connections: { ...shipped.connections, Chat: under('Agent Reply'), Responses: under('Lead Classifier') },
	};
}

const USAGE = `select u.purpose, u.provider, u.model, u.outcome, u.attempts, u.input_tokens > 0 as "in", u.output_tokens > 0 as out, u.cost_usd > 0 as cost
	from agent_factory.llm_usage u join agent_factory.conversations v on v.tenant_id = u.tenant_id and v.id = u.conversation_id
	join agent_factory.contacts k on k.tenant_id = v.tenant_id and k.id = v.contact_id where k.phone = $1 order by u.id`;
const CALLS = `select c.status, c.attempts, c.error_code from agent_factory.tool_calls c
	join agent_factory.conversations v on v.tenant_id = c.tenant_id and v.id = c.conversation_id
	join agent_factory.contacts k on k.tenant_id = v.tenant_id and k.id = v.contact_id where k.phone = $1`;

test('a connected Chat Model classifies, calls a tool once and answers, and stands on the bill', async () => {
	await whileUnpublished(WORKER, async () => {
		const close = await openWorkflow(`e2e-models-${randomUUID()}`, workerWithModels());
		try {
			const from = `55119${String(randomBytes(4).readUInt32BE() % 100_000_000).padStart(8, '0')}`;
			const text = 'Oi! usa a ferramenta catalogo.consultar {} para me dizer o preço do plano anual';
			const answer = await post(JSON.stringify(textBody(tenant.phoneNumberId, [{ from, text }])));
			expect(answer.status).toBe(200);
			const said = await waitFor<any>(
				async () => {
					const mine = (await sentMessages()).filter(({ to }) => to?.replace('+', '') === from);
					return mine.length > 0 ? mine.map((message) => String(message.text)).join(' ') : false;
				},
				{ timeoutMs: 90_000, what: 'an answer by the connected model' },
			);
			expect(said).toContain('Não consegui');
			expect((await pool.query(CALLS, [from])).rows).toEqual([
				{ status: 'failed', attempts: 1, error_code: 'TOOL_NOT_FOUND' },
			]);
			const bill = { provider: 'openai', model: 'gpt-4.1-mini', outcome: 'ok', attempts: 1, in: true, out: true };
			expect((await pool.query(USAGE, [from])).rows).toEqual([
				{ ...bill, purpose: 'classification', cost: true },
				{ ...bill, purpose: 'reply', cost: true },
				{ ...bill, purpose: 'reply', cost: true },
			]);
		} finally {
			await close();
		}
	});
}, 240_000);
