import { BODY_MAX_BYTES, BODY_MAX_DEPTH, parseBody } from '../../../core/meta';

const parse = (text: string) => parseBody(Buffer.from(text));
const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);

describe('what parses', () => {
	test.each<[string, string, unknown]>([
		['an id beyond 2^53 stays exact', '{"id": 98765432109876543}', { id: '98765432109876543' }],
		['a negative one too', '[-98765432109876543]', ['-98765432109876543']],
		['the last safe integer stays a number', '[9007199254740991]', [9007199254740991]],
		['the first unsafe one does not', '[9007199254740993]', ['9007199254740993']],
		['a number beyond doubles', '[1e400, 1.5e3]', ['1e400', 1500]],
		['decimals', '{"latitude": -3.7319, "n": 0, "m": -1}', { latitude: -3.7319, n: 0, m: -1 }],
		['digits inside of strings', '{"a": "98765432109876543 [{", "b": 1}', { a: '98765432109876543 [{', b: 1 }],
		['escaped quotes', '{"a\\"98765432109876543": "\\\\"}', { 'a"98765432109876543': '\\' }],
		['NUL', '{"a\\u0000b": "x\\u0000y"}', { 'a\uFFFDb': 'x\uFFFDy' }],
		['a lone high surrogate', '["\\ud83d!"]', ['\uFFFD!']],
		['a lone low surrogate', '["!\\uDE00"]', ['!\uFFFD']],
		['a pair of surrogates', '["\\ud83d\\ude00"]', ['😀']],
		['an escaped backslash before u0000', '["\\\\u0000"]', ['\\u0000']],
		['a byte order mark', '\uFEFF{}', {}],
		['a bare value', '3', 3],
		['null', 'null', null],
		['a key that names the prototype', '{"__proto__": {"x": 1}}', JSON.parse('{"__proto__": {"x": 1}}')],
	])('%s', (_name, text, body) => {
		expect(parse(text)).toEqual({ ok: true, body });
	});

	test('bytes that are no UTF-8 become U+FFFD', () => {
		expect(parseBody(Buffer.from([0x22, 0xff, 0x22]))).toEqual({ ok: true, body: '\uFFFD' });
	});

	test('the deepest allowed body, and one deeper', () => {
		expect(parse(nested(BODY_MAX_DEPTH)).ok).toBe(true);
		expect(parse(nested(BODY_MAX_DEPTH + 1))).toEqual({ ok: false, reason: 'too_deep' });
	});

	test('the largest allowed body, and one byte more', () => {
		const fill = (length: number) => `"${'a'.repeat(length - 2)}"`;
		expect(parse(fill(BODY_MAX_BYTES)).ok).toBe(true);
		expect(parse(fill(BODY_MAX_BYTES + 1))).toEqual({ ok: false, reason: 'too_large' });
	});
});

describe('what does not', () => {
	test.each<[string, string, string]>([
		['nothing', '', 'not_json'],
		['text', 'hub.mode=subscribe', 'not_json'],
		['a cut body', '{"object": "page", "entry": [', 'not_json'],
		['an unfinished string', '{"a": "b', 'not_json'],
		['two values', '{} {}', 'not_json'],
		['a number with a leading zero', '[012]', 'not_json'],
		['10,000 arrays', nested(10_000), 'too_deep'],
		['10,000 objects', '{"a":'.repeat(10_000) + '1' + '}'.repeat(10_000), 'too_deep'],
		['10,000 unclosed arrays', '['.repeat(10_000), 'too_deep'],
	])('%s', (_name, text, reason) => {
		expect(parse(text)).toEqual({ ok: false, reason });
	});

	test('three megabytes of quotes and backslashes are read in one pass', () => {
		const started = performance.now();
		expect(parse('\\"'.repeat(BODY_MAX_BYTES / 2)).ok).toBe(false);
		expect(performance.now() - started).toBeLessThan(5_000);
	});
});
