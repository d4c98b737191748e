import type { IDataObject } from 'n8n-workflow';
import { closeSharedDatabases } from '../../core/database';
import { AgentCompiler } from '../../nodes/AgentCompiler/AgentCompiler.node';
import { AgentFactory } from '../../nodes/AgentFactory/AgentFactory.node';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { postgresCredential, runNode } from './agent-factory-runs';

const spec = {
	identity: { name: 'Bia' },
	business: { name: 'Padaria', type: 'padaria', description: 'Pães e bolos por encomenda.' },
	documents: [{ title: 'Preços', content: 'Bolo de cenoura: R$ 45.' }],
};
const changed = { ...spec, tone: 'brincalhão', documents: [{ title: 'Preços', content: 'Bolo de cenoura: R$ 49.' }] };

let test_: TestDatabase;
let credentials: Record<string, IDataObject>;
let tenant: string;
let agent: string;
const version: Record<string, string> = {};

const factory = async (parameters: IDataObject): Promise<IDataObject> =>
	(await runNode(new AgentFactory(), { parameters, credentials }))[0].json;
const compile = async (operation: string, parameters: IDataObject, more: object = {}): Promise<IDataObject> =>
	(
		await runNode(new AgentCompiler(), {
			parameters: { operation, tenant, agent, ...parameters },
			credentials,
			...more,
		})
	)[0].json;
const versionsStored = async (): Promise<number> =>
	(await test_.admin.query('select 1 from agent_factory.agent_versions where agent_id = $1', [agent])).rows.length;

beforeAll(async () => {
	test_ = await createTestDatabase();
	credentials = { postgres: postgresCredential(test_.connectionString) };
	tenant = String((await factory({ resource: 'tenant', operation: 'create', name: 'Padaria', slug: 'padaria' })).id);
	agent = String((await factory({ resource: 'agent', operation: 'create', tenant, name: 'Bia', slug: 'main' })).id);
});
afterAll(async () => {
	await closeSharedDatabases();
	await test_.drop();
});

describe('the life of an agent, in order', () => {
	it('compiles the first version as v1.0.0, not active, and says what it costs', async () => {
		const stored = await compile('compile', { spec: JSON.stringify(spec), changeSummary: 'first' });
		expect(stored).toMatchObject({
			tenantId: tenant,
			agentId: agent,
			version: 'v1.0.0',
			isActive: false,
			changeSummary: 'first',
		});
		expect(stored).toMatchObject({
			bundleSha256: expect.stringMatching(/^[0-9a-f]{64}$/),
			systemPromptId: expect.any(String),
			estimatedTokens: expect.any(Number),
			documents: [{ title: 'Preços', characters: 23 }],
		});
		version.first = String(stored.versionId);
	});

	it('activates it', async () => {
		expect(await compile('activate', { versionId: version.first })).toMatchObject({
			from: null,
			to: 'v1.0.0',
			agentId: agent,
		});
	});

	it('compares it with a spec that has not been compiled', async () => {
		const difference = await compile('diff', { fromVersion: version.first, compareWith: 'spec', spec: changed });
		expect(difference).toMatchObject({ same: false, changeCount: 2 });
		expect(difference.changes).toMatchObject([{ path: 'tone', after: 'brincalhão' }, { path: 'documents["Preços"]' }]);
	});

	it('compiles a second version from the item, with a document beside the spec, and activates it at once', async () => {
		const stored = await compile(
			'compile',
			{
				specSource: 'item',
				documents: { document: [{ title: 'Horário', content: 'Das 7h às 19h.' }] },
				bump: 'patch',
				activate: true,
			},
			{ items: [{ spec: changed }] },
		);
		expect(stored).toMatchObject({ version: 'v1.0.1', isActive: true });
		version.second = String(stored.versionId);
	});

	it('compares the two versions', async () => {
		const difference = await compile('diff', { fromVersion: version.first, toVersion: version.second });
		expect(difference.changes).toMatchObject([
			{ path: 'tone' },
			{ path: 'documents["Horário"]', kind: 'added' },
			{ path: 'documents["Preços"]' },
		]);
		expect(await compile('diff', { fromVersion: version.first, toVersion: version.first })).toMatchObject({
			same: true,
			changes: [],
		});
	});

	it('rolls back to the first in one step and says so in the list', async () => {
		expect(await compile('rollBack', {})).toMatchObject({ from: 'v1.0.1', to: 'v1.0.0' });
		const listed = await runNode(new AgentCompiler(), {
			parameters: { operation: 'getVersions', tenant, agent },
			credentials,
		});
		expect(listed.map(({ json }) => [json.version, json.isActive])).toEqual([
			['v1.0.1', false],
			['v1.0.0', true],
		]);
		expect(listed[0].json.createdAt).toEqual(expect.stringMatching(/Z$/));
	});

	it('writes down which workflow switched', async () => {
		const { rows } = await test_.admin.query(
			`select actor from agent_factory.audit_events where tenant_id = $1 and event_type = 'agent.version_activated'`,
			[tenant],
		);
		expect(rows).toEqual([{ actor: 'n8n:wf1' }, { actor: 'n8n:wf1' }, { actor: 'n8n:wf1' }]);
	});
});

describe('what is refused', () => {
	it.each([
		['a version that exists', { spec, version: '1.0.0' }, 'Field "version": v1.0.0 exists already', 'VERSION_EXISTS'],
		[
			'a version that is none',
			{ spec, version: 'latest' },
			'Field "version": "latest" is not a version',
			'VERSION_INVALID',
		],
		[
			'a spec that fails its schema',
			{ spec: { ...spec, goals: [] } },
			'Field "spec", goals: must hold',
			'SPEC_INVALID',
		],
		['an agent of nobody', { spec, agent: '00000000-0000-4000-8000-000000000000' }, 'has no agent', 'AGENT_NOT_FOUND'],
	])('%s: names the field and the item, and writes nothing', async (_, wrong, message, code) => {
		const before = await versionsStored();
		const run = runNode(new AgentCompiler(), {
			parameters: { operation: 'compile', tenant, agent, ...wrong },
			credentials,
		});
		await expect(run).rejects.toMatchObject({
			name: 'NodeOperationError',
			message: expect.stringContaining(message),
			context: { itemIndex: 0, code },
		});
		expect(await versionsStored()).toBe(before);
	});

	it('goes on with the other items when told to', async () => {
		const items = await runNode(new AgentCompiler(), {
			items: [{ spec }, { spec: {} }, { spec: changed }],
			parameters: { operation: 'compile', tenant, agent, specSource: 'item', bump: 'major' },
			credentials,
			continueOnFail: true,
		});
		expect(items.map(({ json, pairedItem }) => [json.version ?? json.error, pairedItem])).toEqual([
			['v2.0.0', { item: 0 }],
			[expect.stringContaining('Field "spec", identity'), { item: 1 }],
			['v3.0.0', { item: 2 }],
		]);
	});

	it('a change of a frozen version, even by the superuser', async () => {
		const change = test_.admin.query(`update agent_factory.agent_versions set spec = '{}' where id = $1`, [
			version.first,
		]);
		await expect(change).rejects.toMatchObject({ code: 'ZF001' });
	});
});
