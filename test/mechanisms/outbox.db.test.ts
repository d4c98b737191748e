import { createGraphClient, textMessage } from '../../core/meta';
import { statusBody, textBody } from '../support/factory';
import { Sending, type Business } from '../faults/support/sending';
import { allOf, loosenUnique, showsTheBreak, weakenFunction } from './support/weaken';

let sending: Sending;
let business: Business;

beforeAll(async () => {
	sending = await Sending.start();
	business = await sending.business();
});
afterAll(async () => await sending.stop());
// What one check leaves waiting must not become due in another.
afterEach(async () => {
	await sending.sql(`update agent_factory.outbox_lanes set available_at = 'infinity'`);
});

const reply = async (text: string, at?: Date) => await sending.replyTo(business, business.numbers.first, [text], at);
const weaken = async (name: string, piece: string, by: string) => await weakenFunction(sending.admin, name, piece, by);

test('I4, the key turn:<id>:<position>: without it a reply that is written down twice is sent twice', async () => {
	await showsTheBreak({
		check: async () => {
			const { person, outboxIds } = await reply('oi');
			// The same turn and position again, as after a crash between the commit and its answer.
			await sending.sql(
				`select agent_factory.enqueue_outbox(o.tenant_id, o.conversation_id, o.kind, o.idempotency_key, o.position, o.turn_id, o.whatsapp_payload, 'oi', 'agent', o.answers_up_to, null)
					from agent_factory.outbox_messages o where o.id = $1`,
				[outboxIds[0]],
			);
			await sending.deliver();
			return await sending.gotBy(person);
		},
		holds: ['oi'],
		remove: async () => {
			const [{ name }] = await sending.sql<{ name: string }>(
				`select conname as name from pg_constraint where conrelid = 'agent_factory.outbox_messages'::regclass and pg_get_constraintdef(oid) = 'UNIQUE (tenant_id, idempotency_key)'`,
			);
			return await allOf(
				async () => await loosenUnique(sending.admin, 'outbox_messages', name),
				async () => await weaken('enqueue_outbox', 'on conflict (tenant_id, idempotency_key) do nothing', ''),
			);
		},
		breaks: ['oi', 'oi'],
	});
});

test('I4, a send of unknown outcome stays unknown: put back into the queue instead, it is sent twice', async () => {
	await showsTheBreak({
		check: async () => {
			const { person, outboxIds } = await reply('oi');
			// A sender whose message left, and who died before it could write that down.
			await sending.sql(`select * from agent_factory.claim_outbox('dies', 50, 0, 600)`);
			await createGraphClient({ fetch, baseUrl: sending.graphUrl, version: 'v25.0' }).sendMessage({
				channel: 'whatsapp',
				externalId: business.numbers.first,
				token: 'token',
				to: { kind: 'phone', value: person },
				message: textMessage('oi'),
				callbackData: outboxIds[0],
			});
			for (let round = 0; round < 3; round += 1) {
				await sending.timePasses();
				await sending.deliver();
			}
			return await sending.gotBy(person);
		},
		holds: ['oi'],
		remove: async () =>
			await weaken(
				'claim_outbox',
				`update outbox_messages o set status = 'unknown', unknown_since = now(), locked_until = null`,
				`update outbox_messages o set status = 'pending', locked_until = null`,
			),
		breaks: ['oi', 'oi'],
	});
});

test('a reply that a newer message has overtaken: without the check the stale one is sent', async () => {
	await showsTheBreak({
		check: async () => {
			const { person } = await reply('velha');
			await sending.receive(textBody(business.numbers.first, [{ from: person, text: 'mais uma coisa' }]));
			await sending.deliver();
			return await sending.gotBy(person);
		},
		holds: [],
		remove: async () => await weaken('claim_outbox', 'is_overtaken(v_row.tenant_id, v_row.id)', 'false'),
		breaks: ['velha'],
	});
});

test('the 24-hour window: without the check a text leaves a day after the last message', async () => {
	const yesterday = new Date(Date.now() - 25 * 3_600_000);
	await showsTheBreak({
		check: async () => {
			const { person } = await reply('tarde', yesterday);
			await sending.deliver();
			return await sending.gotBy(person);
		},
		holds: [],
		remove: async () =>
			await weaken(
				'claim_outbox',
				`coalesce(v_conversation.last_customer_message_at, '-infinity') <= now() - interval '24 hours'`,
				'false',
			),
		breaks: ['tarde'],
	});
});

test('the pace of a pair: without it a person gets more than Meta lets through', async () => {
	await showsTheBreak({
		check: async () => {
			const { person } = await reply('mais uma');
			await sending.sql(
				`update agent_factory.outbox_lanes set pair_tokens = 0, pair_tokens_at = now() where available_at <= now()`,
			);
			await sending.deliver();
			return await sending.gotBy(person);
		},
		holds: [],
		remove: async () => await weaken('claim_outbox', 'if v_tokens < 1 then', 'if false then'),
		breaks: ['mais uma'],
	});
});

test('the pace of a number: without it a number sends faster than it may', async () => {
	const slow = async (tokens: number): Promise<unknown> =>
		await sending.sql(
			`update agent_factory.channel_accounts set send_tokens = $2, send_tokens_at = now(), max_messages_per_second = 1 where external_id = $1`,
			[business.numbers.sameAccount, tokens],
		);
	await showsTheBreak({
		check: async () => {
			const { person } = await sending.replyTo(business, business.numbers.sameAccount, ['oi']);
			await slow(0);
			await sending.deliver();
			return await sending.gotBy(person);
		},
		holds: [],
		remove: async () =>
			await weaken(
				'claim_outbox',
				'and least(ca.max_messages_per_second, ca.send_tokens + extract(epoch from now() - ca.send_tokens_at) * ca.max_messages_per_second) >= 1;',
				';',
			),
		breaks: ['oi'],
	});
});

test('statuses move a message forward only: without the rank a late one takes it back', async () => {
	await showsTheBreak({
		check: async () => {
			const { person, outboxIds } = await reply('oi');
			await sending.deliver();
			const [{ id }] = await sending.seenBy(person);
			for (const status of ['read', 'delivered', 'sent'])
				await sending.receive(statusBody(business.numbers.first, [{ id: id!, status }]));
			return (await sending.rows(outboxIds))[0].status;
		},
		holds: 'read',
		// The plain case is moved by the set, everything else by apply_status.
		remove: async () =>
			await allOf(
				async () =>
					await weaken('apply_status', 'if v_rank > 0 and v_rank > status_rank(v_was) then', 'if v_rank > 0 then'),
				async () =>
					await weaken(
						'file_statuses',
						`f.rank > coalesce(array_position(array['sent', 'delivered', 'read', 'played'], o.status), 0)`,
						'true',
					),
			),
		breaks: 'sent',
	});
});

test('a status is told apart by what it carries: without the row id nobody settles an unknown send', async () => {
	await showsTheBreak({
		check: async () => {
			const { person, outboxIds } = await reply('oi');
			await sending.behave(person, { dropResponse: true });
			await sending.deliver();
			const [{ id, callbackData }] = await sending.seenBy(person);
			await sending.receive(
				statusBody(business.numbers.first, [{ id: id!, status: 'sent', callbackData: callbackData! }]),
			);
			return (await sending.rows(outboxIds))[0].status;
		},
		holds: 'sent',
		remove: async () =>
			await weaken(
				'apply_status',
				`if not found and p_status ->> 'outboxId' ~`,
				`if false and p_status ->> 'outboxId' ~`,
			),
		breaks: 'unknown',
	});
});
