import { randomBytes } from 'node:crypto';
import {
	connectMarketing,
	importCsv,
	importGoogleLead,
	importLinkedInLead,
	listMarketingIntegrations,
	runDueImports,
} from '../../../core/crm';
import type { Database } from '../../../core/database';
import { ingest } from '../../../core/ingest';
import { createGraphClient, signBody, type GraphClient } from '../../../core/meta';
import { deliverDue } from '../../../core/outbox';
import { createChannelAccount } from '../../../core/tenancy';
import { startGraphStandIn, type GraphStandIn } from '../../../sandbox/standins/graph';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { databaseFor, dropDatabase, makeTenant, vault, type TestTenant } from '../../support/factory';
import { approveTemplate, freshPhone } from './import-story';

let test_: TestDatabase;
let database: Database;
let tenant: TestTenant;
let standIn: GraphStandIn;
let graph: GraphClient;

beforeAll(async () => {
	test_ = await createTestDatabase();
	database = databaseFor(test_);
	standIn = await startGraphStandIn();
	graph = createGraphClient({ fetch, baseUrl: standIn.url, version: 'v25.0' });
});
beforeEach(async () => void (tenant = await makeTenant(database)));
afterEach(async () => {
	await test_.admin.query("update agent_factory.outbox_lanes set available_at = 'infinity'");
	await test_.admin.query(
		"update agent_factory.background_jobs set status = 'completed', finished_at = now() where finished_at is null",
	);
	await test_.admin.query(
		"update agent_factory.lead_imports set first_contact = 'not_wanted' where first_contact <> 'queued'",
	);
});
afterAll(async () => {
	await standIn.close();
	await dropDatabase(database, test_);
});

const rows = async (sql: string, values: unknown[] = [tenant.id]) => (await test_.admin.query(sql, values)).rows;
const control = async (path: string, body?: object): Promise<any> =>
	await (
		await fetch(`${standIn.url}/_sandbox/${path}`, body ? { method: 'POST', body: JSON.stringify(body) } : {})
	).json();
const ports = () => ({ vault, graph, random: () => 0 });
const run = async (client = graph) => await runDueImports(database, { ...ports(), graph: client }, { workerId: 'w' });
const dueNow = async () =>
	await rows(
		'update agent_factory.background_jobs set available_at = now() where tenant_id = $1 and finished_at is null',
	);

/** A page with a token, a lead in the stand-in and its webhook, as they come. */
async function leadForm(changes: object = {}): Promise<{ leadgenId: string; phone: string }> {
	const pageId = String(randomBytes(6).readUIntBE(0, 6));
	const leadgenId = `9${String(randomBytes(6).readUIntBE(0, 6)).padStart(17, '1')}`;
	const phone = freshPhone();
	await createChannelAccount(
		database,
		tenant.id,
		{ kind: 'messenger', externalId: pageId, accessToken: 'PAGE' },
		vault,
	);
	await control('leads', {
		id: leadgenId,
		...{ ad_id: '71', campaign_id: '91', form_id: '51' },
		field_data: [
			{ name: 'full_name', values: ['Ana Souza'] },
			{ name: 'phone_number', values: [`+${phone}`] },
			{ name: 'prazo', values: ['este mês'] },
		],
		...changes,
	});
	// As Meta sends it: a number beyond what a double holds.
	const rawBody = Buffer.from(
		`{"object":"page","entry":[{"id":"${pageId}","time":1,"changes":[{"field":"leadgen","value":{"leadgen_id":${leadgenId},"page_id":"${pageId}","created_time":1760000000}}]}]}`,
	);
	for (let delivery = 0; delivery < 2; delivery++) {
		const { error } = await ingest(database, { rawBody, signature: signBody(rawBody, 's'), secrets: ['s'] });
		if (error) throw error;
	}
	return { leadgenId, phone };
}

