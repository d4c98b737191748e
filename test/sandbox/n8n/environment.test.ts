import { n8nEnvironment, type N8nSettings } from '../../../sandbox/n8n/environment';

const settings: N8nSettings = {
	install: { folder: '/cache/n8n', version: '2.41.1', node: '/node/bin/node', script: '/cache/n8n/bin/n8n' },
	userFolder: '/srv/n8n',
	port: 5678,
	brokerPort: 5679,
	database: { host: '127.0.0.1', port: 5432, user: 'u', password: 'p', database: 'n8n' },
	owner: { email: 'owner@sandbox.example', password: 'secret', passwordHash: 'hash' },
	encryptionKey: 'key',
};

describe("n8n's environment", () => {
	it.each(['N8N_EXPRESSION_ENGINE', 'DB_TABLE_PREFIX', 'ANTHROPIC_API_KEY', 'JEST_WORKER_ID', 'DATABASE_URL'])(
		"does not take over the shell's %s",
		(name) => {
			expect(n8nEnvironment(settings, { [name]: 'foreign' })).not.toHaveProperty(name);
		},
	);

	it("has NODE_OPTIONS of its own instead of the shell's", () => {
		const { NODE_OPTIONS } = n8nEnvironment(settings, { NODE_OPTIONS: 'foreign' });
		expect(NODE_OPTIONS).toMatch(/^--require "[^"]+without-sqlite\.cjs"$/);
	});

	it('keeps the rest of the shell and puts its Node first on the path', () => {
		const environment = n8nEnvironment(settings, { PATH: '/usr/bin', HOME: '/home/me', HTTPS_PROXY: 'http://proxy' });
		expect(environment).toMatchObject({ HOME: '/home/me', HTTPS_PROXY: 'http://proxy', PATH: '/node/bin:/usr/bin' });
		expect(environment.NO_PROXY).toContain('127.0.0.1');
	});

	it('allows unverified packages, and lets a caller add settings', () => {
		const environment = n8nEnvironment({ ...settings, extra: { N8N_LOG_LEVEL: 'debug' } }, {});
		expect(environment).toMatchObject({
			N8N_UNVERIFIED_PACKAGES_ENABLED: 'true',
			N8N_LOG_LEVEL: 'debug',
			N8N_PORT: '5678',
		});
	});

	it('hands n8n the hash of the password only', () => {
		expect(Object.values(n8nEnvironment(settings, {}))).not.toContain('secret');
	});
});
