import type { Pool } from 'pg';
import { messagingBody, mid } from '../support/instagram';
import { waitFor } from '../support/wait-for';
import { openFactory, post, sentMessages, state } from './support/running';

const FORM = 'form/instagram-outreach';
const CAMPAIGN = `e2e-${Date.now()}`;
const TENANT = 'socialfy';
const ANA = { id: `77${Date.now()}`, username: 'ana.e2e' };

let pool: Pool;
let zone: string;

beforeAll(async () => {
	pool = openFactory();
	const { rows } = await pool.query('select timezone from agent_factory.tenants where slug = $1', [TENANT]);
	zone = rows[0].timezone as string;
	// Noon for the tenant, whenever this runs.
	const offset = 12 - new Date().getUTCHours();
	await pool.query('update agent_factory.tenants set timezone = $2 where slug = $1', [
		TENANT,
		offset === 0 ? 'UTC' : `Etc/GMT${offset > 0 ? '-' : '+'}${Math.abs(offset)}`,
	]);
	await pool.query(
		`insert into agent_factory.message_templates (tenant_id, name, category, content) select id, $2, 'greeting', 'Oi {{first_name}}, temos uma novidade!'
			from agent_factory.tenants where slug = $1`,
		[TENANT, CAMPAIGN],
	);
});
afterAll(async () => {
	await pool.query('update agent_factory.tenants set timezone = $2 where slug = $1', [TENANT, zone]);
	await pool.end();
});

const send = async (csv: string, password: string): Promise<Response> => {
	const form = new FormData();
	form.set('field-0', TENANT);
	form.set('field-1', CAMPAIGN);
	form.set('field-2', CAMPAIGN);
	form.set('field-3', new Blob([csv], { type: 'text/csv' }), 'leads.csv');
	return await fetch(`${state().n8n.url}/${FORM}`, {
		method: 'POST',
		headers: { authorization: `Basic ${Buffer.from(`agency:${password}`).toString('base64')}` },
		body: form,
	});
};
const run = async () =>
	(
		await pool.query(
			`select status, total_leads, dms_sent, dms_skipped, dms_pending from agent_factory.agentic_instagram_dm_runs where campaign = $1 order by id`,
			[CAMPAIGN],
		)
	).rows;
const messagesToAna = async () =>
	(await sentMessages()).filter(({ to, text }) => to === ANA.id && text?.includes('novidade'));

test('a stranger cannot hand in leads', async () => {
	expect((await send('username\nana.e2e\n', 'wrong')).status).toBe(401);
	expect(await run()).toEqual([]);
});

test('a CSV from the form becomes messages to who wrote first, and a report', async () => {
	const instagram = state()
		.tenants.find(({ slug }) => slug === TENANT)!
		.channels.find(({ kind }) => kind === 'instagram')!.externalId;
	const body = messagingBody(instagram, ANA, { message: { mid: mid(), text: 'Oi, quero saber mais' } });
	expect((await post(JSON.stringify(body))).status).toBe(200);

	const csv =
		'username,full_name,followers_count\n@Ana.E2E,Ana Souza,1.200\nnunca_escreveu,Leo,10\nnome inválido,X,1\n';
	const handedIn = await send(csv, state().n8n.password);
	expect(handedIn.status).toBe(200);
	const { formWaitingUrl } = (await handedIn.json()) as { formWaitingUrl?: string };
	await waitFor(async () => (await messagesToAna()).length > 0, { timeoutMs: 60_000, what: 'the message to the lead' });
	expect((await messagesToAna()).map(({ text }) => text)).toEqual(['Oi Ana, temos uma novidade!']);
	expect(await run()).toMatchObject([{ total_leads: 2, dms_skipped: 1 }]);

	const page = await (await fetch(formWaitingUrl!)).text();
	expect(page).toContain('2 rows imported, 1 refused.');
	expect(page).toContain('Line 4: username is not one of Instagram');

	expect((await send(csv, state().n8n.password)).status).toBe(200);
	await waitFor(async () => (await run()).length === 2, { timeoutMs: 60_000, what: 'the second run' });
	await waitFor(async () => (await run())[1].status === 'completed', {
		timeoutMs: 60_000,
		what: 'the end of the second run',
	});
	expect((await run())[1]).toMatchObject({ total_leads: 2, dms_skipped: 2, dms_sent: 0 });
	expect(await messagesToAna()).toHaveLength(1);
}, 240_000);
