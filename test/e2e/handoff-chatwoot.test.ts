import type { Pool } from 'pg';
import { CHATWOOT_ACCOUNT, startChatwootStandIn, type ChatwootStandIn } from '../../sandbox/standins/chatwoot';
import { waitFor } from '../support/wait-for';
import { customerOf, type Customer } from './support/handed-over';
import { byId, operate } from './support/operate';
import { openFactory, state } from './support/running';

let pool: Pool;
let customer: Customer;
let chatwoot: ChatwootStandIn;
let tenantId: string;
let webhookUrl: string;

beforeAll(async () => {
	pool = openFactory();
	customer = customerOf(pool, 'fitpro', '5511966630001', 'Caio Chatwoot');
	[{ id: tenantId }] = (await pool.query(`select id from agent_factory.tenants where slug = 'fitpro'`)).rows;
	chatwoot = await startChatwootStandIn();
	({ webhookUrl } = await operate('e2e-chatwoot', {
		type: 'handoff',
		parameters: {
			...{ operation: 'connectChatwoot', tenant: byId(tenantId), baseUrl: chatwoot.url, token: 'chatwoot-token' },
			...{ accountId: CHATWOOT_ACCOUNT, inboxId: 5, allowLocal: true },
			webhookUrl: `${state().n8n.url}/webhook/agent-factory/chatwoot`,
		},
	}));
}, 120_000);
afterAll(async () => {
	await pool.query(`update agent_factory.api_keys set is_active = false where service_name = 'chatwoot'`);
	await chatwoot.close();
	await pool.end();
});

/** The schedule does it every minute; here at once. */
const work = async (): Promise<void> =>
	void (await operate('e2e-chatwoot-work', {
		type: 'handoff',
		parameters: { operation: 'runDueWork', limit: 50, allowLocal: false },
	}));
const arrives = async (what: string, there: () => boolean): Promise<void> =>
	void (await waitFor(
		async () => {
			if (there()) return true;
			await work();
			return there();
		},
		{ timeoutMs: 90_000, what },
	));
const tell = async (event: unknown): Promise<[number, string]> => {
	const answer = await fetch(webhookUrl, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify(event),
	});
	return [answer.status, ((await answer.json()) as { done: string }).done];
};
const said = (): string[] => chatwoot.messages.map(({ content }) => String(content));

test('a hand-over is answered in Chatwoot once, without a loop, and resolving it gives it back to the bot', async () => {
	await customer.say('quero falar com um atendente humano, por favor');
	await waitFor(async () => (await customer.handoffs()).length === 1, { timeoutMs: 60_000, what: 'the hand-over' });
	await arrives('the note in Chatwoot', () => chatwoot.messages.length > 0);
	expect(chatwoot.contacts).toMatchObject([{ name: 'Caio Chatwoot' }]);
	expect(chatwoot.messages).toMatchObject([{ private: true }]);
	expect(said()[0]).toContain('Pediu uma pessoa');
	expect(said()[0]).toContain('quero falar com um atendente humano');
	await waitFor(async () => (await customer.heard()).length === 1, {
		timeoutMs: 30_000,
		what: 'the word that a person comes',
	});

	const [{ id: theirs }] = chatwoot.conversations;
	const answer = chatwoot.agentWrites(theirs, 'Oi Caio, aqui é a Ana. Como ajudo?');
	expect(await Promise.all([tell(answer), tell(answer)])).toEqual([
		[200, 'sent'],
		[200, 'sent'],
	]);
	await waitFor(async () => (await customer.heard()).length === 2, { timeoutMs: 30_000, what: "the agent's answer" });
	await customer.say('obrigado, é sobre a matrícula');
	await arrives('what the customer said', () => said().includes('obrigado, é sobre a matrícula'));

	// Chatwoot tells of what we put there too: none of it goes to the customer, and the answer is not put there again.
	const ours = chatwoot.messages.filter(({ content }) => content !== 'Oi Caio, aqui é a Ana. Como ajudo?');
	for (const { id, content, private: isPrivate, message_type: type } of ours) {
		const message = { id, content, private: isPrivate, message_type: type === 0 ? 'incoming' : 'outgoing' };
		const event = {
			event: 'message_created',
			account: { id: CHATWOOT_ACCOUNT },
			conversation: { id: theirs },
			...message,
		};
		expect(await tell({ ...event, sender: { id: 1, type: 'user' } })).toEqual([200, 'ignored']);
	}
	await work();
	expect(chatwoot.messages).toHaveLength(3);
	expect(await customer.heard()).toHaveLength(2);

	expect(await tell(chatwoot.agentSets(theirs, 'resolved'))).toEqual([200, 'returned']);
	await waitFor(async () => (await customer.heard()).length >= 3, {
		timeoutMs: 60_000,
		what: 'the answer of the bot',
	});
	expect(await customer.handoffs()).toMatchObject([
		{ first_answer_way: 'chatwoot', returned_by: 'chatwoot', status: 'open' },
	]);
}, 300_000);

test('a webhook with a changed key is refused and sends nothing', async () => {
	const before = await customer.heard();
	const forged = `${webhookUrl.slice(0, -6)}AAAAAA`;
	const event = chatwoot.agentWrites(chatwoot.conversations[0].id, 'Texto forjado');
	const answer = await fetch(forged, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify(event),
	});
	expect(answer.status).toBe(401);
	expect(await customer.heard()).toEqual(before);
}, 60_000);
