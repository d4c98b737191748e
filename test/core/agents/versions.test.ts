import { compareVersions, nextVersion, parseVersion } from '../../../core/agents';

test.each([
	[null, 'patch', 'v1.0.0'],
	[null, 'major', 'v1.0.0'],
	['v1.0.0', 'patch', 'v1.0.1'],
	['v1.2.3', 'minor', 'v1.3.0'],
	['v1.2.3', 'major', 'v2.0.0'],
	['1.9.9', 'patch', 'v1.9.10'],
] as const)('after %s a %s is %s', (current, step, next) => expect(nextVersion(current, step)).toBe(next));

test.each(['', 'v1', '1.2', 'v1.2.3.4', 'v01.0.0', 'v1.0.0-beta', 'latest', 'v1.0.99999999999'])(
	'refuses "%s"',
	(text) => {
		expect(() => parseVersion(text)).toThrow(expect.objectContaining({ code: 'VERSION_INVALID' }));
	},
);

test('sorts by number, not by letter', () => {
	expect(['v1.10.0', 'v1.9.0', 'v2.0.0', 'v1.9.1'].sort(compareVersions)).toEqual([
		'v1.9.0',
		'v1.9.1',
		'v1.10.0',
		'v2.0.0',
	]);
	expect(compareVersions('v1.0.0', '1.0.0')).toBe(0);
});
