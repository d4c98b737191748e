import { randomBytes } from 'node:crypto';
import { actOnDashboard, createDashboardLink, openDashboard } from '../../../core/dashboard';
import type { Database } from '../../../core/database';
import { createPersonaVersion } from '../../../core/leads';
import { setBreaker } from '../../../core/rollouts';
import { saveMember } from '../../../core/tenancy';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { databaseFor, dropDatabase, makeTenant, vault, type TestTenant } from '../../support/factory';
import { besideOf, summaryOf } from '../../pages/reading';

const pageUrl = 'https://n8n.example.com/webhook/agent-factory/dashboard';
const ports = { vault, now: Date.now, randomBytes, sendsMail: true };
const LONG = 'a'.repeat(501);
let test_: TestDatabase;
let database: Database;
let tenant: TestTenant;
let token: string;

const press = async (form: Record<string, unknown>) => await actOnDashboard({ database, form, pageUrl, ports });
const versionOf = async (positiveKeywords: string[]): Promise<string> =>
	(await createPersonaVersion(database, tenant.id, { positiveKeywords }, { activate: true })).id;

beforeAll(async () => {
	test_ = await createTestDatabase();
	database = databaseFor(test_);
	tenant = await makeTenant(database);
	const person = { email: 'owner@example.com', fullName: 'Ana', role: 'owner' as const };
	const { user_id: userId } = await saveMember(database, tenant.id, person);
	const { url } = await createDashboardLink(database, tenant.id, { userId, pageUrl }, ports);
	token = new URL(url).searchParams.get('token')!;
});
afterAll(async () => await dropDatabase(database, test_));

test.each(['', 'ana', 'ana@', 'a b@c.d', `ana@${'x'.repeat(200)}`])(
	'the address "%s" is refused beside its field and stands in it',
	async (email) => {
		const { html, isRefused } = await press({ action: 'requestSignIn', email });
		expect(isRefused).toBe(true);
		expect(besideOf(html, 'email')).toEqual({ value: email, problem: expect.stringContaining('não é um e-mail') });
		expect(summaryOf(html)).toEqual([['email', expect.stringContaining('não é um e-mail')]]);
	},
);

test.each([
	['', 'Cole primeiro'],
	['zf_wrong', 'não abre nada'],
])('the access key "%s" is refused beside its field, and a secret is not shown again', async (accessKey, said) => {
	const { html, isRefused } = await press({ action: 'signInByKey', accessKey });
	expect(isRefused).toBe(true);
	expect(besideOf(html, 'key')).toEqual({ value: '', problem: expect.stringContaining(said) });
});

test.each([
	['', 'Diga por quê'],
	[LONG, 'no máximo 500'],
])('a version does not come back without a reason that fits: %#', async (reason, said) => {
	const old = await versionOf(['aula']);
	const form = { token, action: 'restore', target: 'persona', id: old, reason };
	await versionOf(['plano']);
	const { html, isRefused } = await press(form);
	expect(isRefused).toBe(true);
	expect(besideOf(html, 'reason')).toEqual({ value: reason, problem: expect.stringContaining(said) });
});

test('a version that is back already says so and is no fault', async () => {
	const form = { token, action: 'restore', target: 'persona', id: await versionOf(['avaliacao']), reason: 'de novo' };
	expect(await press(form)).toMatchObject({ isRefused: false, html: expect.stringContaining('Ela já está em uso.') });
});

test('the reason for closing a breaker is asked for beside its field, and kept where the breaker moved meanwhile', async () => {
	const change = { target: 'persona' as const, agentId: null, to: 'open' as const, reason: 'three in a row' };
	await setBreaker(database, tenant.id, change, { name: 'loop', isPerson: false });
	const form = { token, action: 'setBreaker', target: 'persona', agent: '', to: 'half_open' };
	for (const [reason, said] of [
		['', 'Diga por quê'],
		[LONG, 'no máximo 500'],
	]) {
		const { html, isRefused } = await press({ ...form, reason });
		expect(isRefused).toBe(true);
		expect(besideOf(html, 'reason-persona')).toEqual({ value: reason, problem: expect.stringContaining(said) });
	}
	expect(await press({ ...form, reason: 'olhei' })).toMatchObject({ isRefused: false, done: true });
	// Somebody else was quicker: the form of this page is of a state that is gone.
	const stale = await press({ ...form, reason: 'olhei <também>' });
	expect(stale).toMatchObject({ isRefused: true, done: false });
	expect(besideOf(stale.html, 'reason-persona')).toEqual({
		...{ value: 'olhei <também>', problem: expect.stringContaining('mudou enquanto isso') },
	});
	expect(await press({ ...form, to: 'closed', reason: 'está bem' })).toMatchObject({ done: true });
	const gone = await press({ ...form, to: 'closed', reason: 'olhei <também>' });
	expect(gone.isRefused).toBe(true);
	expect(gone.html).toContain('olhei &lt;também&gt;</pre>');
});

test('an agent that is no id is refused like a forged link', async () => {
	const form = { token, action: 'setBreaker', target: 'prompt', agent: 'x', to: 'closed', reason: 'y' };
	await expect(press(form)).rejects.toMatchObject({ code: 'DASHBOARD_LINK_REFUSED' });
	await expect(openDashboard(database, { token, view: 'restore', target: 'x' }, ports)).rejects.toMatchObject({
		code: 'DASHBOARD_LINK_REFUSED',
	});
});
