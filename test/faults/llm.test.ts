import { rounds } from '../support/fault-rounds';
import { waitFor } from '../support/wait-for';
import { Thinking, type Api } from './support/thinking';

let thinking: Thinking;

beforeAll(async () => {
	thinking = await Thinking.start();
});
afterAll(async () => await thinking.stop());
afterEach(async () => await thinking.healthyAgain());

interface Fault {
	what: string;
	behaviour: Record<string, unknown>;
	code: string;
	/** Calls of one attempt at the turn: the port tries again by itself, inside the lease. */
	calls: number;
	/** Milliseconds that the port waits between them. */
	waits: number[];
	/** Seconds that the lane waits at least after the first attempt. */
	laneSeconds: number;
	/** Tokens were spent on an answer that nobody can use. */
	paid?: boolean;
}

const APIS: readonly Api[] = ['anthropic', 'responses', 'chat_completions'];
const MAX_ATTEMPTS = 5;

const faultsOf = (api: Api): Fault[] => [
	{
		what: '429 with a second to wait',
		behaviour: { httpStatus: 429 },
		code: 'LLM_RATE_LIMITED',
		calls: 2,
		waits: [1_000],
		laneSeconds: 3,
	},
	{
		what: '429 with a minute to wait',
		behaviour: { httpStatus: 429, retryAfterSeconds: 60 },
		code: 'LLM_RATE_LIMITED',
		calls: 1,
		waits: [],
		laneSeconds: 59,
	},
	{
		what: '429 without a time',
		behaviour: { httpStatus: 429, retryAfterSeconds: 0 },
		code: 'LLM_RATE_LIMITED',
		calls: 2,
		waits: [375],
		laneSeconds: 3,
	},
	{
		what: api === 'anthropic' ? '529' : '503',
		behaviour: { httpStatus: api === 'anthropic' ? 529 : 503 },
		code: 'LLM_OVERLOADED',
		calls: 2,
		waits: [375],
		laneSeconds: 3,
	},
	{ what: '500', behaviour: { httpStatus: 500 }, code: 'LLM_UNAVAILABLE', calls: 2, waits: [375], laneSeconds: 3 },
	{ what: 'a time-out', behaviour: { delayMs: 60_000 }, code: 'LLM_TIMEOUT', calls: 2, waits: [375], laneSeconds: 3 },
	{
		what: 'a cut connection',
		behaviour: { dropResponse: true },
		code: 'LLM_UNAVAILABLE',
		calls: 2,
		waits: [375],
		laneSeconds: 3,
	},
	{
		what: 'truncated JSON',
		behaviour: { truncated: true },
		code: 'LLM_INVALID_OUTPUT',
		calls: 2,
		waits: [0],
		laneSeconds: 3,
		paid: true,
	},
	{
		what: 'no JSON',
		behaviour: { reply: 'Claro! O plano custa R$ 100.' },
		code: 'LLM_INVALID_OUTPUT',
		calls: 2,
		waits: [0],
		laneSeconds: 3,
		paid: true,
	},
	{
		what: 'a wrong schema',
		behaviour: { reply: '{"action":"dance","messages":"oi"}' },
		code: 'LLM_INVALID_OUTPUT',
		calls: 2,
		waits: [0],
		laneSeconds: 3,
		paid: true,
	},
];

