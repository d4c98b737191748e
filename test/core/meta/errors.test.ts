import {
	backoffMs,
	classifyGraphError,
	ERROR_CLASSES,
	type GraphAction,
	type GraphErrorName,
} from '../../../core/meta';

const byCode = (code: number, subcode: number | null = null, httpStatus: number | null = 400) =>
	classifyGraphError({ httpStatus, code, subcode });

const TABLE: [GraphAction, number[]][] = [
	['retry_account', [4, 17, 32, 613, 80007]],
	['retry_number', [130429, 131057, 133004, 133015]],
	['retry_pair', [131056]],
	['retry_row', [134101]],
	['unknown', [1, 2, 131000, 131016, 2494100]],
	['template', [131047]],
	['fail', [131026, 131049, 130472, 130403, 130497, 131021, 131051, 131052, 131053, 131062, 131063]],
	['fail', [132000, 132001, 132005, 132007, 132012, 132018, 132068, 132069, 132016]],
	['fail', [133000, 133005, 133006, 133008, 133009, 133016, 135000, 131008, 131009, 100, 33, 137000]],
	['fail', [131020, 131200, 131215, 134100, 134102, 551, 2534014, 2534022, 2534025, 230]],
	['fail_opt_out', [131050]],
	['pause_number', [131048, 131037, 131045, 133010, 2388103]],
	['pause_account', [131042, 131031, 368]],
	['pause_tenant', [0, 190, 3, 10, 200, 299, 131005]],
	['hold_template', [132015, 131064]],
];

describe('the table of codes', () => {
	test.each(TABLE.flatMap(([action, codes]) => codes.map((code): [number, GraphAction] => [code, action])))(
		'%i: %s',
		(code, action) => {
			expect(byCode(code).action).toBe(action);
		},
	);

	test.each<[string, Parameters<typeof classifyGraphError>[0], GraphErrorName]>([
		['HTTP 429 without a code', { httpStatus: 429, code: null }, 'call_rate_limit'],
		['HTTP 400 with an unlisted code', { httpStatus: 400, code: 987654 }, 'rejected'],
		['HTTP 404 without a body', { httpStatus: 404, code: null }, 'rejected'],
		['HTTP 500 with an unlisted code', { httpStatus: 500, code: 987654 }, 'outcome_unknown'],
		['HTTP 503 without a body', { httpStatus: 503, code: null }, 'outcome_unknown'],
		['HTTP 302', { httpStatus: 302, code: null }, 'outcome_unknown'],
		['HTTP 200 that says nothing', { httpStatus: 200, code: null }, 'outcome_unknown'],
		['a listed code inside HTTP 500', { httpStatus: 500, code: 130429 }, 'number_throughput'],
		['nothing known', { httpStatus: null, code: null }, 'outcome_unknown'],
		['refused', { httpStatus: null, code: null, networkError: 'refused' }, 'connection_failed'],
		['timeout', { httpStatus: null, code: null, networkError: 'timeout' }, 'outcome_unknown'],
		['reset', { httpStatus: null, code: null, networkError: 'reset' }, 'outcome_unknown'],
		['another network fault', { httpStatus: null, code: null, networkError: 'other' }, 'outcome_unknown'],
		['Instagram: code 10 outside the window', { httpStatus: 400, code: 10, subcode: 2534022 }, 'send_window_closed'],
		['code 100 of an unknown object', { httpStatus: 400, code: 100, subcode: 33 }, 'object_not_found'],
		['code 190 with a subcode of its own series', { httpStatus: 401, code: 190, subcode: 463 }, 'token_invalid'],
		['profile consent is no permission fault', { httpStatus: 400, code: 230 }, 'profile_consent'],
	])('%s', (_name, fault, name) => {
		expect(classifyGraphError(fault).name).toBe(name);
	});
});

test('every class is complete and consistent', () => {
	for (const [name, row] of Object.entries(ERROR_CLASSES)) {
		expect(row.name).toBe(name);
		expect(row.advice).toMatch(/^[A-Z].*\.$/);
		// A clock only where sending again cannot duplicate.
		expect(row.delayMs !== null).toBe(row.retryable);
		if (row.action.startsWith('pause_')) expect(row.consumesAttempt).toBe(false);
		if (!row.retryable) expect(row.maxAttempts).toBeNull();
	}
});

describe('what the other side asked to wait', () => {
	test('is honoured where the class waits', () => {
		expect(classifyGraphError({ httpStatus: 429, code: 4, retryAfterMs: 300_000 }).delayMs).toBe(300_000);
	});
	test('does not shorten the wait of the class', () => {
		expect(classifyGraphError({ httpStatus: 429, code: 4, retryAfterMs: 1_000 }).delayMs).toBe(60_000);
	});
	test('is capped at an hour', () => {
		expect(classifyGraphError({ httpStatus: 429, code: 4, retryAfterMs: 1e12 }).delayMs).toBe(3_600_000);
	});
	test('does not make a final fault retryable', () => {
		expect(classifyGraphError({ httpStatus: 400, code: 131026, retryAfterMs: 9_000 })).toMatchObject({
			retryable: false,
			delayMs: null,
		});
	});
	test('is a floor of the backoff', () => {
		const limited = classifyGraphError({ httpStatus: 429, code: 4, retryAfterMs: 300_000 });
		expect(backoffMs(limited, 1, () => 0)).toBe(300_000);
	});
});

describe('backoff', () => {
	test('a pair waits powers of four, at most 256 s, whatever the dice say', () => {
		const waits = [1, 2, 3, 4, 5, 6, 50].map((attempt) => backoffMs(byCode(131056), attempt, () => 0.3) / 1000);
		expect(waits).toEqual([1, 4, 16, 64, 256, 256, 256]);
	});
	test.each([
		[1, 0, 500],
		[1, 1, 1_000],
		[2, 0, 1_000],
		[3, 0.5, 3_000],
		[40, 1, 900_000],
		[5_000, 0, 450_000],
		[0, 1, 1_000],
		[NaN, 1, 1_000],
	])('a number doubles with equal jitter: attempt %d, dice %d', (attempt, dice, expected) => {
		expect(backoffMs(byCode(130429), attempt, () => dice)).toBe(expected);
	});
	test('a class whose first wait is long keeps it', () => {
		expect(backoffMs(byCode(132015), 4, () => 1)).toBe(30 * 60_000);
	});
	test('a class without a clock has no wait', () => {
		expect(backoffMs(byCode(131026), 3, () => 1)).toBe(0);
	});
});
