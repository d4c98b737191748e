import { canonicalJson, canonicalSha256, canonicalValue } from '../../../core/agents';

test.each([
	[{ b: 1, a: [{ d: 1, c: 2 }] }, '{"a":[{"c":2,"d":1}],"b":1}'],
	[{ a: undefined, b: null }, '{"b":null}'],
	[[1, undefined, 2], '[1,null,2]'],
	[{ n: -0, m: 1.5, e: 1e21 }, '{"e":1e+21,"m":1.5,"n":0}'],
	['ação "x"\n', '"ação \\"x\\"\\n"'],
])('writes %j as %s', (value, text) => expect(canonicalJson(value)).toBe(text));

test.each([Number.NaN, Number.POSITIVE_INFINITY, () => 1, 1n])('refuses what JSON cannot hold (%#)', (value) => {
	expect(() => canonicalJson({ value })).toThrow(expect.objectContaining({ code: 'VALUE_NOT_CANONICAL' }));
});

test('the order of keys does not change the hash', () => {
	expect(canonicalSha256({ a: 1, b: 2 })).toBe(canonicalSha256({ b: 2, a: 1 }));
	expect(canonicalSha256({ a: 1 })).not.toBe(canonicalSha256({ a: 2 }));
	expect(Object.keys(canonicalValue({ b: 1, a: 1 }))).toEqual(['a', 'b']);
});
