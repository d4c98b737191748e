import { randomBytes } from 'node:crypto';
import type { Pool } from 'pg';
import { freshPhone } from '../core/crm/import-story';
import { waitFor } from '../support/wait-for';
import { byId, operate, operateAll } from './support/operate';
import { openFactory, post, sentMessages, setBehaviour, state } from './support/running';

let pool: Pool;
let tenant: { id: string; slug: string };
let whatsapp: string;

beforeAll(async () => {
	pool = openFactory();
	[tenant] = (await pool.query("select id, slug from agent_factory.tenants where slug = 'socialfy'")).rows;
	[{ id: whatsapp }] = (
		await pool.query(
			"select id from agent_factory.channel_accounts where tenant_id = $1 and kind = 'whatsapp' limit 1",
			[tenant.id],
		)
	).rows;
	await pool.query(
		`update agent_factory.message_templates set meta_name = category, meta_status = 'APPROVED', meta_category = 'UTILITY'
			where tenant_id = $1 and category = 'lead_ad'`,
		[tenant.id],
	);
});
afterAll(async () => await pool.end());

const digits = (text: string): string => text.replace(/\D/g, '');
const sentTo = async (phone: string) => (await sentMessages()).filter(({ to }) => digits(to) === phone);

test('a Facebook form becomes contact, lead, consent and one template, though Graph falls twice', async () => {
	const pageId = String(randomBytes(6).readUIntBE(0, 6));
	const leadgenId = `9${String(Date.now()).padStart(17, '1')}`;
	const phone = freshPhone();
	await operate('e2e-page', {
		type: 'agentFactory',
		parameters: {
			...{ resource: 'channelAccount', operation: 'create', tenant: byId(tenant.id), kind: 'messenger' },
			...{ externalId: pageId, accessToken: 'PAGE-token' },
		},
	});
	await fetch(`${state().graph.url}/_sandbox/leads`, {
		method: 'POST',
		body: JSON.stringify({
			id: leadgenId,
			...{ ad_id: '71', campaign_id: `c${leadgenId}`, form_id: '51' },
			field_data: [
				{ name: 'full_name', values: ['Ana Souza'] },
				{ name: 'phone_number', values: [`+${phone}`] },
			],
			faults: [{ drop: true }],
		}),
	});
	// Meta takes the template and the connection is cut before it says so.
	await setBehaviour('graph', { to: phone, dropResponse: true, statuses: ['sent', 'delivered'] });
	const body = `{"object":"page","entry":[{"id":"${pageId}","time":1,"changes":[{"field":"leadgen","value":{"leadgen_id":${leadgenId},"page_id":"${pageId}","created_time":1760000000}}]}]}`;
	expect([(await post(body)).status, (await post(body)).status]).toEqual([200, 200]);

	const facts = async () =>
		(
			await pool.query(
				`select l.source, l.referral ->> 'campaign_id' as campaign, i.first_contact,
						(select count(*)::int from agent_factory.consent_events e where e.contact_id = k.id and e.purpose = 'service' and e.granted) as consents,
						(select jsonb_agg(m.status) from agent_factory.messages m where m.contact_id = k.id) as messages
					from agent_factory.lead_imports i join agent_factory.leads l on l.id = i.lead_id join agent_factory.contacts k on k.id = i.contact_id
					where i.import_key = $1`,
				[leadgenId],
			)
		).rows;
	await waitFor(async () => ['delivered', 'read'].includes((await facts())[0]?.messages?.[0] as string), {
		timeoutMs: 150_000,
		what: 'the greeting to be delivered',
	});
	expect(await facts()).toEqual([
		{
			...{ source: 'ad', campaign: `c${leadgenId}`, first_contact: 'queued', consents: 1 },
			messages: [expect.stringMatching(/delivered|read/)],
		},
	]);
	expect(await sentTo(phone)).toMatchObject([{ type: 'template', template: { name: 'lead_ad' } }]);
	const { reads } = (await (await fetch(`${state().graph.url}/_sandbox/leads/${leadgenId}/reads`)).json()) as {
		reads: number;
	};
	expect(reads).toBe(2);
	const roi = await operateAll('e2e-roi', {
		type: 'leadImport',
		parameters: { operation: 'getCampaignRoi', tenant: byId(tenant.id), from: '', to: '' },
	});
	expect(roi).toContainEqual(expect.objectContaining({ campaignId: `c${leadgenId}`, leads: 1, spend: null }));
}, 240_000);

