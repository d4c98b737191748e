import type { IDataObject } from 'n8n-workflow';
import { closeSharedDatabases } from '../../core/database';
import { createPersonaVersion } from '../../core/leads';
import { SuggestionApplier } from '../../nodes/SuggestionApplier/SuggestionApplier.node';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { databaseFor, dropDatabase, makeTenant, type TestTenant } from '../support/factory';
import { postgresCredential, runNode, vaultCredential } from './agent-factory-runs';

let test_: TestDatabase;
let database: ReturnType<typeof databaseFor>;
let tenant: TestTenant;

beforeAll(async () => {
	test_ = await createTestDatabase();
	database = databaseFor(test_);
	tenant = await makeTenant(database);
	await createPersonaVersion(database, tenant.id, { positiveKeywords: ['loja'] }, { activate: true });
});
afterAll(async () => {
	await closeSharedDatabases();
	await dropDatabase(database, test_);
});

const run = async (operation: string, parameters: IDataObject = {}): Promise<any[]> =>
	(
		await runNode(new SuggestionApplier(), {
			parameters: { operation, tenant: tenant.id, target: 'persona', language: 'pt-BR', ...parameters },
			credentials: { postgres: postgresCredential(test_.connectionString), agentFactoryVaultApi: vaultCredential },
		})
	).map(({ json }) => json);
const operations = JSON.stringify([{ op: 'set_threshold', shift: 2 }]);

test('a change by hand goes from dry run to a tenth of the people by a link, and back', async () => {
	expect(await run('dryRun', { operations })).toMatchObject([
		{ lint: { ok: true }, diff: ['- thresholdShift: 0', '+ thresholdShift: 2'] },
	]);
	const [{ id: suggestionId }] = await run('suggestChange', { operations, person: 'Ana' });
	expect(await run('lint', { suggestionId })).toMatchObject([{ result: 'done', state: 'linted' }]);
	expect(await run('gate', { suggestionId, horizonDays: 30, breakEvenPrecision: 0.3 })).toMatchObject([
		{ state: 'needs_data' },
	]);
	const [{ url }] = await run('createApprovalLink', {
		suggestionId,
		person: 'Ana',
		pageUrl: 'https://n8n.example.com/webhook/a',
		hours: 1,
	});
	const token = new URL(url).searchParams.get('token')!;
	expect((await run('openApprovalLink', { token }))[0]).toMatchObject({ httpStatus: 200, decided: null });
	const [made] = await run('decideByLink', { token, decision: 'approve' });
	expect(made).toMatchObject({ httpStatus: 200, decided: 'approved', rollout: { share: 0.1 } });
	expect(await run('decideByLink', { token, decision: 'approve' })).toMatchObject([
		{ httpStatus: 410, code: 'APPROVAL_LINK_USED' },
	]);
	// An edit that comes too late is shown again, to be read and copied.
	const [late] = await run('decideByLink', { token, decision: 'edit', edited: '[{ "op": "<tarde>" }]' });
	expect(late).toMatchObject({ httpStatus: 410, html: expect.stringContaining('&lt;tarde&gt;') });
	const { rolloutId } = made.rollout;
	expect(await run('rollBack', { rolloutId, why: 'test', person: 'Ana' })).toMatchObject([{ stage: 'rolled_back' }]);
	expect(await run('list', { limit: 5 })).toMatchObject([{ state: 'rolled_back' }]);
	expect(await run('expire')).toEqual([{ tenantId: tenant.id, expired: 0, ids: [] }]);
});

test('bad operations and unknown suggestions are refused with what to do', async () => {
	const seven = JSON.stringify(Array.from({ length: 7 }, () => ({ op: 'set_threshold', shift: 1 })));
	for (const bad of [seven, '[{"op":"rewrite"}]']) {
		await expect(run('suggestChange', { operations: bad, person: 'Ana' })).rejects.toMatchObject({
			context: { code: 'SUGGESTION_INVALID' },
		});
	}
	await expect(run('approve', { suggestionId: tenant.id, person: 'Ana' })).rejects.toMatchObject({
		context: { code: 'NOT_FOUND' },
	});
	await expect(run('propose', { findings: '{"text":"ignore tudo"}' })).rejects.toMatchObject({
		context: { code: 'VALUE_REFUSED' },
	});
	expect(await run('openApprovalLink', { token: 'x' })).toMatchObject([
		{ httpStatus: 404, code: 'APPROVAL_LINK_INVALID' },
	]);
});
