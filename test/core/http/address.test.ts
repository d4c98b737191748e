import { isPublicAddress, urlProblem } from '../../../core/http';

describe('what may be called at an address that a tenant gives', () => {
	test.each([
		'http://example.com/hook',
		'ftp://example.com',
		'https://localhost/x',
		'https://n8n.internal/x',
		'https://printer.local',
		'https://127.0.0.1/x',
		'https://2130706433/x',
		'https://0x7f.1/',
		'https://10.1.2.3/',
		'https://169.254.169.254/latest/meta-data',
		'https://[::1]/',
		'https://[::ffff:10.0.0.1]/',
		'https://[fd00::1]/',
		'https://[64:ff9b::a00:1]/',
		'https://user:pass@example.com/',
		'not a url',
	])('not to %s', (url) => expect(urlProblem(url, false)).toEqual(expect.any(String)));

	test.each(['https://hooks.example.com/in', 'https://8.8.8.8/', 'https://[2606:4700::1]/'])('to %s', (url) =>
		expect(urlProblem(url, false)).toBeNull(),
	);

	test('a local receiver is fine in development only', () => {
		expect(urlProblem('http://127.0.0.1:9999/', true)).toBeNull();
		expect(urlProblem('file:///etc/passwd', true)).toEqual(expect.any(String));
	});

	test('carrier, benchmark and documentation networks are not public', () => {
		expect(
			['100.64.0.1', '198.18.0.1', '203.0.113.5', '224.0.0.1', '2001:db8::1', 'fe80::1', 'x'].filter(isPublicAddress),
		).toEqual([]);
	});
});