const everything = async () =>
	(
		await rows(`select (select count(*)::int from agent_factory.contacts where tenant_id = $1) as contacts,
			(select count(*)::int from agent_factory.leads where tenant_id = $1) as leads,
			(select count(*)::int from agent_factory.consent_events where tenant_id = $1) as consents,
			(select count(*)::int from agent_factory.conversations where tenant_id = $1) as conversations,
			(select count(*)::int from agent_factory.outbox_messages where tenant_id = $1) as messages`)
	)[0];
const ONE_OF_EACH = { contacts: 1, leads: 1, consents: 1, conversations: 1, messages: 1 };

describe('a lead of a Facebook form', () => {
	test('becomes contact, lead, consent and one greeting that reaches Meta', async () => {
		await approveTemplate(test_.admin, tenant.id);
		const { leadgenId, phone } = await leadForm();
		expect(await run()).toMatchObject([
			{ key: leadgenId, status: 'completed', result: { created: true, firstContact: 'queued' } },
		]);
		expect(await everything()).toEqual(ONE_OF_EACH);
		expect(await rows('select source, referral, classification from agent_factory.leads where tenant_id = $1')).toEqual(
			[
				{
					...{ source: 'ad', classification: 'LEAD_WARM' },
					referral: { platform: 'facebook', ad_id: '71', campaign_id: '91', form_id: '51', lead_id: leadgenId },
				},
			],
		);
		expect(
			await rows("select full_name, profile -> 'answers' as answers from agent_factory.contacts where tenant_id = $1"),
		).toEqual([{ full_name: 'Ana Souza', answers: { prazo: 'este mês' } }]);
		await deliverDue(database, ports(), { workerId: 'w' });
		const sent = (await control('sent')).filter(({ to }: { to: string }) => to.includes(phone));
		expect(sent).toHaveLength(1);
		expect(sent[0]).toMatchObject({ type: 'template', template: { name: 'lead_ad' } });
	});

	test.each([
		['its connection is cut', { drop: true }],
		['Meta is busy', { errorCode: 4, httpStatus: 400 }],
		['Meta falls', { errorCode: 2, httpStatus: 500 }],
		['its token is over', { errorCode: 190, httpStatus: 401 }],
		['Meta asks to wait', { errorCode: 4, httpStatus: 429, retryAfterSeconds: 1 }],
	])('is fetched again when %s', async (_, fault) => {
		await approveTemplate(test_.admin, tenant.id);
		await leadForm({ faults: [fault] });
		expect(await run()).toMatchObject([{ status: 'queued' }]);
		expect(await everything()).toMatchObject({ contacts: 0, leads: 0 });
		await dueNow();
		expect(await run()).toMatchObject([{ status: 'completed' }]);
		expect(await everything()).toEqual(ONE_OF_EACH);
	});

	test('that Meta does not have ends the job and says so', async () => {
		await leadForm({ faults: [{ errorCode: 100, httpStatus: 400 }] });
		expect(await run()).toMatchObject([{ status: 'failed', error: expect.stringContaining('LEAD_NOT_FETCHED') }]);
	});

	test.each(['filed', 'greeted'])('is one of each when the worker dies after it was %s', async (stage) => {
		await approveTemplate(test_.admin, tenant.id);
		await leadForm();
		// The worker is gone in the middle: what comes after this statement never happens.
		const at = stage === 'filed' ? 'prepare_greeting' : 'note_greeting';
		const dying = { ...database, pool: dyingPool(database, at) } as Database;
		expect(await runDueImports(dying, ports(), { workerId: 'w' })).toMatchObject([{ status: 'queued' }]);
		expect(await everything()).toEqual({
			...ONE_OF_EACH,
			...(stage === 'filed' ? { conversations: 0, messages: 0 } : {}),
		});
		await dueNow();
		await run();
		expect(await everything()).toEqual(ONE_OF_EACH);
		expect(
			await rows(
				'select first_contact, outbox_id is not null as linked from agent_factory.lead_imports where tenant_id = $1',
			),
		).toEqual([{ first_contact: 'queued', linked: true }]);
	});

	test('waits a day for a template that Meta has not approved yet', async () => {
		await leadForm();
		expect(await run()).toMatchObject([{ status: 'completed', result: { firstContact: 'no_template' } }]);
		await approveTemplate(test_.admin, tenant.id);
		await rows("update agent_factory.lead_imports set created_at = now() - interval '5 minutes' where tenant_id = $1");
		expect(await run()).toMatchObject([{ type: 'greeting', greeting: 'queued' }]);
		expect(await run()).toEqual([]);
		expect(await everything()).toEqual(ONE_OF_EACH);
	});
});

