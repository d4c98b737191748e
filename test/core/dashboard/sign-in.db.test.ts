import { randomBytes } from 'node:crypto';
import { createDashboardLink, requestSignIn, settleSignInMail, signIn, signInByKey } from '../../../core/dashboard';
import { openLink, viewerOf } from '../../../core/dashboard/links';
import type { Database } from '../../../core/database';
import { ingestHealth } from '../../../core/reports';
import {
	createAccessKey,
	inTenant,
	removeMember,
	revokeAccessKey,
	saveMember,
	sealPageLink,
	type PageLinkPorts,
} from '../../../core/tenancy';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { databaseFor, dropDatabase, makeTenant, vault, type TestTenant } from '../../support/factory';

const pageUrl = 'https://n8n.example.com/webhook/agent-factory/dashboard';
const email = 'dona@example.com';
let clock = Date.now();
const ports: PageLinkPorts = { vault, now: () => clock, randomBytes };
let test_: TestDatabase;
let database: Database;
let tenant: TestTenant;
let userId: string;

beforeEach(async () => {
	clock = Date.now();
	test_ = await createTestDatabase();
	database = databaseFor(test_);
	tenant = await makeTenant(database);
	userId = (await saveMember(database, tenant.id, { email, fullName: 'Dona Ana', role: 'owner' })).user_id;
});
afterEach(async () => await dropDatabase(database, test_));

const ask = async (address = email) => await requestSignIn(database, { email: address, pageUrl }, ports);
const tokensIn = (text: string): string[] =>
	[...text.matchAll(/https:\S+/g)].map(([url]) => new URL(url).searchParams.get('token')!);
const mailedToken = async (): Promise<string> => tokensIn((await ask())!.text)[0];
const enter = async (token: unknown) => await signIn(database, token, pageUrl, ports);
const REFUSED = 'This link opens nothing';

test('a member is mailed a link that signs in once, in their name', async () => {
	const mail = await ask(' DONA@example.com ');
	expect(mail).toMatchObject({ to: email, subject: 'Seu link para entrar' });
	const [token] = tokensIn(mail!.text);
	const { token: session, viewer } = await enter(token);
	expect(viewer).toMatchObject({ tenantId: tenant.id, userId, name: 'Dona Ana <dona@example.com>', role: 'owner' });
	await inTenant(database, tenant.id, async (db) => {
		expect(await viewerOf(db, openLink(session, 'dashboard', ports))).toEqual(viewer);
	});
	await expect(enter(token)).rejects.toThrow(REFUSED);
	const { rows } = await test_.admin.query(
		`select subject_id, details from agent_factory.audit_events where event_type = 'member.signed_in'`,
	);
	expect(rows).toEqual([{ subject_id: userId, details: { way: 'mail' } }]);
});

