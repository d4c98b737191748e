import { databaseConfig } from '../../../nodes/shared/database';

const login = { host: 'db.example', port: 5433, database: 'factory', user: 'af', password: 'pw' };

test.each([
	['ssl off', { ssl: 'disable' }, false],
	['no word on ssl', {}, false],
	['ssl allowed', { ssl: 'allow' }, true],
	['ssl required', { ssl: 'require' }, true],
	['any certificate', { allowUnauthorizedCerts: true }, { rejectUnauthorized: false }],
])('the Postgres credential with %s is read as n8n reads it', (_, fields, ssl) => {
	expect(databaseConfig({ ...login, maxConnections: 100, ...fields }, 'af')).toEqual({
		...login,
		ssl,
		schema: 'af',
		maxConnections: 100,
	});
});

test('an SSH tunnel is refused with a way out', () => {
	expect(() => databaseConfig({ ...login, sshTunnel: true }, 'af')).toThrow(/SSH tunnel.*reach the database directly/);
});
