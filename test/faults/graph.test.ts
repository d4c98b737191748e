import type { GraphErrorName } from '../../core/meta';
import { listUnknown } from '../../core/outbox';
import { resumeChannelAccount } from '../../core/tenancy';
import { freePort } from '../../sandbox/ports';
import { statusBody } from '../support/factory';
import { waitFor } from '../support/wait-for';
import { Sending, type Business } from './support/sending';

let sending: Sending;
let other: Business;

beforeAll(async () => {
	sending = await Sending.start();
	other = await sending.business();
});
afterAll(async () => await sending.stop());
// What one fault leaves waiting must not become due in another.
afterEach(async () => {
	await sending.sql(`update agent_factory.outbox_lanes set available_at = 'infinity'`);
});

type Scope = 'pair' | 'number' | 'account' | 'tenant';
/** The next of these that hold their messages back: each contains the ones before it. */
const SCOPES: readonly Scope[] = ['pair', 'number', 'account', 'tenant'];

/** Sends a reply of two parts whose first meets the fault; gives what the outbox made of it. */
async function meet(business: Business, fault: Record<string, unknown>) {
	const { person, outboxIds } = await sending.replyTo(business, business.numbers.first, ['um', 'dois']);
	await sending.behave(person, fault);
	const [delivery] = await sending.deliver();
	return { person, outboxIds, delivery, rows: await sending.rows(outboxIds) };
}

/** Which of the neighbours get their message while the fault lasts. */
async function neighbours(
	business: Business,
): Promise<Record<'sameNumber' | 'sameAccount' | 'sameTenant' | 'otherTenant', boolean>> {
	const ask = async (of: Business, number: string): Promise<() => Promise<boolean>> => {
		const { person } = await sending.replyTo(of, number, ['oi']);
		return async () => (await sending.gotBy(person)).length === 1;
	};
	const { first, sameAccount, otherAccount } = business.numbers;
	const asked = {
		sameNumber: await ask(business, first),
		sameAccount: await ask(business, sameAccount),
		sameTenant: await ask(business, otherAccount),
		otherTenant: await ask(other, other.numbers.first),
	};
	await sending.deliver();
	return {
		sameNumber: await asked.sameNumber(),
		sameAccount: await asked.sameAccount(),
		sameTenant: await asked.sameTenant(),
		otherTenant: await asked.otherTenant(),
	};
}

const goOn = (heldBack: Scope | null) => ({
	sameNumber: heldBack === null || SCOPES.indexOf(heldBack) < 1,
	sameAccount: heldBack === null || SCOPES.indexOf(heldBack) < 2,
	sameTenant: heldBack === null || SCOPES.indexOf(heldBack) < 3,
	otherTenant: true,
});

