import { randomBytes } from 'node:crypto';
import { checklistPage, createChecklistLink, noteHandshake, readChecklist } from '../../../core/setup';
import { openDashboard } from '../../../core/dashboard';
import { openDatabase, type Database } from '../../../core/database';
import { emptyDatabase } from '../../support/database';
import { vault } from '../../support/factory';
import { Sending } from '../outbox/sending';

let sending: Sending;
beforeAll(async () => {
	sending = await Sending.open();
});
afterAll(async () => await sending.close());

const still = { token: 't', isReloading: false };
const doneOf = async (database: Database): Promise<string[]> =>
	(await readChecklist(database)).filter(({ done }) => done).map(({ check }) => check);

test('a database without tables is the first thing to mend, and says how', async () => {
	const empty = await emptyDatabase();
	const database = openDatabase({ connectionString: empty.connectionString });
	try {
		const items = await readChecklist(database);
		expect(items.filter(({ done }) => done)).toEqual([]);
		expect(items[0].findings.join()).toContain('migrate apply');
		expect(checklistPage('pt-BR', items, still)).toContain('Execute o fluxo 00');
	} finally {
		await database.pool.end();
		await empty.drop();
	}
});

test('each step turns its line green by itself, up to the answer that left', async () => {
	const { database } = sending;
	expect(await doneOf(database)).toEqual(['database']);
	await noteHandshake(database);
	await noteHandshake(database);
	expect(await doneOf(database)).toEqual(['database', 'verifyToken']);
	await sending.fresh();
	expect(await doneOf(database)).toEqual(['database', 'verifyToken', 'tenant', 'agent']);
	await sending.write('5511955590001');
	expect(await doneOf(database)).toEqual(['database', 'verifyToken', 'metaApp', 'tenant', 'agent']);
	expect(checklistPage('en', await readChecklist(database), still)).toContain('A message has come and waits');
	await sending.answer(['Olá!']);
	await sending.deliver();
	expect(await doneOf(database)).toContain('testMessage');
	const { length } = await sending.sql(
		`select 1 from agent_factory.audit_events where event_type = 'meta.webhook_verified'`,
	);
	expect(length).toBe(1);
});

test('the page looks again by itself for who wants it, until all is done', async () => {
	const items = await readChecklist(sending.database);
	const reloading = { token: 't', isReloading: true };
	expect(checklistPage('en', items, still)).not.toContain('http-equiv="refresh"');
	expect(checklistPage('en', items, still)).toContain('href="?token=t&amp;lang=en&amp;reload=1"');
	expect(checklistPage('en', items, reloading)).toContain('<meta http-equiv="refresh" content="5">');
	const done = checklistPage(
		'en',
		items.map((item) => ({ ...item, done: true, findings: [] })),
		reloading,
	);
	expect(done).toContain('Everything works');
	expect(done).not.toContain('http-equiv="refresh"');
});

test('a link opens the checklist for a day, and shows no client', async () => {
	let clock = 1_800_000_000_000;
	const ports = { vault, now: () => clock, randomBytes };
	const { url } = createChecklistLink('https://n8n.example.com/webhook/agent-factory/dashboard', ports);
	const token = new URL(url).searchParams.get('token');
	expect(await openDashboard(sending.database, { token, lang: 'en' }, ports)).toMatchObject({
		html: expect.stringContaining('Setup'),
		tenantId: null,
	});
	clock += 24 * 3_600_000;
	await expect(openDashboard(sending.database, { token }, ports)).rejects.toThrow('opens nothing');
});
