import { connectCrm, markOf, runCrmWork } from '../../../../core/crm';
import type { Database } from '../../../../core/database';
import { recordOutcome } from '../../../../core/leads';
import { createTestDatabase, type TestDatabase } from '../../../support/database';
import { databaseFor, dropDatabase, makeTenant, type TestTenant } from '../../../support/factory';
import {
	startPipedriveStandIn,
	type PipedriveOptions,
	type PipedriveStandIn,
} from '../../../../sandbox/standins/pipedrive';
import { saveLead, type SavedLead } from '../../leads/lead-story';
import { pass, ports } from './support';

let test_: TestDatabase;
let database: Database;
let tenant: TestTenant;
let crm: PipedriveStandIn;

beforeAll(async () => {
	test_ = await createTestDatabase();
	database = databaseFor(test_);
});
afterAll(async () => await dropDatabase(database, test_));
afterEach(async () => await crm.close());

const start = async (options: PipedriveOptions = {}): Promise<string | null> => {
	crm = await startPipedriveStandIn(options);
	tenant = await makeTenant(database);
	const account = { token: 'pipedrive-token', baseUrl: crm.url, allowLocal: true };
	return (await connectCrm(database, tenant.id, { provider: 'pipedrive', ...account }, ports)).integration.markField;
};
const hot = async (): Promise<SavedLead> => await saveLead(database, tenant.id, { classification: 'LEAD_HOT' });
const run = async (): Promise<Array<string | null>> =>
	(await runCrmWork(database, { workerId: 'w', pollEverySeconds: 864_000_000 }, ports))
		.filter(({ tenantId }) => tenantId === tenant.id)
		.map(({ error }) => error?.split(':')[0] ?? null);

test('the mark stands in a field of its own, made once for all connections of an account', async () => {
	expect(await start()).toBe('a'.repeat(40));
	const { leadId } = await hot();
	await run();
	expect(crm.deals).toMatchObject([{ title: 'Pessoa', custom_fields: { ['a'.repeat(40)]: markOf(leadId) } }]);
	await connectCrm(
		database,
		(await makeTenant(database)).id,
		{ provider: 'pipedrive', token: 'pipedrive-token', baseUrl: crm.url, allowLocal: true },
		ports,
	);
	expect(crm.requests.filter(({ method, path }) => method === 'POST' && path.endsWith('dealFields'))).toHaveLength(1);
});

test('who may not add fields gets the mark in the title', async () => {
	expect(await start({ mayMakeFields: false })).toBeNull();
	const { leadId } = await hot();
	await run();
	expect(crm.deals).toMatchObject([{ title: `Pessoa [${markOf(leadId)}]`, custom_fields: {} }]);
});

test.each([true, false])(
	'a deal whose answer was lost is found though the search runs behind, its mark in a field: %s',
	async (mayMakeFields) => {
		await start({ mayMakeFields });
		await hot();
		crm.holdSearch(true);
		for (const path of ['/api/v2/persons', '/api/v2/deals']) {
			crm.fault({ method: 'POST', path, fault: 'cut after' });
			expect(await run()).toEqual(['CRM_AWAY']);
			await pass(test_.admin, tenant.id);
		}
		expect(await run()).toEqual([null]);
		expect([crm.persons.length, crm.deals.length]).toEqual([1, 1]);
		expect(crm.deals[0].person_id).toBe(crm.persons[0].id);
	},
);

test('a person who is in the CRM already is the person of the deal', async () => {
	await start();
	const lead = await hot();
	const { rows } = await test_.admin.query<{ phone: string }>(
		'select phone from agent_factory.contacts where id = $1',
		[lead.contactId],
	);
	crm.persons.push({ id: 77, name: 'Maria', phones: [{ value: `+${rows[0].phone}` }], indexed: true });
	await run();
	expect([crm.persons.length, crm.deals[0].person_id]).toEqual([1, 77]);
});

test('a page of a proxy with status 200 is no answer: nothing is taken for absent or made', async () => {
	await start();
	await hot();
	crm.fault({ path: 'search', fault: 'html' });
	expect(await run()).toEqual(['CRM_AWAY']);
	expect(crm.deals).toEqual([]);
});

test('a deal that was deleted there is not moved: failed, and says what to look at', async () => {
	await start();
	const { leadId } = await hot();
	await run();
	crm.deals[0].is_deleted = true;
	await recordOutcome(database, tenant.id, {
		...{ leadId, stage: 'Proposta', source: 'person', actor: 'Rui', idempotencyKey: 'moved' },
	});
	expect(await run()).toEqual(['CRM_REFUSED']);
});