describe('Meta said that it did not take it: the rest waits, in order, and is sent once', () => {
	test.each<[string, Record<string, unknown>, GraphErrorName, Scope, seconds: number]>([
		[
			'HTTP 429 of a proxy, without a code',
			{ httpStatus: 429, rawAnswer: 'slow down' },
			'call_rate_limit',
			'account',
			45,
		],
		['HTTP 429', { httpStatus: 429 }, 'number_throughput', 'number', 0.75],
		['130429', { errorCode: 130429 }, 'number_throughput', 'number', 0.75],
		['131056', { errorCode: 131056 }, 'pair_rate_limit', 'pair', 1],
		['80007', { errorCode: 80007 }, 'account_rate_limit', 'account', 45],
		['4', { errorCode: 4 }, 'app_rate_limit', 'account', 45],
		['131057', { errorCode: 131057 }, 'number_maintenance', 'number', 45],
		['133004', { errorCode: 133004 }, 'server_unavailable', 'number', 45],
	])('%s', async (_fault, behaviour, name, heldBack, seconds) => {
		const business = await sending.business();
		const { person, outboxIds, delivery, rows } = await meet(business, behaviour);
		expect([delivery.status, delivery.error?.name]).toEqual(['pending', name]);
		expect(rows.map(({ status }) => status)).toEqual(['pending', 'pending']);
		const [lane] = await sending.sql<{ wait: number }>(
			`select extract(epoch from available_at - now())::float8 as wait from agent_factory.outbox_lanes l
				where l.tenant_id = $1 and l.conversation_id = $2`,
			[business.tenant.id, rows[0].conversation_id],
		);
		expect(lane.wait).toBeLessThanOrEqual(seconds);
		expect(lane.wait).toBeGreaterThan(seconds - 5);
		await sending.waitsGrow();
		expect(await neighbours(business)).toEqual(goOn(heldBack));
		expect(await sending.gotBy(person)).toEqual([]);
		await sending.timePasses();
		await sending.deliver();
		expect(await sending.gotBy(person)).toEqual(['um', 'dois']);
		expect((await sending.rows(outboxIds)).map(({ status }) => status)).toEqual(['sent', 'sent']);
	});

	test('131056 stands for one pair only, and ends after its attempts with the later parts', async () => {
		const business = await sending.business();
		const { person, outboxIds } = await meet(business, { errorCode: 131056, times: 20 });
		expect(await neighbours(business)).toEqual(goOn('pair'));
		for (let attempt = 2; attempt <= 8; attempt += 1) {
			await sending.timePasses();
			await sending.deliver();
		}
		expect((await sending.rows(outboxIds)).map(({ status, attempts }) => [status, attempts])).toEqual([
			['failed', 8],
			['failed', 0],
		]);
		await sending.timePasses();
		expect(await sending.deliver()).toEqual([]);
		expect(await sending.gotBy(person)).toEqual([]);
	});

	test('nobody listens: nothing left, so it is tried again', async () => {
		const business = await sending.business();
		const { person } = await sending.replyTo(business, business.numbers.first, ['um', 'dois']);
		const [delivery] = await sending.deliver(`http://127.0.0.1:${await freePort()}`);
		expect([delivery.status, delivery.error?.name]).toEqual(['pending', 'connection_failed']);
		await sending.timePasses();
		await sending.deliver();
		expect(await sending.gotBy(person)).toEqual(['um', 'dois']);
	});
});

describe('a person must act: the lane stands, nobody else does, and no attempt is used up', () => {
	test.each<[number, GraphErrorName, Scope]>([
		[190, 'token_invalid', 'tenant'],
		[10, 'permission_missing', 'tenant'],
		[131042, 'payment_problem', 'account'],
		[131031, 'account_restricted', 'account'],
		[131045, 'number_not_ready', 'number'],
		[131048, 'spam_rate_limit', 'number'],
	])('%d', async (errorCode, name, heldBack) => {
		const business = await sending.business();
		const { person, outboxIds, delivery, rows } = await meet(business, { errorCode });
		expect([delivery.status, delivery.error?.name]).toEqual(['pending', name]);
		expect(rows.map(({ status, attempts }) => [status, attempts])).toEqual([
			['pending', 0],
			['pending', 0],
		]);
		expect(await sending.audits(business, 'channel_account.paused')).toBe(1);
		await sending.timePasses();
		expect(await neighbours(business)).toEqual(goOn(heldBack));
		expect(await sending.seenBy(person)).toHaveLength(1);
		const accounts = await sending.sql<{ id: string }>(
			`select id from agent_factory.channel_accounts where tenant_id = $1`,
			[business.tenant.id],
		);
		for (const { id } of accounts) await resumeChannelAccount(sending.database, business.tenant.id, id);
		await sending.deliver();
		expect(await sending.gotBy(person)).toEqual(['um', 'dois']);
		expect((await sending.rows(outboxIds)).map(({ status }) => status)).toEqual(['sent', 'sent']);
	});
});

