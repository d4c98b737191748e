import { newSecret, signWebhook, verifyWebhook } from '../../../core/notifications';
import { settlementOf } from '../../../core/notifications/deliver';
import { retryDelaySeconds } from '../../../core/notifications/settle';

const secret = newSecret((size) => Buffer.alloc(size, 9));
const now = 1_800_000_000_000;
const body = Buffer.from('{"type":"lead.hot"}');
const headers = signWebhook([secret], 'msg_1', now, body);

describe('Standard Webhooks', () => {
	test('the example of the specification has its signature', () => {
		// From the reference libraries' tests.
		const signed = signWebhook(
			['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
			'msg_p5jXN8AQM9LWM0D4loKWxJek',
			1_614_265_330_000,
			Buffer.from('{"test": 2432232314}'),
		);
		expect(signed['webhook-signature']).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
	});

	test('what was signed is accepted, header names in any case', () => {
		expect(verifyWebhook([secret], headers, body, now)).toEqual({ ok: true, id: 'msg_1' });
		const shouted = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toUpperCase(), value]));
		expect(verifyWebhook([secret], shouted, body, now)).toEqual({ ok: true, id: 'msg_1' });
	});

	test('one of several secrets and one of several signatures is enough', () => {
		const other = newSecret((size) => Buffer.alloc(size, 1));
		const many = { ...headers, 'webhook-signature': `v1,AAAA v1a,xx ${headers['webhook-signature']}` };
		expect(verifyWebhook([other, secret], many, body, now).ok).toBe(true);
		expect(verifyWebhook([other], many, body, now)).toEqual({ ok: false, reason: 'mismatch' });
	});

	test.each<[string, Record<string, string>, Buffer, number, string]>([
		['another body', headers, Buffer.from('{"type":"lead.cold"}'), now, 'mismatch'],
		['another id', { ...headers, 'webhook-id': 'msg_2' }, body, now, 'mismatch'],
		['another time', { ...headers, 'webhook-timestamp': '1800000001' }, body, now, 'mismatch'],
		['six minutes later', headers, body, now + 360_000, 'too_old'],
		['six minutes before', headers, body, now - 360_000, 'too_new'],
		['no signature', { 'webhook-id': 'a', 'webhook-timestamp': '1' }, body, now, 'missing'],
		['a time that is none', { ...headers, 'webhook-timestamp': 'soon' }, body, now, 'malformed'],
		['a scheme of another version', { ...headers, 'webhook-signature': 'v2,AAAA' }, body, now, 'mismatch'],
		['more than a megabyte', headers, Buffer.alloc(1_000_001), now, 'too_large'],
	])('%s is refused', (_, given, bytes, at, reason) => {
		expect(verifyWebhook([secret], given, bytes, at)).toEqual({ ok: false, reason });
	});

	test('a secret that is too short signs nothing', () => {
		expect(() => signWebhook(['whsec_AAAA'], 'a', now, body)).toThrow(
			expect.objectContaining({ code: 'WEBHOOK_SECRET_INVALID' }),
		);
	});
});

describe('how a delivery ends', () => {
	const half = () => 0.5;
	test.each([
		[{ status: 204 }, 1, 'delivered'],
		[{ status: 410 }, 1, 'gone'],
		[{ status: 302 }, 1, 'retry'],
		[{ status: 500 }, 9, 'retry'],
		[{ status: 500 }, 10, 'dead'],
		[{ failed: 'ECONNREFUSED' }, 1, 'retry'],
		[{ refused: 'its address is not public' }, 10, 'dead'],
	])('%j at try %i: %s', (result, attempts, outcome) => {
		expect(settlementOf(result, attempts, half).outcome).toBe(outcome);
	});

	test('waits grow to six hours and are spread by a fifth', () => {
		expect([1, 2, 3, 4, 9].map((attempt) => retryDelaySeconds(attempt, half))).toEqual([5, 25, 125, 625, 21_600]);
		expect([retryDelaySeconds(1, () => 0), retryDelaySeconds(1, () => 1)]).toEqual([4, 6]);
	});
});
