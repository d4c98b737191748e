import type { Database } from '../../../core/database';
import { runMaintenance } from '../../../core/maintenance';
import { eraseContact, exportContact, listPrivacyRequests } from '../../../core/privacy';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { databaseFor, dropDatabase } from '../../support/factory';
import type { Party } from '../tenancy/isolation-catalogue';
import { liveThrough } from '../tenancy/isolation-story';

/** Where an id of an erased person may still stand, and why. */
const KEPT: Record<string, string> = {
	audit_events: 'append-only; ids of rows that are gone, no id of the person',
	privacy_requests: 'the receipt names the contact row that is gone',
	rollout_events: 'append-only; figures of an arm',
};

let test_: TestDatabase;
let database: Database;
let here: Party;
let neighbour: Party;
const prefixes = { here: '551198765000', neighbour: '551197654000' };

beforeAll(async () => {
	test_ = await createTestDatabase();
	database = databaseFor(test_);
	here = await liveThrough(database, test_.admin, prefixes.here);
	neighbour = await liveThrough(database, test_.admin, prefixes.neighbour);
});
afterAll(async () => await dropDatabase(database, test_));

const tables = async (): Promise<string[]> =>
	(
		await test_.admin.query<{ name: string }>(
			`select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped
				where c.relnamespace = 'agent_factory'::regnamespace and c.relkind = 'r' order by 1`,
		)
	).rows.map(({ name }) => name);

const column = async (sql: string, values: unknown[]): Promise<string[]> =>
	(await test_.admin.query<{ v: string }>(sql, values)).rows.map(({ v }) => v);

/** What tells a person: their ids here, the numbers they write from, and what they said. */
async function tracesOf({ tenantId, mark }: Party, prefix: string): Promise<string[]> {
	const ids = await column(
		`select id::text as v from agent_factory.contacts where tenant_id = $1 union all select id::text from agent_factory.leads where tenant_id = $1
			union all select id::text from agent_factory.conversations where tenant_id = $1`,
		[tenantId],
	);
	return [...ids, prefix, `oi ${mark}`, `Olá ${mark}`, `author-${mark}`];
}

async function placesOf(traces: string[], tenantId: string): Promise<string[]> {
	const places: string[] = [];
	for (const table of await tables()) {
		const { rows } = await test_.admin.query<{ found: string }>(
			`select distinct t.n as found from agent_factory.${table} r cross join unnest($2::text[]) t(n) where r.tenant_id = $1 and position(t.n in r::text) > 0`,
			[tenantId, traces],
		);
		if (rows.length > 0) places.push(table);
	}
	return places;
}

const contactsOf = async ({ tenantId }: Party): Promise<string[]> =>
	await column(
		'select id::text as v from agent_factory.contacts where tenant_id = $1 and merged_into_id is null order by 1',
		[tenantId],
	);

test('an export holds what a person said and was told, why they were classed so, and leaves a receipt', async () => {
	const lead = await column(
		`select c.contact_id::text as v from agent_factory.classified_leads l join agent_factory.leads c on c.tenant_id = l.tenant_id and c.id = l.lead_id
			join agent_factory.contact_identities i on i.tenant_id = c.tenant_id and i.contact_id = c.contact_id where l.tenant_id = $1 limit 1`,
		[here.tenantId],
	);
	const answer = await exportContact(database, here.tenantId, lead[0], 'asked by e-mail');
	expect(answer.complete).toBe(true);
	expect(answer.data.classified_leads[0]).toHaveProperty('score_breakdown');
	expect(answer.data.contact_identities.length).toBeGreaterThan(0);
	expect(JSON.stringify(answer)).not.toContain(neighbour.tenantId);
	expect(await listPrivacyRequests(database, here.tenantId, 1)).toMatchObject([
		{ kind: 'export', contact_id: lead[0], reason: 'asked by e-mail' },
	]);
});

test('a contact of another tenant is not there to be exported or erased', async () => {
	const [foreign] = await contactsOf(neighbour);
	await expect(exportContact(database, here.tenantId, foreign, 'x')).rejects.toMatchObject({ code: 'NOT_FOUND' });
	await expect(eraseContact(database, here.tenantId, foreign, 'x')).rejects.toMatchObject({ code: 'NOT_FOUND' });
	await expect(eraseContact(database, neighbour.tenantId, foreign, ' ')).rejects.toMatchObject({
		code: 'VALUE_REFUSED',
	});
});