describe('the failure of a lane that comes as a status of a message that Meta took', () => {
	test.each<[number, Scope | null]>([
		[190, 'tenant'],
		[131042, 'account'],
		[131031, 'account'],
		[131048, 'number'],
		[131026, null],
	])('%d', async (errorCode, heldBack) => {
		const business = await sending.business();
		const { person, outboxIds, rows } = await meet(business, {});
		expect(rows[0].status).toBe('sent');
		const [{ id }] = await sending.seenBy(person);
		const failed = statusBody(business.numbers.first, [{ id: id!, status: 'failed', errorCode }]);
		await sending.receive(failed);
		await sending.receive(failed);
		expect((await sending.rows(outboxIds))[0]).toMatchObject({ status: 'failed', error_code: errorCode });
		expect(await sending.audits(business, 'channel_account.paused')).toBe(heldBack === null ? 0 : 1);
		expect(await neighbours(business)).toEqual(goOn(heldBack));
	});
});

describe('Meta refused for good: it fails with its later parts, is not repeated, and nobody else is touched', () => {
	test.each<[number, GraphErrorName]>([
		[131026, 'undeliverable'],
		[132001, 'template_data'],
		[131049, 'marketing_cap'],
		[131051, 'unsupported_type'],
		[100, 'bad_request'],
		[999_999, 'rejected'],
	])('%d', async (errorCode, name) => {
		const business = await sending.business();
		const { person, outboxIds, delivery } = await meet(business, { errorCode });
		expect([delivery.status, delivery.error?.name]).toEqual(['failed', name]);
		expect(await neighbours(business)).toEqual(goOn(null));
		await sending.timePasses();
		await sending.deliver();
		expect((await sending.rows(outboxIds)).map(({ status }) => status)).toEqual(['failed', 'failed']);
		expect(await sending.seenBy(person)).toHaveLength(1);
	});

	test('131047: an approved template goes in its place, and without one the message is blocked', async () => {
		const business = await sending.business();
		const blocked = await meet(business, { errorCode: 131047 });
		expect(blocked.delivery.error?.name).toBe('outside_window');
		await sending.deliver();
		expect(await sending.gotBy(blocked.person)).toEqual([]);
		expect((await sending.rows(blocked.outboxIds)).map(({ status }) => status)).toEqual(['blocked', 'blocked']);
		await sending.sql(
			`insert into agent_factory.message_templates (tenant_id, name, category, content, meta_name, meta_status)
				values ($1, 'w', 'window', 'Oi', 'retomar', 'APPROVED')`,
			[business.tenant.id],
		);
		const { person } = await meet(business, { errorCode: 131047 });
		await sending.deliver();
		expect((await sending.gotBy(person))[0]).toBe('retomar');
		expect(await neighbours(business)).toEqual(goOn(null));
	});
});

