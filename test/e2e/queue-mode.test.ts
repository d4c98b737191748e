import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Pool } from 'pg';
import { startSandboxGateway, type SandboxGateway } from '../../sandbox/gateway';
import type { QueueMember } from '../../sandbox/n8n/queue-mode';
import { checkoutFolder } from '../../sandbox/paths';
import { startSandbox, type Sandbox } from '../../sandbox/run';
import { queueModeSettings } from '../support/queue-mode-settings';
import { redisAvailable, testWithRedis } from '../support/redis';
import { textBody, wamid } from '../support/factory';
import { waitFor } from '../support/wait-for';
import { openFactory, postTo, sentMessagesOf } from './support/running';
import { twoHundredMessages } from './support/two-hundred-messages';

/** The lease of the killed worker (60 s) and what it held are in one of the rounds. */
const ROUND_TIMEOUT_MS = 240_000;
/** The round after whose bursts a worker dies: half of the messages are answered by then. */
const KILL_ROUND = 2;

let sandbox: Sandbox;
let gateway: SandboxGateway;
let pool: Pool;

beforeAll(async () => {
	if (!redisAvailable()) return;
	const folder = join(checkoutFolder(), '.sandbox', 'queue-mode');
	mkdirSync(folder, { recursive: true });
	sandbox = await startSandbox({
		...{ durable: false, folder, n8nEnvironment: queueModeSettings() },
		queueMode: { workers: 2, webhooks: 1 },
	});
	gateway = await startSandboxGateway(sandbox.context, sandbox);
	pool = openFactory(sandbox.state);
}, 400_000);

afterAll(async () => {
	await pool?.end();
	await gateway?.stop();
	expect((await sandbox?.stop()) ?? []).toEqual([]);
}, 120_000);

const worker = (n: number): QueueMember => sandbox.n8n.members.filter(({ role }) => role === 'worker')[n];

/** Every second body goes through the other door; what gets no 200 is sent again, as Meta does. */
function bothDoors(): (body: string) => Promise<{ status: number }> {
	const doors = [sandbox.state.webhook.url, gateway.webhookUrl];
	const [appSecret] = sandbox.state.webhook.appSecrets;
	let next = 0;
	return async (body) => {
		const door = doors[next++ % doors.length];
		return await waitFor(
			async () => {
				const answer = await postTo(door, appSecret, body).catch(() => ({ status: 0 }));
				return answer.status === 200 ? answer : undefined;
			},
			{ timeoutMs: 60_000, pollMs: 250, what: `a 200 from ${door}` },
		);
	};
}

/** Leased turns by process: the name of a lease begins with the process that took it. */
const turnsHeldBy = async (pid: number): Promise<number> =>
	(
		await pool.query<{ n: number }>(
			`select count(*)::int as n from agent_factory.conversation_locks where worker_id like $1 || '-%' and available_at > now()`,
			[pid],
		)
	).rows[0].n;

testWithRedis(
	'200 messages through both doors of queue mode get one reply a burst, in order, with one of two workers killed half-way',
	async () => {
		let killedWith = 0;
		await twoHundredMessages({
			...{ state: sandbox.state, pool, post: bothDoors(), roundTimeoutMs: ROUND_TIMEOUT_MS },
			async onSent(round) {
				if (round !== KILL_ROUND) return;
				const { pid } = worker(0).running!;
				killedWith = await waitFor(async () => await turnsHeldBy(pid), { timeoutMs: 60_000, pollMs: 5 });
				await worker(0).kill();
			},
		});
		expect(killedWith).toBeGreaterThan(0);
		const { rows } = await pool.query<{ worker: string }>(
			`select distinct split_part(worker_id, '-', 1) as worker from agent_factory.message_queue where worker_id is not null`,
		);
		// n8n itself runs no turn, and both workers did.
		expect(rows.map(({ worker: pid }) => Number(pid))).not.toContain(sandbox.n8n.instance.pid);
		expect(rows.length).toBe(2);
	},
	900_000,
);

testWithRedis(
	'without waiting for executions every message is answered once too, by the worker that is left',
	async () => {
		await pool.query('update agent_factory.agents set debounce_seconds = 0, debounce_max_seconds = 0');
		await changeQueueTrigger({ waitForExecutions: false });
		const { externalId } = sandbox.state.tenants[0].channels[0];
		const customers = Array.from({ length: 20 }, (_, i) => `551198800${1000 + i}`);
		const post = bothDoors();
		for (const from of customers) {
			const body = textBody(externalId, [{ from, text: 'Qual o preço do plano? pedido #1', id: wamid() }]);
			expect((await post(JSON.stringify(body))).status).toBe(200);
		}
		const answered = async (): Promise<string[]> =>
			(await sentMessagesOf(sandbox.state))
				.map(({ to }) => to?.replace('+', '') ?? '')
				.filter((to) => customers.includes(to));
		await waitFor(async () => new Set(await answered()).size === customers.length, { timeoutMs: 120_000 });
		await waitFor(
			async () => (await pool.query('select 1 from agent_factory.conversation_locks limit 1')).rowCount === 0,
			{ timeoutMs: 60_000 },
		);
		const { rows } = await pool.query<{ n: number }>(
			`select count(*)::int as n from agent_factory.turns t join agent_factory.conversations c on c.id = t.conversation_id
				join agent_factory.contacts k on k.id = c.contact_id where k.phone = any ($1)`,
			[customers],
		);
		expect(rows).toEqual([{ n: customers.length }]);
	},
	400_000,
);

/** As a person does it in the editor: change a field of the trigger, publish. */
async function changeQueueTrigger(parameters: Record<string, unknown>): Promise<void> {
	const { url, apiKey, session } = sandbox.n8n.instance;
	const id = 'af20ConvWorker00';
	const call = async (method: string, path: string, body?: unknown): Promise<any> => {
		const response = await fetch(`${url}/api/v1/workflows/${id}${path}`, {
			method,
			headers: { 'x-n8n-api-key': apiKey, 'content-type': 'application/json' },
			body: body === undefined ? undefined : JSON.stringify(body),
		});
		const text = await response.text();
		if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
		return JSON.parse(text);
	};
	const { name, nodes, connections, settings } = await call('GET', '');
	const { executionOrder, errorWorkflow, executionTimeout, saveDataSuccessExecution } = settings;
	const changed = nodes.map((node: any) =>
		node.type.endsWith('.queueTrigger') ? { ...node, parameters: { ...node.parameters, ...parameters } } : node,
	);
	await call('PUT', '', {
		...{ name, nodes: changed, connections },
		settings: { executionOrder, errorWorkflow, executionTimeout, saveDataSuccessExecution },
	});
	await call('POST', '/activate');
	await waitFor(
		async () =>
			(await session.get<{ status: string }>(`/rest/workflows/${id}/publication-status`)).status === 'published',
		{
			timeoutMs: 30_000,
		},
	);
}
