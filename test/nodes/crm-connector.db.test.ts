import type { IDataObject } from 'n8n-workflow';
import { closeSharedDatabases } from '../../core/database';
import { AgentFactory } from '../../nodes/AgentFactory/AgentFactory.node';
import { CrmConnector } from '../../nodes/CrmConnector/CrmConnector.node';
import { startPipedriveStandIn, type PipedriveStandIn } from '../../sandbox/standins/pipedrive';
import { saveLead } from '../core/leads/lead-story';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { databaseFor, dropDatabase, makeTenant, type TestTenant } from '../support/factory';
import { postgresCredential, runNode, vaultCredential } from './agent-factory-runs';

let test_: TestDatabase;
let database: ReturnType<typeof databaseFor>;
let tenant: TestTenant;
let crm: PipedriveStandIn;

beforeAll(async () => {
	test_ = await createTestDatabase();
	database = databaseFor(test_);
	tenant = await makeTenant(database);
	crm = await startPipedriveStandIn();
});
afterAll(async () => {
	await crm.close();
	await closeSharedDatabases();
	await dropDatabase(database, test_);
});

const credentials = () => ({
	postgres: postgresCredential(test_.connectionString),
	agentFactoryVaultApi: vaultCredential,
});
const run = async (operation: string, parameters: IDataObject = {}): Promise<any[]> =>
	(
		await runNode(new CrmConnector(), {
			parameters: { operation, tenant: tenant.id, ...parameters },
			credentials: credentials(),
		})
	).map(({ json }) => json);
const board = async (resource: string, operation: string, parameters: IDataObject = {}): Promise<any[]> =>
	(
		await runNode(new AgentFactory(), {
			parameters: { resource, operation, tenant: tenant.id, ...parameters },
			credentials: credentials(),
		})
	).map(({ json }) => json);

test('a CRM is connected, mapped, served, heard and disconnected; no output shows its token', async () => {
	const connect = {
		...{ provider: 'pipedrive', token: 'pipedrive-token', createOn: 'hot' },
		additionalFields: { baseUrl: crm.url, allowLocal: true },
	};
	const [connected] = await run('connect', connect);
	expect(connected).toMatchObject({ name: 'Pipedrive', accountName: 'Empresa Teste', woken: 0 });
	expect(connected.webhookKey).toMatch(new RegExp(`^${tenant.id}\\.[0-9a-f]{48}$`));
	expect(await run('getRemoteStages', { crm: connected.id })).toHaveLength(5);
	const pairs = [
		{ stage: 'Lead', externalId: 1 },
		{ stage: 'proposta', externalId: '3' },
	];
	const [mapped] = await run('mapStages', { crm: connected.id, stages: JSON.stringify(pairs) });
	expect(mapped.stages).toMatchObject([{ externalName: 'Lead' }, { externalName: 'Proposta' }]);
	await expect(run('mapStages', { crm: connected.id, stages: '[{"stage":"x","externalId":"3"}]' })).rejects.toThrow(
		'x',
	);

	const lead = await saveLead(database, tenant.id, { classification: 'LEAD_HOT' });
	expect(await run('runDueWork', { limit: 25 })).toMatchObject([{ type: 'crm.deal', status: 'completed' }]);
	const moved = crm.change(101, { stage_id: 3, update_time: '2027-01-01T00:00:00Z' });
	expect(await run('receiveWebhook', { key: connected.webhookKey, body: moved })).toMatchObject([
		{ httpStatus: 200, accepted: true, result: 'recorded', leadId: lead.leadId },
	]);
	expect(await run('receiveWebhook', { key: 'x', body: moved })).toMatchObject([{ httpStatus: 401, accepted: false }]);

	const warm = await saveLead(database, tenant.id);
	const asked = { contactId: warm.contactId, title: 'Plano', value: '10.5', notes: 'ligar', answerAgent: true };
	expect(await run('createDeal', asked)).toMatchObject([{ ok: true, result: { dealId: '102', created: true } }]);
	expect(crm.notes).toEqual([{ content: 'ligar', deal_id: 102 }]);
	expect(await run('createDeal', { ...asked, value: 'x' })).toMatchObject([
		{ ok: false, error: { code: 'VALUE_REFUSED' } },
	]);
	const shown = await run('getIntegrations');
	expect(shown).toMatchObject([{ deals: 2, waiting: 0, isActive: true }]);
	expect(JSON.stringify([connected, mapped, shown])).not.toContain('pipedrive-token');
	expect(await run('disconnect', { crm: connected.id })).toMatchObject([{ disconnected: true }]);
	expect(await run('getIntegrations')).toEqual([]);
});

test('the board and its leads are listed, moved, named and handed on', async () => {
	const { leadId } = await saveLead(database, tenant.id, { classification: 'LEAD_HOT', icpScore: 99 });
	const stages = await board('pipeline', 'getMany');
	expect(stages.map(({ name }) => name)).toEqual(['Lead', 'Contato', 'Proposta', 'Negociação', 'Fechado']);
	const to = { lead: leadId, stage: stages[1].id, person: 'Ana', idempotencyKey: 'k' };
	expect(await board('pipeline', 'moveLead', to)).toMatchObject([{ moved: true, to: 'Contato' }]);
	expect(await board('pipeline', 'getMoves', { lead: leadId, limit: 5 })).toMatchObject([{ movedBy: 'Ana' }]);
	const [added] = await board('pipeline', 'saveStage', { stageName: 'Visita', color: '#112233', stageType: 'contact' });
	const order = JSON.stringify([added.id]);
	expect((await board('pipeline', 'reorderStages', { stageIds: order }))[0]).toMatchObject({ name: 'Visita' });
	expect(await board('lead', 'setFavorite', { lead: leadId, isFavorite: true })).toMatchObject([{ isFavorite: true }]);
	const filter = { classification: 'LEAD_HOT', favorite: true, unassigned: true, limit: 10 };
	expect(await board('lead', 'getMany', filter)).toMatchObject([{ id: leadId, stageName: 'Contato', score: 99 }]);
	await expect(board('lead', 'assign', { lead: leadId, member: leadId })).rejects.toMatchObject({
		context: { code: 'NOT_FOUND' },
	});
});