test('of two who press at once one gets in', async () => {
	const token = await mailedToken();
	const answers = await Promise.allSettled([enter(token), enter(token)]);
	expect(answers.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
});

test('who works for two tenants gets one mail with a link to each', async () => {
	const other = await makeTenant(database);
	await saveMember(database, other.id, { email, role: 'viewer' });
	const tokens = tokensIn((await ask())!.text);
	const viewers = await Promise.all(tokens.map(async (token) => (await enter(token)).viewer));
	expect(new Set(viewers.map(({ tenantId }) => tenantId))).toEqual(new Set([tenant.id, other.id]));
	expect(viewers.find(({ tenantId }) => tenantId === other.id)?.role).toBe('viewer');
});

test('a stranger is mailed nothing', async () => {
	for (const address of ['nobody@example.com', '', 'x'.repeat(300), "' or true --"])
		expect(await ask(address)).toBeNull();
});

test('five mails an hour, and again after it', async () => {
	for (let n = 0; n < 5; n += 1) expect(await ask()).not.toBeNull();
	expect(await ask()).toBeNull();
	await test_.admin.query(
		`update agent_factory.sign_in_requests set requested_at = requested_at - interval '61 minutes'`,
	);
	expect(await ask()).not.toBeNull();
});

test('a mail that did not leave takes none of the five, and is told until one leaves', async () => {
	const failing = async (): Promise<string[]> => (await ingestHealth(database, tenant.id)).map(({ code }) => code);
	for (let n = 0; n < 6; n += 1) {
		const { requests } = (await ask())!;
		const refusal = { messageId: '<1@x>', error: `550 5.1.1 ${email} unknown` };
		expect(await settleSignInMail(database, requests, refusal)).toBe('failed');
		// The first word counts.
		await settleSignInMail(database, requests, { messageId: '<1@x>' });
	}
	expect(await failing()).toEqual(['sign_in_mails_failed']);
	const { rows } = await test_.admin.query(
		`select distinct subject_id, details ->> 'code' as code from agent_factory.audit_events where event_type = 'member.sign_in_mail_failed'`,
	);
	expect(rows).toEqual([{ subject_id: userId, code: '550' }]);
	expect(
		(await test_.admin.query('select distinct mail_status, error from agent_factory.sign_in_requests')).rows,
	).toEqual([{ mail_status: 'failed', error: '550 5.1.1 … unknown' }]);

	expect(await settleSignInMail(database, (await ask())!.requests, {})).toBe('failed');
	expect(await settleSignInMail(database, (await ask())!.requests, { messageId: '<2@x>' })).toBe('sent');
	expect(await failing()).toEqual([]);
});

test('a neighbour settles no mail of somebody else', async () => {
	const other = await makeTenant(database);
	const { requests } = (await ask())!;
	await settleSignInMail(database, [{ ...requests[0], tenantId: other.id }], { error: '550' });
	const { rows } = await test_.admin.query('select mail_status from agent_factory.sign_in_requests');
	expect(rows).toEqual([{ mail_status: 'asked' }]);
});

test('a mailed link is over after 15 minutes, a working day after 12 hours', async () => {
	const token = await mailedToken();
	const { token: session } = await enter(await mailedToken());
	clock += 15 * 60_000 + 1_000;
	await expect(enter(token)).rejects.toThrow(REFUSED);
	expect(openLink(session, 'dashboard', ports).tenantId).toBe(tenant.id);
	clock += 12 * 3_600_000;
	expect(() => openLink(session, 'dashboard', ports)).toThrow(REFUSED);
});

test('forged, of another page, of another tenant, or of somebody who left: the same answer', async () => {
	const made = await mailedToken();
	const { url } = await createDashboardLink(database, tenant.id, { userId, pageUrl }, ports);
	const dashboard = new URL(url).searchParams.get('token')!;
	const other = await makeTenant(database);
	const foreign = sealPageLink(
		{ purpose: 'sign-in', tenantId: other.id, subject: 'member', person: userId, hours: 1 },
		pageUrl,
		ports,
	).token;
	for (const token of [undefined, '', 'abc', `${made}x`, dashboard, foreign])
		await expect(enter(token)).rejects.toThrow(REFUSED);
	await removeMember(database, tenant.id, userId);
	await expect(enter(made)).rejects.toThrow(REFUSED);
	await expect(createDashboardLink(database, tenant.id, { userId, pageUrl }, ports)).rejects.toThrow('is no member');
});

test('an access key opens the page when it has the scope, and only looks', async () => {
	const make = async (scopes: string[]) =>
		await createAccessKey(database, tenant.id, { name: 'painel', scopes }, randomBytes);
	const { id, key } = await make(['dashboard']);
	const { token } = await signInByKey(database, key, pageUrl, ports);
	const seen = async () =>
		await inTenant(database, tenant.id, async (db) => await viewerOf(db, openLink(token, 'dashboard', ports)));
	expect(await seen()).toMatchObject({ userId: null, role: 'viewer' });
	const other = await make(['crm']);
	await expect(signInByKey(database, other.key, pageUrl, ports)).rejects.toThrow(REFUSED);
	await revokeAccessKey(database, tenant.id, other.id);
	expect(await seen()).toMatchObject({ userId: null });
	await revokeAccessKey(database, tenant.id, id);
	await expect(seen()).rejects.toThrow(REFUSED);
	await expect(signInByKey(database, key, pageUrl, ports)).rejects.toThrow(REFUSED);
	await expect(signInByKey(database, 'af_nothing', pageUrl, ports)).rejects.toThrow(REFUSED);
});
