import { randomBytes } from 'node:crypto';
import {
	actOnDashboard,
	createDashboardLink,
	createOperatorLink,
	openDashboard,
	type PagePorts,
} from '../../../core/dashboard';
import type { Database } from '../../../core/database';
import { createPersonaVersion } from '../../../core/leads';
import { setBreaker } from '../../../core/rollouts';
import { saveMember, type Role } from '../../../core/tenancy';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { databaseFor, dropDatabase, makeTenant, vault, type TestTenant } from '../../support/factory';
import { live, roll } from '../reports/four-people';
import { beginStory, type Story } from '../reports/story';

const pageUrl = 'https://n8n.example.com/webhook/agent-factory/dashboard';
const ports: PagePorts & { approvalUrl: string } = {
	...{ vault, now: Date.now, randomBytes, sendsMail: true },
	approvalUrl: pageUrl.replace('dashboard', 'approval'),
};
const REFUSED = 'This link opens nothing';
let test_: TestDatabase;
let database: Database;
let story: Story;
let neighbour: TestTenant;

beforeAll(async () => {
	test_ = await createTestDatabase();
	database = databaseFor(test_);
	story = await beginStory(test_, database, 'America/Sao_Paulo');
	await live(story);
	await roll(story);
	neighbour = await makeTenant(database);
});
afterAll(async () => await dropDatabase(database, test_));

const tokenOf = async (role: Role, tenantId = story.tenant.id): Promise<string> => {
	const { user_id: userId } = await saveMember(database, tenantId, {
		...{ email: `${role}-${tenantId.slice(0, 8)}@example.com`, fullName: 'Dona <b>Ana</b>', role },
	});
	const { url } = await createDashboardLink(database, tenantId, { userId, pageUrl }, ports);
	return new URL(url).searchParams.get('token')!;
};
const open = async (query: Record<string, unknown>) => await openDashboard(database, query, ports);
const press = async (form: Record<string, unknown>) => await actOnDashboard({ database, form, pageUrl, ports });
const linksOf = (html: string, view: string): URLSearchParams[] =>
	[...html.matchAll(/href="\?([^"]+)"/g)]
		.map(([, query]) => new URLSearchParams(query.replaceAll('&amp;', '&')))
		.filter((query) => query.get('view') === view);
const firstReply = async (tenantId: string): Promise<string> =>
	(
		await test_.admin.query<{ id: string }>(
			`select id from agent_factory.messages where tenant_id = $1 and direction = 'outbound' and author = 'agent' order by id limit 1`,
			[tenantId],
		)
	).rows[0].id;
const personas = async (): Promise<Array<{ id: string; version: number; is_active: boolean }>> =>
	(
		await test_.admin.query(
			'select id, version, is_active from agent_factory.tenant_personas where tenant_id = $1 and activated_at is not null order by version',
			[story.tenant.id],
		)
	).rows;

