import { randomBytes } from 'node:crypto';
import {
	createVerdictLinks,
	listOutcomes,
	readVerdictLink,
	receiveOutcome,
	recordVerdictLink,
} from '../../../core/leads';
import type { Database } from '../../../core/database';
import { createWebhookSecret, signWebhook } from '../../../core/notifications';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { databaseFor, dropDatabase, makeTenant, vault, type TestTenant } from '../../support/factory';
import { saveLead } from './lead-story';

let test_: TestDatabase;
let database: Database;
let tenant: TestTenant;

beforeAll(async () => {
	test_ = await createTestDatabase();
	database = databaseFor(test_);
});
beforeEach(async () => void (tenant = await makeTenant(database)));
afterAll(async () => await dropDatabase(database, test_));

describe('a verdict link', () => {
	const ports = { vault, now: () => Date.now(), randomBytes };
	const linksFor = (leadId: string, tenantId = tenant.id, at = ports) =>
		createVerdictLinks({ tenantId, leadId, baseUrl: 'https://n8n.example.com/webhook/verdict', actor: 'Rui' }, at);
	const tokenOf = (url: string): string => new URL(url).searchParams.get('token')!;

	test('records its verdict once, by whom it was sent to; opening it records nothing', async () => {
		const { leadId } = await saveLead(database, tenant.id);
		const { links } = linksFor(leadId);
		const token = tokenOf(links.bom);
		expect(readVerdictLink(token, ports)).toMatchObject({ verdict: 'bom', leadId, actor: 'Rui' });
		expect(await listOutcomes(database, tenant.id)).toEqual([]);
		expect(await recordVerdictLink(database, token, ports)).toMatchObject({ kind: 'bom', created: true });
		expect(await recordVerdictLink(database, token, ports)).toMatchObject({ created: false });
		await recordVerdictLink(database, tokenOf(links.spam), ports);
		expect(await listOutcomes(database, tenant.id)).toMatchObject([
			{ kind: 'spam', actor: 'Rui', source: 'person' },
			{ kind: 'bom' },
		]);
	});

	test('is refused after a week, changed, or made up', async () => {
		const { leadId } = await saveLead(database, tenant.id);
		const old = linksFor(leadId, tenant.id, { ...ports, now: () => Date.now() - 8 * 86_400_000 });
		expect(() => readVerdictLink(tokenOf(old.links.bom), ports)).toThrow(
			expect.objectContaining({ code: 'VERDICT_LINK_EXPIRED' }),
		);
		const token = tokenOf(linksFor(leadId).links.bom);
		const middle = Math.floor(token.length / 2);
		const changed = `${token.slice(0, middle)}${token[middle] === 'A' ? 'B' : 'A'}${token.slice(middle + 1)}`;
		for (const wrong of [changed, 'v1.x.y', '', vault.encrypt('{}', 'verdict_links'), vault.encrypt('token', 'other')])
			expect(() => readVerdictLink(wrong, ports)).toThrow(expect.objectContaining({ code: 'VERDICT_LINK_INVALID' }));
	});

	test("of one tenant reaches no other tenant's lead", async () => {
		const { leadId } = await saveLead(database, tenant.id);
		const other = await makeTenant(database);
		const token = tokenOf(linksFor(leadId, other.id).links.bom);
		await expect(recordVerdictLink(database, token, ports)).rejects.toMatchObject({ code: 'NOT_FOUND' });
	});
});

describe("a CRM's webhook", () => {
	const ports = { vault, now: () => Date.now() };
	const signed = (secret: string, body: unknown, id = 'evt_1', at = Date.now()) => {
		const rawBody = Buffer.from(JSON.stringify(body));
		return { rawBody, headers: { ...signWebhook([secret], id, at, rawBody) } };
	};

	test('moves the stage, once a delivery id, and is refused when changed, old or unsigned', async () => {
		const { leadId } = await saveLead(database, tenant.id);
		const { secret } = await createWebhookSecret(database, tenant.id, 'crm', { vault, randomBytes });
		const body = { type: 'deal.moved', data: { leadId, stage: 'Proposta', actor: 'Pipedrive' } };
		const request = signed(secret, body);
		expect(await receiveOutcome(database, tenant.id, request, ports)).toMatchObject({
			created: true,
			stage: 'proposal',
		});
		expect(await receiveOutcome(database, tenant.id, request, ports)).toMatchObject({ created: false });
		expect(await listOutcomes(database, tenant.id)).toMatchObject([{ source: 'crm', actor: 'Pipedrive' }]);

		const refusals = [
			{ ...request, rawBody: Buffer.from(JSON.stringify({ data: { leadId, stage: 'Fechado' } })) },
			signed(secret, body, 'evt_2', Date.now() - 400_000),
			{ ...request, headers: {} },
			signed('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', body),
		];
		for (const refused of refusals)
			await expect(receiveOutcome(database, tenant.id, refused, ports)).rejects.toMatchObject({
				code: 'WEBHOOK_REFUSED',
			});
	});

	test.each<[string, unknown]>([
		['no JSON', 'x'],
		['no lead', { data: { stage: 'Proposta' } }],
		['nothing to say', { data: { leadId: '3f0c8e2a-7c1d-4f6e-9b1a-2d5e8c7f4a10' } }],
	])('with %s is answered with what is missing', async (_, body) => {
		const { secret } = await createWebhookSecret(database, tenant.id, 'crm', { vault, randomBytes });
		const request = signed(secret, body);
		await expect(receiveOutcome(database, tenant.id, request, ports)).rejects.toMatchObject({
			code: 'OUTCOME_INVALID',
		});
	});

	test('without a secret is refused', async () => {
		await expect(
			receiveOutcome(database, tenant.id, { rawBody: Buffer.from('{}'), headers: {} }, ports),
		).rejects.toMatchObject({ code: 'WEBHOOK_REFUSED' });
	});
});