/** A pool whose connections fail at one statement, as when the process is killed there. */
function dyingPool(alive: Database, at: string): Database['pool'] {
	return new Proxy(alive.pool, {
		get(pool, name) {
			if (name !== 'connect') {
				const value = Reflect.get(pool, name) as unknown;
				return typeof value === 'function' ? value.bind(pool) : value;
			}
			return async () => {
				const client = await pool.connect();
				return new Proxy(client, {
					get(target, key) {
						const value = Reflect.get(target, key) as unknown;
						if (key !== 'query') return typeof value === 'function' ? value.bind(target) : value;
						return async (query: string | { text: string }, values?: unknown[]) => {
							const text = typeof query === 'string' ? query : query.text;
							if (text.includes(at)) throw Object.assign(new Error('killed'), { code: '57P01' });
							return await target.query(query as string, values);
						};
					},
				});
			};
		},
	});
}

test("a page's token is asked of Meta before it is stored, sealed", async () => {
	const connect = async (secret: string) =>
		await connectMarketing(database, tenant.id, { platform: 'facebook', accountId: 'p1', secret }, { vault, graph });
	await expect(connect('WHATSAPP')).rejects.toMatchObject({ code: 'INTEGRATION_TOKEN_REFUSED' });
	await expect(connect('EXPIRED-PAGE')).rejects.toMatchObject({ code: 'INTEGRATION_TOKEN_REFUSED' });
	await connect('PAGE-token');
	const [listed] = await listMarketingIntegrations(database, tenant.id);
	expect(listed).toMatchObject({ platform: 'facebook', account_id: 'p1', has_secret: true, total_leads_imported: 0 });
	expect(
		JSON.stringify(await rows('select * from agent_factory.marketing_integrations where tenant_id = $1')),
	).not.toContain('PAGE-token');
});

test('a Google lead comes in with the right key alone, once', async () => {
	await connectMarketing(database, tenant.id, { platform: 'google', accountId: '123', secret: 'kk' }, { vault, graph });
	const body = {
		...{ lead_id: 'g1', google_key: 'kk', campaign_id: 555, form_id: 7, is_test: false },
		user_column_data: [
			{ column_id: 'FULL_NAME', string_value: 'Rui' },
			{ column_id: 'PHONE_NUMBER', string_value: `+${freshPhone()}` },
		],
	};
	const receive = async (changes: object = {}) =>
		await importGoogleLead(database, tenant.id, { ...body, ...changes }, vault);
	await expect(receive({ google_key: 'kx' })).rejects.toMatchObject({ code: 'WEBHOOK_REFUSED' });
	await expect(receive({ user_column_data: 'x' })).rejects.toMatchObject({ code: 'IMPORT_UNREADABLE' });
	expect(await receive({ is_test: true })).toEqual({ test: true });
	expect([(await receive()) as any, (await receive()) as any].map(({ created }) => created)).toEqual([true, false]);
	expect(await listMarketingIntegrations(database, tenant.id)).toMatchObject([
		{ total_leads_imported: 1, last_import_at: expect.any(Date) },
	]);
	expect(
		await rows("select referral ->> 'campaign_id' as campaign from agent_factory.leads where tenant_id = $1"),
	).toEqual([{ campaign: '555' }]);
});