describe.each(APIS)('%s', (api) => {
	test.each(faultsOf(api))(
		'$what passes: the turn waits with backoff, then one reply goes out, and both calls are booked',
		async ({ behaviour, code, calls, waits, laneSeconds, paid = false }) => {
			const tenant = await thinking.ask(api);
			await thinking.behave({ ...behaviour, times: calls });
			const first = (await thinking.claim(tenant))!;
			const failed = await thinking.answer(first);
			expect(failed.answer).toMatchObject({ result: 'put_back', reason: code });
			expect(failed.waits).toEqual(waits);
			expect(await thinking.calls()).toHaveLength(calls);
			expect(await thinking.laneSeconds(tenant)).toBeGreaterThan(laneSeconds);
			expect(await thinking.take(tenant)).toBeUndefined();
			expect(await thinking.replies(tenant)).toEqual([]);

			const again = (await thinking.claim(tenant))!;
			expect(again).toMatchObject({ turnId: first.turnId, attempts: 2 });
			expect((await thinking.answer(again)).answer).toMatchObject({ result: 'decided', decision: { action: 'reply' } });
			expect(await thinking.replies(tenant)).toEqual([{ kind: 'reply', body: expect.stringContaining('R$ 100') }]);
			expect(await thinking.usage(tenant)).toEqual([
				{ outcome: code, attempts: calls, paid },
				{ outcome: 'ok', attempts: 1, paid: true },
			]);
			expect(await thinking.claim(tenant)).toBeUndefined();
		},
	);

	test.each(faultsOf(api))(
		'$what stays: after every attempt a person has the conversation and the customer the apology, once',
		async ({ behaviour, code, calls, paid = false }) => {
			const tenant = await thinking.ask(api);
			await thinking.behave({ ...behaviour, times: 1_000 });
			for (let attempt = 1; attempt < MAX_ATTEMPTS; attempt += 1) {
				const turn = (await thinking.claim(tenant))!;
				expect((await thinking.answer(turn, { timeoutMs: 60 })).answer).toMatchObject({
					result: 'put_back',
					reason: code,
				});
			}
			expect(await thinking.replies(tenant)).toEqual([]);
			const last = (await thinking.claim(tenant))!;
			expect((await thinking.answer(last, { timeoutMs: 60 })).answer).toMatchObject({
				decision: { action: 'handoff', handoffReason: 'model_unavailable' },
			});
			expect(await thinking.replies(tenant)).toEqual([{ kind: 'notice', body: expect.stringMatching(/\S/) }]);
			expect(await thinking.conversation(tenant)).toEqual({ status: 'handoff', handoff_reason: 'model_unavailable' });
			expect(await thinking.usage(tenant)).toEqual(
				Array.from({ length: MAX_ATTEMPTS }, () => ({ outcome: code, attempts: calls, paid })),
			);
			expect(await thinking.claim(tenant)).toBeUndefined();
		},
	);

	test.each([
		['a refusal', { refusal: true }, 'LLM_REFUSED', true],
		['a key that is not valid', { httpStatus: 401 }, 'LLM_AUTH', false],
		['a request that the provider refuses', { httpStatus: 400 }, 'LLM_REQUEST', false],
	])(
		'%s will not pass: a person has the conversation at once, and the customer the apology',
		async (_what, behaviour, code, paid) => {
			const tenant = await thinking.ask(api);
			await thinking.behave({ ...behaviour, times: 1_000 });
			const turn = (await thinking.claim(tenant))!;
			expect((await thinking.answer(turn)).answer).toMatchObject({ decision: { action: 'handoff' } });
			expect(await thinking.calls()).toHaveLength(1);
			expect(await thinking.replies(tenant)).toEqual([{ kind: 'notice', body: expect.stringMatching(/\S/) }]);
			expect(await thinking.conversation(tenant)).toMatchObject({ status: 'handoff' });
			expect(await thinking.usage(tenant)).toEqual([{ outcome: code, attempts: 1, paid }]);
		},
	);
});

describe('a model that stalls longer than the lease', () => {
	/** The lease as it ships in the full form; else one that a busy machine can still keep. */
	const LEASE_SECONDS = rounds(60, 3);
	const STALL_MS = rounds(70_000, 7_500);

	const stalls = async (api: Api): Promise<() => Promise<void>> => {
		const tenant = await thinking.ask(api);
		await thinking.behave({ delayMs: STALL_MS });
		const turn = (await thinking.claim(tenant, LEASE_SECONDS))!;
		const answering = thinking.answer(turn, { timeoutMs: STALL_MS * 2, leaseSeconds: LEASE_SECONDS });
		let over = false;
		void answering.finally(() => (over = true)).catch(() => undefined);
		const ends: number[] = [];
		const look = async (): Promise<boolean> => {
			expect(await thinking.take(tenant)).toBeUndefined();
			const [lease] = await thinking.sql<{ until: Date }>(
				`select locked_until as until from agent_factory.conversation_locks where tenant_id = $1`,
				[tenant.id],
			);
			if (lease && ends.at(-1) !== lease.until.getTime()) ends.push(lease.until.getTime());
			return over;
		};
		return async () => {
			await waitFor(look, { timeoutMs: STALL_MS * 2, pollMs: LEASE_SECONDS * 100 });
			expect((await answering).answer).toMatchObject({ decision: { action: 'reply' } });
			expect(ends.length).toBeGreaterThanOrEqual(3);
			expect([...ends].sort((left, right) => left - right)).toEqual(ends);
			expect(await thinking.replies(tenant)).toHaveLength(1);
		};
	};

	test(
		`${STALL_MS} ms: the heartbeat moves the end of the lease, nobody else gets the turn, one reply goes out`,
		async () => {
			const ends: Array<() => Promise<void>> = [];
			for (const api of APIS) ends.push(await stalls(api));
			await Promise.all(ends.map(async (end) => await end()));
			expect(await thinking.calls()).toHaveLength(APIS.length);
		},
		rounds(160_000, 60_000),
	);

	test('without the heartbeat another worker gets the turn, and the fence still lets one reply through', async () => {
		const tenant = await thinking.ask('anthropic');
		const [{ definition }] = await thinking.sql<{ definition: string }>(
			`select pg_get_functiondef('agent_factory.renew_lease'::regproc) as definition`,
		);
		const [before, after] = definition.split('set available_at = now() + make_interval(secs => p_lease_seconds)');
		await thinking.sql(`${before}set available_at = available_at${after}`);
		try {
			await thinking.behave({ delayMs: 3_000 });
			const turn = (await thinking.claim(tenant, 1))!;
			const answering = thinking.answer(turn, { timeoutMs: 10_000, leaseSeconds: 1, settle: false });
			const second = await waitFor(async () => await thinking.take(tenant), { what: 'the end of the lease' });
			expect(second).toMatchObject({ turnId: turn.turnId, attempts: 2 });
			await thinking.answer(second);
			const { answer } = await answering;
			expect(answer.result).toBe('decided');
			await expect(thinking.settle(turn, answer)).rejects.toMatchObject({ code: 'LEASE_LOST' });
			expect(await thinking.replies(tenant)).toHaveLength(1);
		} finally {
			await thinking.sql(definition);
		}
	});
});
