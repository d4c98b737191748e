import { randomUUID } from 'node:crypto';
import type { INode } from 'n8n-workflow';
import type { Pool } from 'pg';
import { openDatabase, type Database } from '../../core/database';
import { inTenant } from '../../core/tenancy';
import { waitFor } from '../support/database';
import { shippedWorkflows } from './support/editor';
import { removeWorkflow } from './support/operate';
import { openFactory, state } from './support/running';
import { startSmtpStandIn } from './support/smtp-stand-in';

const TEMPLATE = 'af50TenantNotice';
const RECIPIENTS = ['ana@example.com', 'gone@example.com'];
let pool: Pool;
let database: Database;
let tenantId: string;
let smtp: Awaited<ReturnType<typeof startSmtpStandIn>>;

const api = async (method: string, path: string, body?: unknown): Promise<any> => {
	const { url, apiKey } = state().n8n;
	const response = await fetch(`${url}/api/v1/${path}`, {
		method,
		headers: { 'x-n8n-api-key': apiKey, 'content-type': 'application/json' },
		body: body === undefined ? undefined : JSON.stringify(body),
	});
	if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
	return await response.json();
};

/** The lower row of the template with a door in front, as a person switches it on; `sender: false` forgets the sending node. */
async function publishMailRow(path: string, credential: { id: string; name: string }, sender = true): Promise<string> {
	const { nodes } = shippedWorkflows().find(({ id }) => id === TEMPLATE)!;
	const row = ['Claim E-Mails', 'Send Email', 'Settle E-Mail'].map(
		(name) => nodes.find((node) => node.name === name) as INode,
	);
	expect(row.every(({ disabled }) => disabled)).toBe(true);
	const door = {
		...{ id: 'a', name: 'Door', type: 'n8n-nodes-base.webhook', typeVersion: 2.1, position: [0, 0] },
		parameters: { path, responseMode: 'lastNode', responseData: 'allEntries', options: {} },
		webhookId: path,
	};
	const chain = ['Door', ...row.map(({ name }) => name)];
	const { id } = await api('POST', 'workflows', {
		name: path,
		nodes: [
			door,
			...row.map((node) => ({
				...node,
				disabled: node.name === 'Send Email' && !sender,
				...(node.name === 'Send Email' ? { credentials: { smtp: credential } } : {}),
			})),
		],
		connections: Object.fromEntries(
			chain.slice(0, -1).map((name, at) => [name, { main: [[{ node: chain[at + 1], type: 'main', index: 0 }]] }]),
		),
		settings: { executionOrder: 'v1' },
	});
	await api('POST', `workflows/${id}/activate`);
	return id;
}

const run = async (path: string): Promise<Array<{ noticeId: string; status: string }>> =>
	await waitFor(
		async () => {
			const response = await fetch(`${state().n8n.url}/webhook/${path}`);
			return response.ok ? ((await response.json()) as Array<{ noticeId: string; status: string }>) : undefined;
		},
		{ timeoutMs: 30_000 },
	);
const tell = async (): Promise<void> =>
	await inTenant(database, tenantId, async (db) => {
		await db.one(`select notify_tenant($1, 'breaker.opened', $2, '{"reason":"two in a row"}')`, [
			tenantId,
			randomUUID(),
		]);
	});
const notices = async () =>
	(
		await pool.query(
			'select id, email, status, last_error from agent_factory.notification_deliveries where tenant_id = $1 and email = any ($2) order by email',
			[tenantId, RECIPIENTS],
		)
	).rows;
/** What the row made of the mails of this test: it takes whatever else is due along. */
const statusesOf = async (path: string): Promise<string[]> => {
	const answered = await run(path);
	const own = new Set((await notices()).map(({ id }) => id));
	return answered
		.filter(({ noticeId }) => own.has(noticeId))
		.map(({ status }) => status)
		.sort();
};
const taken = () => smtp.taken.filter(({ to }) => to.some((address) => RECIPIENTS.includes(address)));

beforeAll(async () => {
	pool = openFactory();
	database = openDatabase({ connectionString: state().database.url });
	[{ id: tenantId }] = (await pool.query(`select id from agent_factory.tenants where slug = 'fitpro'`)).rows;
	smtp = await startSmtpStandIn(/gone@/);
	await inTenant(
		database,
		tenantId,
		async (db) =>
			await db.one(
				`insert into self_improving_settings (tenant_id, notification_emails) values ($1, $2)
					on conflict (tenant_id, agent_version_id) do update set notification_emails = excluded.notification_emails`,
				[tenantId, RECIPIENTS],
			),
	);
});
afterAll(async () => {
	await inTenant(database, tenantId, async (db) => {
		await db.all(`update self_improving_settings set notification_emails = '{}' where tenant_id = $1`, [tenantId]);
		await db.all('delete from notification_deliveries where tenant_id = $1 and email = any ($2)', [
			tenantId,
			RECIPIENTS,
		]);
	});
	await smtp.close();
	await pool.end();
	await database.pool.end();
});

test('the lower row of the notifications template sends, and tells what was sent from what was refused or passed by', async () => {
	const name = `e2e-mail-${randomUUID()}`;
	const credential = await api('POST', 'credentials', {
		name,
		type: 'smtp',
		data: { host: '127.0.0.1', port: smtp.port, secure: false, disableStartTls: true, user: '', password: '' },
	});
	const made = [
		await publishMailRow(name, { id: credential.id, name }),
		await publishMailRow(`${name}-off`, { id: credential.id, name }, false),
	];
	try {
		await tell();
		expect(await statusesOf(name)).toEqual(['delivered', 'pending']);
		expect(taken()).toHaveLength(1);
		expect(taken()[0].to).toEqual(['ana@example.com']);
		expect(taken()[0].data).toMatch(/^Subject: /m);
		expect(taken()[0].data).toContain('two in a row');
		expect(taken()[0].data).not.toMatch(/n8n\.io/);
		expect(await notices()).toMatchObject([
			{ email: 'ana@example.com', status: 'delivered' },
			{ email: 'gone@example.com', status: 'pending', last_error: expect.stringContaining('550') },
		]);

		await tell();
		expect(await statusesOf(`${name}-off`)).toEqual(['pending', 'pending']);
		expect(taken()).toHaveLength(1);
		expect((await notices()).filter(({ status }) => status === 'delivered')).toHaveLength(1);
	} finally {
		for (const id of made) await removeWorkflow(id);
		await api('DELETE', `credentials/${credential.id}`);
	}
});
