import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readSettings } from '../../../cli/gateway/settings';

const enough = {
	DATABASE_URL: 'postgres://u:p@h/d',
	AGENT_FACTORY_META_APP_SECRETS: 'current, previous\nother-app',
	AGENT_FACTORY_META_VERIFY_TOKEN: 'verify-me',
};

test('what is not given has its default, the path that of n8n, the metrics their own loopback port', () => {
	expect(readSettings({}, enough)).toEqual({
		host: undefined,
		port: 8080,
		path: '/webhook/agent-factory/meta',
		metricsHost: '127.0.0.1',
		metricsPort: 9464,
		maxBodyBytes: 3 * 1024 * 1024,
		connectionString: 'postgres://u:p@h/d',
		schema: undefined,
		maxConnections: undefined,
		secrets: ['current', 'previous', 'other-app'],
		verifyToken: 'verify-me',
	});
});

test('a flag wins over the environment', () => {
	const environment = { ...enough, AGENT_FACTORY_GATEWAY_PORT: '1', AGENT_FACTORY_GATEWAY_METRICS_PORT: '2' };
	expect(readSettings({}, environment)).toMatchObject({ port: 1, metricsPort: 2 });
	expect(readSettings({ port: '0', 'metrics-port': 'off' }, environment)).toMatchObject({ port: 0, metricsPort: null });
});

test('a secret may stand in a file, whose last line end is no part of it', () => {
	const folder = mkdtempSync(path.join(tmpdir(), 'gateway-'));
	try {
		const file = path.join(folder, 'secrets');
		writeFileSync(file, 'from-file\nolder\n');
		const environment = { ...enough, AGENT_FACTORY_META_APP_SECRETS_FILE: file };
		expect(readSettings({}, environment).secrets).toEqual(['from-file', 'older']);
		rmSync(file);
		expect(() => readSettings({}, environment)).toThrow('AGENT_FACTORY_META_APP_SECRETS_FILE');
	} finally {
		rmSync(folder, { recursive: true });
	}
});

test.each([
	['AGENT_FACTORY_META_APP_SECRETS', { ...enough, AGENT_FACTORY_META_APP_SECRETS: ' , ' }, {}],
	['AGENT_FACTORY_META_VERIFY_TOKEN', { ...enough, AGENT_FACTORY_META_VERIFY_TOKEN: '' }, {}],
	['DATABASE_URL', { ...enough, DATABASE_URL: undefined }, {}],
	['--port', enough, { port: '65536' }],
	['--port', enough, { port: '8080x' }],
	['--max-body', enough, { 'max-body': '99999999' }],
	['--connections', enough, { connections: '1' }],
	['--path', enough, { path: 'webhook?x=1' }],
])('%s: what is missing or wrong is named, and no secret with it', (named, environment, flags) => {
	const attempt = (): unknown => readSettings(flags, environment);
	expect(attempt).toThrow(named);
	expect(attempt).toThrow(expect.objectContaining({ code: 'SETTING_INVALID' }));
	expect(attempt).not.toThrow(/current|previous|verify-me/);
});