test('after the erasure no table holds an id, a number or a word of the person, and the neighbour has lost nothing', async () => {
	const traces = await tracesOf(here, prefixes.here);
	const foreign = await tracesOf(neighbour, prefixes.neighbour);
	const before = await placesOf(traces, here.tenantId);
	const beside = await placesOf(foreign, neighbour.tenantId);
	expect(before.length).toBeGreaterThan(25);
	// What waits for its turn is about somebody too.
	await test_.admin.query(
		`insert into agent_factory.webhook_events (tenant_id, object, account_id, kind, meta_message_id, provider_status, payload, status)
			select tenant_id, 'page', 'page-1', 'leadgen', 'waits', '', jsonb_build_object('phone', value), 'pending'
			from agent_factory.contact_identities where tenant_id = $1 and kind = 'phone' limit 1`,
		[here.tenantId],
	);
	const [{ v: number }] = (
		await test_.admin.query<{ v: string }>(
			`select value as v from agent_factory.contact_identities where tenant_id = $1 and kind = 'phone' limit 1`,
			[here.tenantId],
		)
	).rows;
	for (const contact of await contactsOf(here)) await eraseContact(database, here.tenantId, contact, 'asked by e-mail');
	expect((await placesOf(traces, here.tenantId)).filter((table) => !(table in KEPT))).toEqual([]);
	expect(await placesOf(foreign, neighbour.tenantId)).toEqual(beside);
	// The receipts still know a number that a list brings back.
	const erased = await test_.admin.query(
		`select agent_factory.was_erased($1, 'phone', $2) as here, agent_factory.was_erased($3, 'phone', $2) as there`,
		[here.tenantId, number, neighbour.tenantId],
	);
	expect(erased.rows[0]).toEqual({ here: true, there: false });
	const [receipt] = await listPrivacyRequests(database, here.tenantId);
	expect(JSON.stringify(receipt)).not.toContain(prefixes.here);
	const waited = await test_.admin.query(
		`select status, reason, payload from agent_factory.webhook_events where meta_message_id = 'waits'`,
	);
	expect(waited.rows).toEqual([{ status: 'ignored', reason: 'erased', payload: {} }]);
});

test('words of spam go after a week and words of family after a day; a lead keeps its own, and the run leaves a receipt', async () => {
	const { tenantId } = neighbour;
	const [spam, family, lead] = await column(
		`select c.id::text as v from agent_factory.conversations c join agent_factory.messages m on m.tenant_id = c.tenant_id and m.conversation_id = c.id and m.body <> ''
			where c.tenant_id = $1 group by c.id order by count(*) desc, c.id limit 3`,
		[tenantId],
	);
	const classes: Array<[string, string, string | null]> = [
		[spam, 'SPAM', null],
		[family, 'PESSOAL', 'familiar'],
		[lead, 'LEAD_WARM', null],
	];
	for (const [conversation, classification, reason] of classes)
		await test_.admin.query(
			`insert into agent_factory.leads (tenant_id, contact_id, stage, lead_score, fit_score, intent_score, classification, personal_reason)
				select c.tenant_id, c.contact_id, 'lead', 0, 0, 0, $3, $4 from agent_factory.conversations c where c.tenant_id = $1 and c.id = $2
				on conflict (tenant_id, contact_id) do update set classification = $3, personal_reason = $4`,
			[tenantId, conversation, classification, reason],
		);
	const age = async (days: number): Promise<void> =>
		void (await test_.admin.query(
			`update agent_factory.messages set created_at = now() - make_interval(days => $2) where tenant_id = $1`,
			[tenantId, days],
		));
	const words = async (conversation: string): Promise<number> =>
		Number(
			(
				await column(
					`select count(*) as v from agent_factory.messages where tenant_id = $1 and conversation_id = $2 and body <> ''`,
					[tenantId, conversation],
				)
			)[0],
		);
	await age(2);
	await runMaintenance(database);
	expect(await words(family)).toBe(0);
	expect(await words(spam)).toBeGreaterThan(0);
	await age(8);
	await runMaintenance(database);
	expect(await words(spam)).toBe(0);
	expect(await words(lead)).toBeGreaterThan(0);
	const [receipt] = await column(
		`select details::text as v from agent_factory.audit_events where event_type = 'maintenance.run' order by id desc limit 1`,
		[],
	);
	expect(JSON.parse(receipt).tasks).toContainEqual(expect.objectContaining({ task: 'spam_texts', finished: true }));
});