describe('nobody knows whether Meta took it: never sent again', () => {
	const TAKEN: Array<[string, Record<string, unknown>]> = [
		['the answer comes too late', { delayMs: 60_000 }],
		['the connection is reset after Meta took it', { dropResponse: true }],
		['the answer drips', { dripMs: 60_000 }],
		['the answer is broken off JSON', { rawAnswer: '{"messages":[{"id":"wam' }],
		['the answer is a page of a proxy', { rawAnswer: '<html></html>' }],
		['200 without the id of a message', { rawAnswer: '{"messaging_product":"whatsapp","messages":[]}' }],
		['500 although Meta took it', { httpStatus: 500, takenAnyway: true }],
		['502 of a proxy although Meta took it', { httpStatus: 502, rawAnswer: 'Bad Gateway', takenAnyway: true }],
		['131016 although Meta took it', { errorCode: 131016, takenAnyway: true }],
	];

	test.each(TAKEN)('%s: the status with the row id settles it, then the next part goes', async (_fault, behaviour) => {
		const business = await sending.business();
		const { person, outboxIds, delivery } = await meet(business, behaviour);
		expect([delivery.status, delivery.error?.name]).toEqual(['unknown', 'outcome_unknown']);
		expect(await neighbours(business)).toEqual(goOn(null));
		await sending.timePasses();
		expect(await sending.deliver()).toEqual([]);
		expect(await listUnknown(sending.database, business.tenant.id)).toHaveLength(1);
		const [{ id, callbackData }] = await sending.seenBy(person);
		expect(callbackData).toBe(outboxIds[0]);
		await sending.receive(
			statusBody(business.numbers.first, [{ id: id!, status: 'sent', callbackData: callbackData! }]),
		);
		await sending.deliver();
		expect(await sending.gotBy(person)).toEqual(['um', 'dois']);
		expect((await sending.rows(outboxIds)).map(({ status, settled_by }) => [status, settled_by])).toEqual([
			['sent', 'status'],
			['sent', null],
		]);
	});

	const LOST: Array<[string, Record<string, unknown>]> = [
		['the connection is reset before Meta took it', { dropRequest: true }],
		['500', { httpStatus: 500 }],
		['503', { httpStatus: 503 }],
		['502 of a proxy', { httpStatus: 502, rawAnswer: 'Bad Gateway' }],
		['131000', { errorCode: 131000 }],
	];

	test.each(LOST)(
		'%s: no status comes; after the grace a person is told, once, and the lane goes on',
		async (_fault, behaviour) => {
			const business = await sending.business();
			const { person, outboxIds, delivery } = await meet(business, behaviour);
			expect([delivery.status, delivery.error?.name]).toEqual(['unknown', 'outcome_unknown']);
			await sending.timePasses();
			expect(await sending.deliver()).toEqual([]);
			expect(await sending.audits(business, 'outbox.unknown_overdue')).toBe(0);
			await sending.timePasses({ grace: true });
			await sending.deliver();
			await sending.deliver();
			expect(await sending.audits(business, 'outbox.unknown_overdue')).toBe(1);
			expect((await sending.rows(outboxIds)).map(({ status }) => status)).toEqual(['unknown', 'sent']);
			expect(await sending.gotBy(person)).toEqual(['dois']);
			// The first part was tried once.
			expect((await sending.seenBy(person)).map(({ text }) => text)).toEqual(['um', 'dois']);
		},
	);

	test('a failure that comes as a status settles it too', async () => {
		const business = await sending.business();
		const { person, outboxIds } = await meet(business, { dropResponse: true });
		const [{ id, callbackData }] = await sending.seenBy(person);
		const status = { id: id!, status: 'failed', callbackData: callbackData!, errorCode: 131026 };
		await sending.receive(statusBody(business.numbers.first, [status]));
		expect((await sending.rows(outboxIds))[0]).toMatchObject({
			status: 'failed',
			settled_by: 'status',
			error_code: 131026,
		});
	});
});

describe('statuses come as they like', () => {
	beforeAll(() => sending.statusesCome());

	test.each<[string, Record<string, unknown>]>([
		['twice', { duplicateStatuses: true }],
		['in reverse', { statuses: ['read', 'delivered', 'sent'] }],
		['before the answer to the send', { statusBeforeAnswer: true }],
		[
			'before the answer, twice and in reverse',
			{ statusBeforeAnswer: true, duplicateStatuses: true, statuses: ['read', 'sent', 'delivered'] },
		],
		['before an answer that never comes', { statusBeforeAnswer: true, dropResponse: true }],
		['after a late failure that was none', { statuses: ['failed', 'sent', 'delivered', 'read'] }],
	])('%s: the message ends as read, and each part is sent once', async (_fault, behaviour) => {
		const business = await sending.business();
		const { person, outboxIds } = await sending.replyTo(business, business.numbers.first, ['um', 'dois']);
		await sending.behave(person, { times: 2, ...behaviour });
		await sending.deliver();
		const read = async () => {
			const rows = await sending.rows(outboxIds);
			return rows.every(({ status }) => status === 'read') ? rows : null;
		};
		const rows = await waitFor(read, { what: 'read by both parts' });
		expect(rows.map((row) => [row.sent_at, row.delivered_at, row.read_at].every((at) => at !== null))).toEqual([
			true,
			true,
		]);
		await sending.timePasses();
		expect(await sending.deliver()).toEqual([]);
		expect(await sending.gotBy(person)).toEqual(['um', 'dois']);
	});
});
