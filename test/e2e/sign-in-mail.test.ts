import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { openDatabase, type Database } from '../../core/database';
import { ingestHealth } from '../../core/reports';
import { inTenant, saveMember } from '../../core/tenancy';
import { waitFor } from '../support/wait-for';
import { shippedWorkflows } from './support/editor';
import { createCredential, openWorkflow } from './support/operate';
import { openFactory, state } from './support/running';
import { startSmtpStandIn } from './support/smtp-stand-in';

const ANA = `ana.${randomUUID()}@example.com`;
const GONE = `gone.${randomUUID()}@example.com`;
const ON_ITS_WAY = 'um link já está a caminho';
const NOT_SWITCHED_ON = 'não estão ligados aqui';
let pool: Pool;
let database: Database;
let tenantId: string;
let smtp: Awaited<ReturnType<typeof startSmtpStandIn>>;
const undo: Array<() => Promise<void>> = [];

beforeAll(async () => {
	pool = openFactory();
	database = openDatabase({ connectionString: state().database.url });
	[{ id: tenantId }] = (await pool.query(`select id from agent_factory.tenants where slug = 'fitpro'`)).rows;
	for (const email of [ANA, GONE]) await saveMember(database, tenantId, { email, fullName: 'Ana', role: 'viewer' });
	smtp = await startSmtpStandIn(/gone\./);
});
afterAll(async () => {
	for (const step of undo.reverse()) await step();
	await smtp.close();
	await inTenant(
		database,
		tenantId,
		async (db) => await db.all('delete from sign_in_requests where tenant_id = $1', [tenantId]),
	);
	await pool.end();
	await database.pool.end();
});

/** The shipped workflow at an address of its own, as a person sets it up who switches the mails on, or does not. */
async function publishDashboard(smtpCredential?: { id: string; name: string }): Promise<string> {
	const path = `e2e-sign-in-${randomUUID()}/dashboard`;
	const { nodes, connections } = shippedWorkflows().find(({ id }) => id === 'af62Dashboard000')!;
	const own = nodes.map((node) => ({
		...node,
		...(node.type.endsWith('.webhook') ? { parameters: { ...node.parameters, path }, webhookId: randomUUID() } : {}),
		...(smtpCredential && node.name === 'Send Email' ? { disabled: false, credentials: { smtp: smtpCredential } } : {}),
	}));
	expect(nodes.find(({ name }) => name === 'Send Email')).toMatchObject({ disabled: true });
	undo.push(await openWorkflow(path, { nodes: own, connections }));
	return `${state().n8n.url}/webhook/${path}`;
}
const read = async (url: string): Promise<string> =>
	await waitFor(
		async () => {
			const answer = await fetch(url);
			return answer.status === 404 && !answer.headers.get('content-type')?.includes('html')
				? undefined
				: await answer.text();
		},
		{ timeoutMs: 30_000, what: 'the page' },
	);
const press = async (url: string, form: Record<string, string>): Promise<{ status: number; html: string }> => {
	const answer = await fetch(url, { method: 'POST', body: new URLSearchParams({ lang: 'pt-BR', ...form }) });
	return { status: answer.status, html: await answer.text() };
};
const ask = async (url: string, email: string): Promise<string> =>
	(await press(url, { action: 'requestSignIn', email })).html;
const statuses = async (email: string): Promise<string[]> =>
	(
		await pool.query<{ mail_status: string }>(
			`select r.mail_status from agent_factory.sign_in_requests r join agent_factory.users u on u.id = r.user_id where u.email = $1`,
			[email],
		)
	).rows.map(({ mail_status: status }) => status);
const linkIn = (mail: string): string =>
	/https?:\S+/.exec(mail.replaceAll('=\n', '').replaceAll('=3D', '='))?.[0] ?? 'no link';

test('as shipped the page offers no mail and promises none', async () => {
	const page = await publishDashboard();
	for (const html of [await read(page), await ask(page, ANA)]) {
		expect(html).toContain(NOT_SWITCHED_ON);
		expect(html).not.toContain(ON_ITS_WAY);
		expect(html).not.toContain('name="email"');
	}
	expect(await statuses(ANA)).toEqual([]);
});

test('with the mails on, a member comes in once by a mailed link, a stranger reads the same, and a refused mail is told to the operator', async () => {
	const { remove, ...credential } = await createCredential('smtp', {
		...{ host: '127.0.0.1', port: smtp.port, secure: false, disableStartTls: true, user: '', password: '' },
	});
	undo.push(remove);
	const page = await publishDashboard(credential);
	expect(await read(page)).toContain('name="email"');

	const stranger = await ask(page, 'stranger@example.com');
	const member = await ask(page, ANA);
	expect(member).toContain(ON_ITS_WAY);
	expect(stranger).toBe(member);
	await waitFor(async () => (await statuses(ANA))[0] === 'sent', { timeoutMs: 20_000, what: 'the settled mail' });
	expect(smtp.taken.map(({ to }) => to)).toEqual([[ANA]]);

	const link = linkIn(smtp.taken[0].data);
	expect(link.startsWith(`${page}?`)).toBe(true);
	expect(await read(link)).toContain('Aperte o botão para continuar');
	const token = new URL(link).searchParams.get('token')!;
	const first = await press(page, { action: 'signIn', token });
	expect(first).toMatchObject({ status: 200, html: expect.stringContaining('mensagens recebidas') });
	expect(await press(page, { action: 'signIn', token })).toMatchObject({
		...{ status: 404, html: expect.stringContaining('Este link não abre nada') },
	});

	expect(await ask(page, GONE)).toBe(member);
	await waitFor(async () => (await statuses(GONE))[0] === 'failed', { timeoutMs: 20_000, what: 'the refused mail' });
	expect(smtp.taken).toHaveLength(1);
	const told = (await ingestHealth(database, tenantId)).find(({ code }) => code === 'sign_in_mails_failed');
	expect(told).toMatchObject({ n: 1, advice: expect.stringContaining('SMTP') });
});
