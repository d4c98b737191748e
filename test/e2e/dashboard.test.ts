import type { Pool } from 'pg';
import { openDatabase, type Database } from '../../core/database';
import { rollUpDays } from '../../core/reports';
import { saveMember } from '../../core/tenancy';
import { textBody } from '../support/factory';
import { waitFor } from '../support/wait-for';
import { byId, operate } from './support/operate';
import { openFactory, post, sentMessages, state } from './support/running';

const FROM = '5511966640001';
let pool: Pool;
let database: Database;
let tenantId: string;
let userId: string;

beforeAll(async () => {
	pool = openFactory();
	database = openDatabase({ connectionString: state().database.url });
	[{ id: tenantId }] = (await pool.query(`select id from agent_factory.tenants where slug = 'fitpro'`)).rows;
	const person = { email: 'dona@example.com', fullName: 'Dona Ana', role: 'owner' as const };
	userId = (await saveMember(database, tenantId, person)).user_id;
});
afterAll(async () => {
	await pool.end();
	await database.pool.end();
});

const page = (): string => `${state().n8n.url}/webhook/agent-factory/dashboard`;
const press = async (token: string, form: Record<string, string>): Promise<{ status: number; html: string }> => {
	const body = new URLSearchParams({ token, ...form });
	const answer = await fetch(`${page()}?token=${encodeURIComponent(token)}`, { method: 'POST', body });
	return { status: answer.status, html: await answer.text() };
};
const open = async (query: Record<string, string>) => {
	const answer = await fetch(`${page()}?${new URLSearchParams(query).toString()}`, { redirect: 'manual' });
	return { status: answer.status, html: await answer.text(), headers: answer.headers };
};
const linksOf = (html: string, view: string): Array<Record<string, string>> =>
	[...html.matchAll(/href="\?([^"]+)"/g)]
		.map(([, query]) => Object.fromEntries(new URLSearchParams(query.replaceAll('&amp;', '&'))))
		.filter((query) => query.view === view);
const memberToken = async (): Promise<string> => {
	const { url } = await operate('e2e-dashboard-link', {
		type: 'dashboard',
		parameters: {
			operation: 'createPageLink',
			tenant: byId(tenantId),
			userId: byId(userId),
			pageUrl: page(),
			hours: 1,
		},
	});
	expect(url).toMatch(page());
	return new URL(url as string).searchParams.get('token')!;
};

test('a member opens the figures and asks an answer why', async () => {
	const tenant = state().tenants.find(({ slug }) => slug === 'fitpro')!;
	const { externalId } = tenant.channels.find(({ kind }) => kind === 'whatsapp')!;
	const body = JSON.stringify(textBody(externalId, [{ from: FROM, text: 'quanto custa o plano?', name: 'Rui' }]));
	expect((await post(body)).status).toBe(200);
	await waitFor(async () => (await sentMessages()).some(({ to }) => to?.replace('+', '') === FROM), {
		timeoutMs: 60_000,
		what: 'the answer',
	});
	await rollUpDays(database);

	const token = await memberToken();
	const overview = await open({ token });
	expect(overview).toMatchObject({ status: 200 });
	expect(overview.headers.get('content-type')).toContain('text/html');
	expect(overview.html).toContain('mensagens recebidas');

	const replies = await open({ token, view: 'replies' });
	const why = await open(linksOf(replies.html, 'why')[0]);
	expect(why.status).toBe(200);
	expect(why.html).toContain('Por que ele disse isso?');
	expect(why.html).toContain('Versões que responderam');

	for (const wrong of [`${token}x`, 'forged']) expect((await open({ token: wrong })).status).toBe(404);
	expect((await press(token, { action: 'restore', target: 'persona', id: userId, reason: 'x' })).status).toBe(404);
	const signIn = await open({});
	expect(signIn.html).toContain('Com uma chave de acesso');
});

test('the operator sees every client, and the checklist of the installation is green', async () => {
	const operator = await operate('e2e-operator-link', {
		type: 'dashboard',
		parameters: { operation: 'createOperatorLink', person: 'Ops', pageUrl: page(), hours: 1 },
	});
	const all = await fetch(operator.url as string);
	const html = await all.text();
	for (const { slug } of state().tenants) {
		const [{ name }] = (await pool.query('select name from agent_factory.tenants where slug = $1', [slug])).rows;
		expect(html).toContain(name);
	}
	const { url } = await operate('e2e-checklist-link', {
		type: 'agentFactory',
		parameters: { resource: 'database', operation: 'createChecklistLink', pageUrl: page() },
	});
	const checklist = await fetch(url as string);
	expect(checklist.status).toBe(200);
	const lines = await checklist.text();
	expect(lines).toContain('✓ Mensagem de teste');
	expect(lines).toContain('✓ Banco de dados');
});
