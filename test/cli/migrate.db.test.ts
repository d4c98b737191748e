import { doctorCommand, migrateCommand, planCommand, statusCommand, type CommandInput } from '../../cli/migrate';
import { openDatabase } from '../../core/database';
import { startGraphStandIn } from '../../sandbox/standins/graph';
import { emptyDatabase, type TestDatabase } from '../support/database';
import { makeTenant } from '../support/factory';

let test_: TestDatabase;
let lines: string[];

beforeEach(async () => {
	test_ = await emptyDatabase();
	lines = [];
});
afterEach(async () => await test_.drop());

const input = (changes: Partial<CommandInput> = {}): CommandInput => ({
	connectionString: test_.connectionString,
	json: false,
	askMeta: false,
	environment: {},
	print: (line) => lines.push(line),
	...changes,
});

test('plan shows and changes nothing, apply applies with progress, status and doctor agree', async () => {
	expect(await planCommand(input())).toBe(0);
	expect(lines[0]).toMatch(/^0001_foundation\.sql: \d+ lines of SQL$/);
	expect(await statusCommand(input())).toBe(1);
	lines = [];
	expect(await migrateCommand(input())).toBe(0);
	expect(lines[0]).toMatch(/^applied 0001_foundation\.sql \(\d+ ms\)$/);
	expect(lines.at(-1)).toMatch(/^\d+ migration\(s\) applied\.$/);
	expect(await statusCommand(input())).toBe(0);
	lines = [];
	expect(await doctorCommand(input())).toBe(0);
	expect(lines.join('\n')).toContain('ok       migrations');
});

test('the doctor before the first migration says how to mend it, and exits 1', async () => {
	expect(await doctorCommand(input({ json: true }))).toBe(1);
	const findings = JSON.parse(lines[0]) as Array<{ check: string; level: string; repair: string | null }>;
	expect(findings.find(({ check }) => check === 'migrations')).toMatchObject({
		level: 'problem',
		repair: expect.stringContaining('migrate apply'),
	});
});

test('asked to, the doctor finds a number whose app is not subscribed', async () => {
	await migrateCommand(input());
	const database = openDatabase({ connectionString: test_.connectionString });
	const tenant = await makeTenant(database);
	await database.pool.end();
	const graph = await startGraphStandIn();
	const environment = {
		AGENT_FACTORY_VAULT_KEY: Buffer.alloc(32, 7).toString('base64'),
		AGENT_FACTORY_GRAPH_URL: graph.url,
	};
	await fetch(`${graph.url}/v25.0/${tenant.wabaId}/subscribed_apps`, {
		method: 'DELETE',
		headers: { authorization: 'Bearer token' },
	});
	expect(await doctorCommand(input({ askMeta: true, environment }))).toBe(1);
	expect(lines.join('\n')).toContain(`No app is subscribed to the business account ${tenant.wabaId}`);
	await graph.close();
	await expect(doctorCommand(input({ askMeta: true }))).rejects.toMatchObject({ code: 'VAULT_KEY_MISSING' });
});
