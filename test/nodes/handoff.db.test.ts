import type { IDataObject } from 'n8n-workflow';
import { closeSharedDatabases } from '../../core/database';
import { saveTemplate } from '../../core/outbox';
import { Handoff } from '../../nodes/Handoff/Handoff.node';
import { age, handedOver, member, write } from '../core/handoff/support';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { databaseFor, dropDatabase, makeTenant, type TestTenant } from '../support/factory';
import { postgresCredential, runNode, vaultCredential } from './agent-factory-runs';

const NUMBER = '5511955551234';
let test_: TestDatabase;
let database: ReturnType<typeof databaseFor>;
let tenant: TestTenant;
let userId: string;

beforeAll(async () => {
	test_ = await createTestDatabase();
	database = databaseFor(test_);
});
beforeEach(async () => {
	tenant = await makeTenant(database);
	userId = (await member(database, tenant)).user_id;
});
afterAll(async () => {
	await closeSharedDatabases();
	await dropDatabase(database, test_);
});

const run = async (operation: string, parameters: IDataObject = {}): Promise<any[]> =>
	(
		await runNode(new Handoff(), {
			parameters: { operation, tenant: tenant.id, ...parameters },
			credentials: { postgres: postgresCredential(test_.connectionString), agentFactoryVaultApi: vaultCredential },
		})
	).map(({ json }) => json);
const queued = async (): Promise<any[]> =>
	(
		await test_.admin.query(
			`select o.kind, o.author, o.whatsapp_payload as payload, k.phone from agent_factory.outbox_messages o join agent_factory.contacts k on k.id = o.contact_id
				where o.tenant_id = $1 and o.idempotency_key like 'direct:handoff-told:%' order by o.created_at`,
			[tenant.id],
		)
	).rows;
const settings = async (changes: object): Promise<any> =>
	(
		await run('saveSettings', {
			changes: { pageUrl: 'https://n8n.example.com/webhook/agent-factory/handoff', ...changes },
		})
	)[0];
/** The newest job that writes to a member. */
const job = async (): Promise<any> =>
	(
		await test_.admin.query(
			`select status, last_error from agent_factory.background_jobs where tenant_id = $1 and job_type = 'handoff.whatsapp' order by created_at desc limit 1`,
			[tenant.id],
		)
	).rows[0];

test('settings and people are saved, read, and taken back', async () => {
	expect(await settings({ slaMinutes: 7, quietMinutes: 0 })).toMatchObject({ slaMinutes: 7, quietMinutes: null });
	const [saved] = await run('saveRecipient', { userId, level: 1, byEmail: true, whatsappNumber: `+${NUMBER}` });
	expect(saved.recipients).toMatchObject([{ userId, level: 1, whatsappNumber: NUMBER }]);
	expect((await run('getSettings'))[0]).toMatchObject({ slaMinutes: 7, recipients: [{ userId }] });
	await expect(settings({ slaMinutes: 0 })).rejects.toMatchObject({ context: { code: 'VALUE_REFUSED' } });
	expect(await run('removeRecipient', { userId, level: 1 })).toMatchObject([{ removed: 1 }]);
});

test('a member hears by WhatsApp: the template with its values outside their window, a text inside it, once each', async () => {
	const template = await saveTemplate(database, tenant.id, {
		...{
			name: 'equipe_aviso',
			category: 'other',
			content: 'Conversa espera: {{1}}, {{2}}. Abra {{3}}',
			language: 'pt_BR',
		},
		...{ metaName: 'equipe_aviso', metaCategory: 'UTILITY', metaStatus: 'APPROVED' },
	});
	await settings({ whatsappAccountId: tenant.channelAccountId, whatsappTemplateId: template.id });
	await run('saveRecipient', { userId, level: 0, byEmail: false, whatsappNumber: NUMBER });
	await handedOver(database, tenant, '5511977771001');
	await run('runDueWork', { limit: 10 });
	await run('runDueWork', { limit: 10 });
	const [told, ...others] = await queued();
	expect([others, told.kind, told.author, told.phone]).toEqual([[], 'template', 'human', NUMBER]);
	const values = told.payload.template.components[0].parameters.map(({ text }: { text: string }) => text);
	expect(values).toEqual(['Pediu uma pessoa', '-', expect.stringMatching(/^https:\/\/n8n\.example\.com\/.*token=/)]);

	await write(database, tenant, NUMBER, 'ok, vi');
	await handedOver(database, tenant, '5511977771002');
	await run('runDueWork', { limit: 10 });
	const [, text] = await queued();
	expect([text.kind, text.phone]).toEqual(['direct', NUMBER]);
	expect(JSON.stringify(text.payload)).not.toContain('quero falar');
});

test('without a template the member is not told by WhatsApp, and the job says what is missing', async () => {
	await settings({ whatsappAccountId: tenant.channelAccountId });
	await run('saveRecipient', { userId, level: 0, byEmail: true, whatsappNumber: NUMBER });
	await handedOver(database, tenant, '5511977771003');
	await run('runDueWork', { limit: 10 });
	expect(await queued()).toEqual([]);
	const { status, last_error: error } = await job();
	expect([status, JSON.stringify(error)]).toEqual(['failed', expect.stringContaining('approved UTILITY template')]);
});

test('the queue, what is overdue, what goes back to the bot, and the figures', async () => {
	await settings({ quietMinutes: 60, slaMinutes: 10, escalationMinutes: 5 });
	await run('saveRecipient', { userId, level: 0, byEmail: true, whatsappNumber: '' });
	const { handoffId, conversationId } = await handedOver(database, tenant, '5511977771004');
	const [waiting] = await run('getQueue', { withReturned: false, limit: 10 });
	expect(waiting).toMatchObject({ id: handoffId, state: 'waiting', overdue: false });
	expect(waiting).not.toHaveProperty('summary');
	const mine = async (operation: string): Promise<any[]> =>
		(await run(operation, { limit: 200 })).filter((row) => row.tenantId === tenant.id);
	expect(await mine('escalateOverdue')).toEqual([]);
	await age(test_.admin, handoffId, 11);
	expect(await mine('escalateOverdue')).toMatchObject([{ handoffId, level: 1 }]);
	await age(test_.admin, handoffId, 61);
	expect(await mine('returnQuietOnes')).toEqual([{ tenantId: tenant.id, conversationId }]);
	expect(await run('getQueue', { withReturned: true, limit: 10 })).toMatchObject([
		{ id: handoffId, state: 'returned', returnedBy: 'quiet_time', overdue: true },
	]);
	const [figures] = await run('getFigures', { days: 7 });
	expect(figures.days[0]).toMatchObject({ handoffs: 1, answered: 0, returnedByQuietTime: 1 });
});