test('a lead of LinkedIn comes in by a relay with the right key alone, once', async () => {
	const connected = { platform: 'linkedin', accountId: 'li', secret: 'relay-key', settings: { greet: false } } as const;
	await connectMarketing(database, tenant.id, connected, { vault, graph });
	const body = {
		...{ key: 'relay-key', lead_id: 'urn:li:lead:1', firstName: 'Rui', lastName: 'Sá' },
		...{
			phoneNumber: `+${freshPhone()}`,
			emailAddress: 'rui@example.com',
			campaign_id: 77,
			'Qual o seu cargo?': 'CEO',
		},
	};
	const receive = async (given: unknown) => await importLinkedInLead(database, tenant.id, given, vault);
	await expect(receive({ ...body, key: 'guess' })).rejects.toMatchObject({ code: 'WEBHOOK_REFUSED' });
	await expect(receive(null)).rejects.toMatchObject({ code: 'WEBHOOK_REFUSED' });
	await expect(receive({ ...body, answers: [] })).rejects.toMatchObject({ code: 'IMPORT_UNREADABLE' });
	await expect(receive({ key: 'relay-key', firstName: 'Rui' })).rejects.toMatchObject({ code: 'IMPORT_UNREADABLE' });
	expect([(await receive(body)).created, (await receive(body)).created]).toEqual([true, false]);
	expect(
		await rows(
			`select k.full_name, k.profile ->> 'email' as email, k.profile -> 'answers' as answers, l.referral ->> 'campaign_id' as campaign
				from agent_factory.leads l join agent_factory.contacts k on k.id = l.contact_id where l.tenant_id = $1`,
		),
	).toEqual([
		{ full_name: 'Rui Sá', email: 'rui@example.com', answers: { 'Qual o seu cargo?': 'CEO' }, campaign: '77' },
	]);
	expect(await listMarketingIntegrations(database, tenant.id)).toMatchObject([{ total_leads_imported: 1 }]);
});

test('a file brings its good rows once and tells of the others by line and column, and what to do', async () => {
	const [a, b] = [freshPhone(), freshPhone()];
	const file = Buffer.from(
		`Nome;Telefone;E-mail;Aceita ofertas\n"Souza; Ana";${a};;sim\nRui;123;;\n;;;\nBia;;bia@example.com;não\nAna de novo;+${a};;\nCaio;${b};caio@;\nLia; sócia;${b};;sim\n`,
	);
	const options = { platform: 'file', consent: 'service', marketingField: 'aceita ofertas', greet: false } as const;
	const first = await importCsv(database, tenant.id, file, options);
	expect(first).toMatchObject({ rows: 7, imported: 2, known: 1, broken: 4 });
	expect(first.problems).toEqual([
		{ line: 3, column: 'Telefone', reason: 'phone_invalid', advice: expect.stringContaining('area code') },
		{ line: 4, column: 'Telefone', reason: 'no_phone_or_email', advice: expect.stringContaining('Fill in') },
		{ line: 7, column: 'E-mail', reason: 'email_invalid', advice: expect.stringContaining('whole address') },
		{ line: 8, column: null, reason: 'cells_too_many', advice: expect.stringContaining('double quotes') },
	]);
	expect(await importCsv(database, tenant.id, file, options)).toMatchObject({ imported: 0, known: 3, broken: 4 });
	expect(
		await rows(`select k.full_name, c.granted from agent_factory.contact_consents c join agent_factory.contacts k on k.id = c.contact_id
			where c.tenant_id = $1 and c.purpose = 'marketing' order by 1`),
	).toEqual([
		{ full_name: 'Bia', granted: false },
		{ full_name: 'Souza; Ana', granted: true },
	]);
	expect((await everything()).messages).toBe(0);
});