test('a member sees the figures of their business, in its language, without anything from outside', async () => {
	const { html, tenantId } = await open({ token: await tokenOf('viewer') });
	expect(tenantId).toBe(story.tenant.id);
	expect(html).toContain('mensagens recebidas');
	expect(html.match(/<svg viewBox="0 0 360/g)!.length).toBeGreaterThanOrEqual(3);
	expect(html).not.toMatch(/<script|src=|url\(|@import|https?:\/\//);
	expect((await open({ token: await tokenOf('viewer'), lang: 'en' })).html).toContain('messages received');
});

test('the set-up report hears of it once a member looks around, not of a preview of the link', async () => {
	const opened = async (): Promise<number> =>
		(
			await test_.admin.query<{ n: number }>(
				`select count(*)::integer as n from agent_factory.analytics_events where event_type = 'dashboard.opened'`,
			)
		).rows[0].n;
	const token = await tokenOf('operator');
	await open({ token });
	expect(await opened()).toBe(0);
	await open({ token, days: '7' });
	// More days than there may be are the usual ones.
	for (const days of ['200', '0', 'x']) expect((await open({ token, days })).html).toContain('Últimos 30 dias');
	await open({ token, view: 'versions' });
	expect(await opened()).toBe(1);
});

test('each answer can be asked why, with what it was asked and by which versions', async () => {
	const token = await tokenOf('viewer');
	const { html } = await open({ token, view: 'replies' });
	const why = linksOf(html, 'why');
	expect(why.length).toBeGreaterThan(0);
	const page = await open(Object.fromEntries(why[0]));
	for (const heading of ['Ele disse', 'Perguntaram', 'Versões que responderam', 'Custo'])
		expect(page.html).toContain(heading);
});

test('what is of another tenant, or nowhere, is refused like a forged link', async () => {
	const token = await tokenOf('owner', neighbour.id);
	const [{ id }] = await personas();
	for (const query of [
		{ view: 'why', message: await firstReply(story.tenant.id) },
		{ view: 'why', message: '999999999' },
		{ view: 'why', outbox: 'x' },
		{ view: 'compare', target: 'persona', before: id, after: id },
		{ view: 'restore', target: 'persona', id },
		{ view: 'suggestion', target: 'persona', id },
	])
		await expect(open({ token, ...query })).rejects.toThrow(REFUSED);
	await expect(press({ token: `${token}x`, action: 'restore' })).rejects.toThrow(REFUSED);
	await expect(press({ token, action: 'constructor' })).rejects.toThrow(REFUSED);
});

test('an owner puts a version back after being told who meets another one, and the log names them', async () => {
	await createPersonaVersion(database, story.tenant.id, { positiveKeywords: ['plano'] }, { activate: true });
	await createPersonaVersion(database, story.tenant.id, { positiveKeywords: ['aula'] }, { activate: true });
	const token = await tokenOf('owner');
	const { html } = await open({ token, view: 'versions' });
	const [ask] = linksOf(html, 'restore');
	const asked = await open(Object.fromEntries(ask));
	expect(asked.html).toMatch(/\d+ pessoas encontraram a versão em uso/);
	const form = { token, action: 'restore', target: 'persona', id: ask.get('id') };
	expect((await press({ ...form, reason: ' ' })).html).toContain('Diga por quê');
	const done = await press({ ...form, reason: 'melhor antes' });
	expect(done).toMatchObject({ done: true, action: 'restore' });
	expect(done.html).toMatch(/A versão \d+ está em uso\./);
	expect((await personas()).find(({ is_active: active }) => active)?.id).toBe(ask.get('id'));
	const { rows } = await test_.admin.query(
		`select actor from agent_factory.audit_events where event_type = 'version.restored'`,
	);
	expect(rows).toEqual([{ actor: expect.stringContaining('@example.com>') }]);
});

test('two versions stand side by side with what changed', async () => {
	const token = await tokenOf('viewer');
	const [compare] = linksOf((await open({ token, view: 'versions' })).html, 'compare');
	const { html } = await open(Object.fromEntries(compare));
	expect(html).toContain('<ins>');
	expect(html).toMatch(/linhas entraram/);
});

test('who may only look is offered no act and can do none', async () => {
	const token = await tokenOf('viewer');
	expect(linksOf((await open({ token, view: 'versions' })).html, 'restore')).toEqual([]);
	const [{ id }] = await personas();
	await expect(open({ token, view: 'restore', target: 'persona', id })).rejects.toThrow(REFUSED);
	for (const action of ['restore', 'setBreaker'])
		await expect(press({ token, action, target: 'persona', id, reason: 'x' })).rejects.toThrow(REFUSED);
});

test('an open breaker is shown with its reason and closed in the name of the member', async () => {
	const loop = { name: 'loop', isPerson: false };
	const change = { target: 'persona' as const, agentId: null, to: 'open' as const, reason: 'three in a row' };
	await setBreaker(database, story.tenant.id, change, loop);
	const token = await tokenOf('admin');
	expect((await open({ token, view: 'versions' })).html).toContain('three in a row');
	const form = { token, action: 'setBreaker', target: 'persona', agent: '', to: 'half_open' };
	expect((await press({ ...form, reason: '' })).done).toBe(false);
	expect((await press({ ...form, reason: 'olhei' })).done).toBe(true);
	const { rows } = await test_.admin.query(
		`select actor, is_person from agent_factory.rollout_events where kind = 'breaker_half_open'`,
	);
	expect(rows).toEqual([{ actor: expect.stringContaining('@example.com>'), is_person: true }]);
});

test('the operator sees every client by a link of their own, which opens no client', async () => {
	const { url } = createOperatorLink({ person: 'Ops', pageUrl }, ports);
	const token = new URL(url).searchParams.get('token')!;
	const { html, tenantId } = await open({ token, lang: 'en' });
	expect(tenantId).toBeNull();
	expect(html).toContain('All clients');
	await expect(press({ token, action: 'restore' })).rejects.toThrow(REFUSED);
});

test('where no mails are sent none is offered, asked for or promised', async () => {
	const withoutMail = { ...ports, sendsMail: false };
	const page = await openDashboard(database, {}, withoutMail);
	const form = { action: 'requestSignIn', email: 'dona@example.com', lang: 'pt-BR' };
	const acted = await actOnDashboard({ database, form, pageUrl, ports: withoutMail });
	for (const { html } of [page, acted]) {
		expect(html).toContain('não estão ligados aqui');
		expect(html).not.toMatch(/name="email"|a caminho/);
	}
	expect(acted).toMatchObject({ mail: null, done: false });
});

test('without a token the page is the one to sign in on; a bad address stands beside its field, and what was typed is kept', async () => {
	expect((await open({})).html).toContain('Enviar um link');
	const bad = await press({ action: 'requestSignIn', email: 'ana@', lang: 'pt-BR' });
	expect(bad.mail).toBeNull();
	expect(bad.html).toContain('value="ana@"');
	expect(bad.html).toContain('aria-invalid="true"');
	const stranger = await press({ action: 'requestSignIn', email: 'ninguem@example.com', lang: 'pt-BR' });
	const member = await press({ action: 'requestSignIn', email: `owner-${story.tenant.id.slice(0, 8)}@example.com` });
	expect([stranger.html, stranger.mail]).toEqual([member.html, null]);
	const token = new URL(/https:\S+/.exec(member.mail!.text)![0]).searchParams.get('token')!;
	expect((await open({ token })).html).toContain('Aperte o botão');
	expect((await press({ action: 'signIn', token })).html).toContain('mensagens recebidas');
});
