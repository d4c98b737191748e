import { randomBytes, randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { compileAgent, saveVersion } from '../../core/agents';
import { openDatabase, type Database } from '../../core/database';
import { signWebhook } from '../../core/notifications';
import { textBody } from '../support/factory';
import { waitFor } from '../support/database';
import { openWorkflow } from './support/operate';
import { openFactory, post, sentMessages, state } from './support/running';

let pool: Pool;
let database: Database;
let tenant: { id: string; agentId: string; phoneNumberId: string };

/** A tenant of the sandbox whose agent gets a tool: what a shop has in stock. */
beforeAll(async () => {
	pool = openFactory();
	database = openDatabase({ connectionString: state().database.url });
	[tenant] = (
		await pool.query(`select t.id, a.id as "agentId", ca.external_id as "phoneNumberId" from agent_factory.tenants t
			join agent_factory.channel_accounts ca on ca.tenant_id = t.id and ca.kind = 'whatsapp' and ca.status = 'active'
			join agent_factory.agents a on a.tenant_id = t.id and a.id = ca.agent_id where t.slug = 'socialfy'`)
	).rows;
	const [{ spec }] = (
		await pool.query('select spec from agent_factory.agent_versions where agent_id = $1 and is_active', [
			tenant.agentId,
		])
	).rows;
	const schema = { type: 'object', properties: { produto: { type: 'string' } }, required: ['produto'] };
	const stock = { name: 'consultar', description: 'Consulta o estoque.', parameters: schema };
	const plugins = {
		estoque: { enabled: true, config: { loja: 'centro' }, tools: [stock] },
		// Nobody answers this one.
		frete: { enabled: true, tools: [stock] },
	};
	const bundle = compileAgent({
		spec: { ...spec, plugins, limits: { ...spec.limits, debounceSeconds: 0, debounceMaxSeconds: 0 } },
		canary: `cnry-${randomBytes(12).toString('hex')}`,
	});
	await saveVersion(database, tenant.id, tenant.agentId, bundle, { activate: true });
});
afterAll(async () => {
	await pool.end();
	await database.pool.end();
});

/** Webhook -> Receive Call -> the tool's own work -> Respond: any workflow can be a tool. */
const TOOL_WORKFLOW = {
	nodes: [
		{
			...{ id: 'a', name: 'Webhook', type: 'n8n-nodes-base.webhook', typeVersion: 2.1, position: [0, 0] },
			parameters: {
				...{ httpMethod: 'POST', path: 'agent-tools/estoque', responseMode: 'responseNode' },
				options: { rawBody: true },
			},
			webhookId: 'agent-tools-estoque',
		},
		{
			...{
				id: 'b',
				name: 'Receive Call',
				type: 'n8n-nodes-agent-factory.agentTools',
				typeVersion: 1,
				position: [220, 0],
			},
			parameters: { operation: 'receiveCall' },
			credentials: {
				postgres: { id: 'afPostgres000001', name: 'Agent Factory database' },
				agentFactoryVaultApi: { id: 'afVault000000001', name: 'Vault key' },
			},
		},
		{
			...{ id: 'c', name: 'Respond', type: 'n8n-nodes-base.respondToWebhook', typeVersion: 1.5, position: [440, 0] },
			parameters: {
				respondWith: 'json',
				responseBody:
					'={{ $json.refused ? { ok: false, error: $json.error } : { ok: true, result: { texto: $json.args.produto + ": 7 na loja " + $json.config.loja } } }}',
				options: { responseCode: '={{ $json.httpStatus }}' },
			},
		},
	],
	connections: {
		Webhook: { main: [[{ node: 'Receive Call', type: 'main', index: 0 }]] },
		'Receive Call': { main: [[{ node: 'Respond', type: 'main', index: 0 }]] },
	},
};

const write = async (from: string, text: string): Promise<void> => {
	const answer = await post(JSON.stringify(textBody(tenant.phoneNumberId, [{ from, text }])));
	expect(answer.status).toBe(200);
};
const answered = async (from: string, text: RegExp): Promise<string> =>
	await waitFor<any>(
		async () => {
			const sent = await sentMessages();
			const mine = sent.filter(({ to }) => to?.replace('+', '') === from).map((message) => String(message.text));
			return mine.find((said) => text.test(said)) ?? false;
		},
		{ timeoutMs: 60_000, what: `an answer that says ${text}` },
	);
const callsOf = async (from: string) =>
	(
		await pool.query(
			`select c.status, c.attempts, c.error_code, c.arguments from agent_factory.tool_calls c
				join agent_factory.conversations v on v.tenant_id = c.tenant_id and v.id = c.conversation_id
				join agent_factory.contacts k on k.tenant_id = v.tenant_id and k.id = v.contact_id where k.phone = $1`,
			[from],
		)
	).rows;
const newPerson = (): string => `55119${String(randomBytes(4).readUInt32BE() % 100_000_000).padStart(8, '0')}`;

test('a customer asks, the tool is called once with a signature that holds, and the reply tells its result', async () => {
	const close = await openWorkflow(`e2e-tool-${randomUUID()}`, TOOL_WORKFLOW);
	try {
		const url = `${state().n8n.url}/webhook/agent-tools/estoque`;
		const body = Buffer.from('{}');
		const wrong = signWebhook([`whsec_${randomBytes(32).toString('base64')}`], 'k', Date.now(), body);
		await waitFor(
			async () => {
				const { status } = await fetch(url, { method: 'POST', headers: { ...wrong }, body });
				return status === 401;
			},
			{ timeoutMs: 30_000, what: 'the tool to listen, and to refuse what is not signed' },
		);
		const from = newPerson();
		await write(from, 'usa a ferramenta estoque.consultar {"produto":"tênis"}');
		expect(await answered(from, /Encontrei/)).toContain('tênis: 7 na loja centro');
		expect(await callsOf(from)).toEqual([
			{ status: 'ok', attempts: 1, error_code: null, arguments: { produto: 'tênis' } },
		]);
	} finally {
		await close();
	}
}, 180_000);

test('with the tool down the agent says that it could not, and nothing is lost', async () => {
	const from = newPerson();
	await write(from, 'usa a ferramenta frete.consultar {"produto":"bola"}');
	expect(await answered(from, /Não consegui/)).toContain('Uma pessoa da equipe vai confirmar');
	expect(await callsOf(from)).toEqual([
		{ status: 'failed', attempts: 1, error_code: 'TOOL_NOT_FOUND', arguments: { produto: 'bola' } },
	]);
}, 120_000);