test("a list from the form: good rows once, broken ones by line; Google's webhook with the right key alone", async () => {
	const csv = `Nome;Telefone\nBia;+${freshPhone()}\nRui;123\n`;
	const handIn = async (): Promise<string> => {
		const form = new FormData();
		form.set('field-0', tenant.slug);
		form.set('field-1', 'To be answered');
		form.set('field-2', '');
		form.set('field-3', new Blob([csv], { type: 'text/csv' }), 'leads.csv');
		const handedIn = await fetch(`${state().n8n.url}/form/lead-list`, {
			method: 'POST',
			headers: { authorization: `Basic ${Buffer.from(`agency:${state().n8n.password}`).toString('base64')}` },
			body: form,
		});
		expect(handedIn.status).toBe(200);
		const { formWaitingUrl } = (await handedIn.json()) as { formWaitingUrl: string };
		return await waitFor<any>(
			async () => {
				// While the workflow runs n8n may hold the page back.
				const page = await fetch(formWaitingUrl, { signal: AbortSignal.timeout(5_000) }).then(
					async (answer) => await answer.text(),
					() => '',
				);
				return page.includes('leads imported') ? page : false;
			},
			{ timeoutMs: 30_000, what: 'the report' },
		);
	};
	const first = await handIn();
	expect(first).toContain('1 leads imported, 0 known already, 1 rows broken.');
	expect(first).toContain('Line 3, column Telefone: Write the number');
	expect(await handIn()).toContain('0 leads imported, 1 known already, 1 rows broken.');

	await operate('e2e-google', {
		type: 'leadImport',
		parameters: {
			...{
				operation: 'connect',
				tenant: byId(tenant.id),
				source: 'google',
				accountId: '123-456',
				secret: 'google-key',
			},
			settings: { greet: false },
		},
	});
	const google = async (key: string): Promise<number> =>
		(
			await fetch(`${state().n8n.url}/webhook/agent-factory/google-lead?tenant=${tenant.slug}`, {
				method: 'POST',
				headers: { 'content-type': 'application/json' },
				body: JSON.stringify({
					...{ lead_id: `g${Date.now()}`, google_key: key, campaign_id: 5 },
					user_column_data: [{ column_id: 'PHONE_NUMBER', string_value: `+${freshPhone()}` }],
				}),
			})
		).status;
	expect([await google('google-key'), await google('guessed')]).toEqual([200, 401]);

	await operate('e2e-linkedin', {
		type: 'leadImport',
		parameters: {
			...{ operation: 'connect', tenant: byId(tenant.id), source: 'linkedin', accountId: 'li', secret: 'relay-key' },
			settings: { greet: false },
		},
	});
	const linkedIn = async (body: object): Promise<number> =>
		(
			await fetch(`${state().n8n.url}/webhook/agent-factory/linkedin-lead?tenant=${tenant.slug}`, {
				method: 'POST',
				headers: { 'content-type': 'application/json' },
				body: JSON.stringify({
					lead_id: `li${Date.now()}`,
					key: 'relay-key',
					phoneNumber: `+${freshPhone()}`,
					...body,
				}),
			})
		).status;
	expect([await linkedIn({}), await linkedIn({ key: 'guessed' }), await linkedIn({ phoneNumber: '' })]).toEqual([
		200, 401, 400,
	]);
}, 180_000);

test('a silent lead is asked once more, once', async () => {
	const phone = freshPhone();
	await operate('e2e-followups', {
		type: 'campaigns',
		parameters: {
			...{ operation: 'saveFollowUpSettings', tenant: byId(tenant.id), agent: '', enabled: true },
			additionalFields: { quietFrom: '00:00', quietTo: '00:00' },
		},
	});
	await pool.query(
		`with k as (insert into agent_factory.contacts (tenant_id, full_name, phone) values ($1, 'Caio Lima', $3) returning id),
			i as (insert into agent_factory.contact_identities (tenant_id, contact_id, kind, value) select $1, k.id, 'phone', $3 from k),
			l as (insert into agent_factory.leads (tenant_id, contact_id, classification, lead_score, fit_score, intent_score) select $1, k.id, 'LEAD_WARM', 50, 25, 25 from k)
			insert into agent_factory.conversations (tenant_id, contact_id, channel_account_id, last_customer_message_at, last_outbound_at)
				select $1, k.id, $2, now() - interval '23 hours 10 minutes', now() - interval '23 hours' from k`,
		[tenant.id, whatsapp, phone],
	);
	const runDue = async () =>
		await operateAll('e2e-run-due', { type: 'campaigns', parameters: { operation: 'runDue' } });
	const runs = [...(await runDue()), ...(await runDue())];
	const mine = runs.flatMap(({ followUps }) => (followUps ?? []) as Array<{ skipped: string | null; kind: string }>);
	expect(mine).toEqual([expect.objectContaining({ kind: 'text', nth: 1, skipped: null })]);
	await waitFor(async () => (await sentTo(phone)).length > 0, { timeoutMs: 60_000, what: 'the follow-up' });
	expect((await sentTo(phone)).map(({ text }) => text)).toEqual([expect.stringMatching(/^Oi Caio, aqui é da /)]);
	await pool.query('delete from agent_factory.followup_settings where tenant_id = $1', [tenant.id]);
}, 180_000);
