import { randomUUID } from 'node:crypto';
import type { Database } from '../../../core/database';
import {
	dryRun,
	gateSuggestion,
	lintSuggestionStored,
	listSuggestions,
	proposeByHand,
	type StoredSuggestion,
} from '../../../core/improvement';
import { createPersonaVersion, updateLeadSettings } from '../../../core/leads';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { databaseFor, dropDatabase, makeTenant, type TestTenant } from '../../support/factory';
import { age, saveLead } from '../leads/lead-story';

let test_: TestDatabase;
let database: Database;
let tenant: TestTenant;

const LOOP = { name: 'loop', isPerson: false };
const KEYWORD = [{ op: 'add_keyword', polarity: 'pos', stem: 'reform' }];
const RULE = [{ op: 'add_rule', slot: 'next_step', templateId: 'name_next_step', count: null }];

beforeAll(async () => {
	test_ = await createTestDatabase();
	database = databaseFor(test_);
});
afterAll(async () => await dropDatabase(database, test_));
beforeEach(async () => {
	tenant = await makeTenant(database);
	await createPersonaVersion(database, tenant.id, { positiveKeywords: ['loja'] }, { activate: true });
});

const gated = async (operations: unknown): Promise<StoredSuggestion> => {
	const given = { target: 'persona' as const, agentId: null, operations, language: 'pt-BR' as const };
	const { id } = await proposeByHand(database, tenant.id, given, LOOP);
	await lintSuggestionStored(database, tenant.id, { target: 'persona', id }, LOOP);
	return (await gateSuggestion(database, tenant.id, { target: 'persona', id }, LOOP)).suggestion;
};

/** Leads that ask for a shop, who hardly ever buy, and for renovation, who often do. */
async function seedLeads(count: number, days: number): Promise<void> {
	for (let n = 0; n < count; n++) {
		const consults = n % 3 === 0;
		const lead = await saveLead(database, tenant.id, {
			classification: consults ? 'LEAD_WARM' : 'LEAD_HOT',
			messageText: consults ? 'quero contratar reforma' : 'quero contratar para loja',
			fullName: 'Fulano de Tal',
		});
		await age(test_.admin, lead.leadId, days);
		if (consults ? n % 9 !== 0 : n % 10 === 1) {
			await test_.admin.query(
				`insert into agent_factory.lead_outcomes (tenant_id, lead_id, classified_lead_id, kind, source, actor, happened_at, idempotency_key)
					values ($1, $2, $3, 'client', 'crm', 'crm', now() - make_interval(days => $4), $5)`,
				[tenant.id, lead.leadId, lead.id, days - 5, randomUUID()],
			);
		}
	}
}

test('a change that finds better leads on held-back data passes the gate; its opposite is rejected', async () => {
	// The shop's word makes 100, a bare wish to buy 90.
	await updateLeadSettings(database, tenant.id, { hot: 95 });
	await seedLeads(420, 40);
	const better = await gated([...KEYWORD, { op: 'remove_keyword', polarity: 'pos', stem: 'loj' }]);
	expect(better).toMatchObject({ state: 'awaiting_approval', gate: { verdict: 'pass' } });
	const precision = (better.gate as any).table.find(({ metric }: any) => metric === 'precision');
	expect(precision.candidate).toBeGreaterThan(precision.incumbent + 0.3);
	// Held back are two of five people; those who proposed are not asked.
	expect((better.gate as any).labelled).toBeGreaterThan(120);
	expect((better.gate as any).labelled).toBeLessThan(220);
	expect(JSON.stringify(better)).not.toContain('contratar');

	const worse = await gated([{ op: 'set_keyword_weight', stem: 'loj', points: 30 }]);
	expect(worse.state).not.toBe('awaiting_approval');
}, 120_000);

test('a dry run shows the exact change and who is affected, masked, and writes nothing', async () => {
	await updateLeadSettings(database, tenant.id, { hot: 95 });
	await seedLeads(20, 3);
	const operations = [...KEYWORD, { op: 'remove_keyword', polarity: 'pos', stem: 'loj' }];
	const run = await dryRun(database, tenant.id, { target: 'persona', agentId: null, operations });
	expect(run).toMatchObject({
		lint: { ok: true },
		diff: ['- positiveKeywords: loja', '+ positiveKeywords: reform'],
		affected: { leads: 20, changed: 20, hotBefore: 13, hotAfter: 7 },
	});
	expect(run.affected!.hotter).toHaveLength(5);
	expect(run.affected!.colder).toHaveLength(5);
	expect(run.affected!.moves).toContainEqual({ from: 'LEAD_HOT', to: 'LEAD_WARM', leads: 13 });
	expect(run.affected!.hotter[0].shown).toBe('F••• (whatsapp)');
	expect(JSON.stringify(run)).not.toMatch(/Fulano|contratar/);
	expect(await listSuggestions(database, tenant.id, 'persona')).toEqual([]);
	await expect(
		dryRun(database, tenant.id, { target: 'prompt', agentId: randomUUID(), operations: RULE }),
	).rejects.toMatchObject({ code: 'NOT_FOUND' });
});
