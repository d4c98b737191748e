import { randomBytes } from 'node:crypto';
import { compileAgent, saveVersion, type CompiledAgentBundle } from '../../../core/agents';
import type { Database } from '../../../core/database';
import { inTenant } from '../../../core/tenancy';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { databaseFor, dropDatabase, makeTenant, type TestTenant } from '../../support/factory';

let test_: TestDatabase;
let database: Database;
let tenant: TestTenant;
let bundle: CompiledAgentBundle;

beforeAll(async () => {
	test_ = await createTestDatabase();
	database = databaseFor(test_);
});
beforeEach(async () => {
	tenant = await makeTenant(database);
	bundle = compileAgent({
		spec: { identity: { name: 'Bia' }, business: { name: tenant.slug, type: 'loja', description: 'Loja.' } },
		canary: `cnry-${randomBytes(8).toString('hex')}`,
	});
});
afterAll(async () => await dropDatabase(database, test_));

const call = async <T = unknown>(expression: string, values: unknown[]): Promise<T> =>
	(
		await inTenant(
			database,
			tenant.id,
			async (db) => (await db.one<{ v: T }>(`select ${expression} as v`, [tenant.id, ...values]))!,
		)
	).v;
const start = async (answers = {}): Promise<string> =>
	await call(`start_onboarding($1, $2::jsonb, 'pt-BR', 'Ana')`, [answers]);
const compiled = async (): Promise<string> => {
	const id = await start({ businessName: 'Loja' });
	await call(`save_onboarding_bundle($1, $2, '{}', '{}', $3::jsonb)`, [id, JSON.stringify(bundle)]);
	return id;
};
const tested = async (passed: boolean): Promise<string> => {
	const id = await compiled();
	await call(`save_onboarding_test($1, $2, $3, $4::jsonb, $5)`, [
		id,
		bundle.sha256,
		{ items: [{ item: 'handoff', passed: true }] },
		passed,
	]);
	return id;
};
const approved = async (): Promise<string> => {
	const id = await tested(true);
	await call(`send_onboarding_for_approval($1, $2)`, [id]);
	await call(`decide_onboarding($1, $2, $3, true, 'Dona Lia', '')`, [id, bundle.sha256]);
	return id;
};
const stateOf = async (id: string): Promise<Record<string, any>> =>
	(await test_.admin.query('select * from agent_factory.onboardings where id = $1', [id])).rows[0];
const refused = { code: 'WRONG_STATE' };

test('answers are kept as given, and a changed one makes compiled work a draft again', async () => {
	const id = await compiled();
	expect(await call(`save_onboarding_answers($1, $2, $3::jsonb)`, [id, { businessName: 'Loja' }])).toBe('compiled');
	expect(await call(`save_onboarding_answers($1, $2, $3::jsonb)`, [id, { tone: 'alegre' }])).toBe('draft');
	expect(await stateOf(id)).toMatchObject({ answers: { businessName: 'Loja', tone: 'alegre' }, bundle: null });
});

test('an agent whose test failed is not shown to the client until a person says why', async () => {
	const id = await tested(false);
	await expect(call(`send_onboarding_for_approval($1, $2)`, [id])).rejects.toMatchObject(refused);
	await expect(call(`override_onboarding_test($1, $2, 'Ana', ' ')`, [id])).rejects.toMatchObject(refused);
	await call(`override_onboarding_test($1, $2, 'Ana', 'combinado com o cliente')`, [id]);
	expect(await call(`send_onboarding_for_approval($1, $2)`, [id])).toBe(bundle.sha256);
	const { rows } = await test_.admin.query(
		`select details from agent_factory.audit_events where subject_id = $1 and event_type = 'onboarding.test_overridden'`,
		[id],
	);
	expect(rows[0].details).toMatchObject({ person: 'Ana', reason: 'combinado com o cliente' });
});

test('a test or a yes of another bundle counts for nothing', async () => {
	const other = 'f'.repeat(64);
	const id = await compiled();
	await expect(call(`save_onboarding_test($1, $2, $3, '{}', true)`, [id, other])).rejects.toMatchObject(refused);
	const shown = await tested(true);
	await call(`send_onboarding_for_approval($1, $2)`, [shown]);
	await expect(call(`decide_onboarding($1, $2, $3, true, 'Lia', '')`, [shown, other])).rejects.toMatchObject(refused);
	expect(await stateOf(shown)).toMatchObject({ state: 'sent_for_approval', approved_by: null });
});

test('only the approved bundle goes live, and only once', async () => {
	const id = await approved();
	const otherVersion = await saveVersion(
		database,
		tenant.id,
		tenant.agentId,
		compileAgent({
			spec: { identity: { name: 'Bia' }, business: { name: 'x', type: 'loja', description: 'Outra.' } },
			canary: 'cnry-other000',
		}),
	);
	await expect(call(`activate_onboarding($1, $2, $3, 1)`, [id, otherVersion.id])).rejects.toMatchObject(refused);
	const version = await saveVersion(database, tenant.id, tenant.agentId, bundle);
	const live = await call(`activate_onboarding($1, $2, $3, 1)`, [id, version.id]);
	expect(live).toMatchObject({ agentId: tenant.agentId, again: false });
	expect(await call(`activate_onboarding($1, $2, $3, 1)`, [id, version.id])).toMatchObject({ again: true });
	await expect(call(`save_onboarding_answers($1, $2, '{"tone": "x"}')`, [id])).rejects.toMatchObject(refused);
});

test('nothing is activated that nobody approved, whoever asks', async () => {
	const id = await tested(true);
	const version = await saveVersion(database, tenant.id, tenant.agentId, bundle);
	await expect(call(`activate_onboarding($1, $2, $3, 1)`, [id, version.id])).rejects.toMatchObject(refused);
	await expect(
		test_.admin.query(
			`update agent_factory.onboardings set state = 'active', activated_at = now(), agent_version_id = $2 where id = $1`,
			[id, version.id],
		),
	).rejects.toThrow('onboardings_approved_by_somebody');
});

test('the report says from the database what is met and what not yet', async () => {
	const id = await approved();
	expect(await reportOf(id)).toMatchObject({ items_met: 1, handoff_evidence: 'sandbox test', number_answers: false });
	await call(`track_event($1, 'dashboard.opened', 'first')`, []);
	expect(await reportOf(id)).toMatchObject({ items_met: 2, dashboard_seen: true, versioned: false });
});

const reportOf = async (id: string): Promise<unknown> =>
	(await test_.admin.query('select * from agent_factory.vw_setup_report where onboarding_id = $1', [id])).rows[0];
