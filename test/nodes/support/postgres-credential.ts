import type { PostgresCredential } from '../../../nodes/shared/database';
import type { TestDatabase } from '../../support/database';

/** The test database as n8n's Postgres credential holds it. */
export function postgresCredential({ connectionString }: TestDatabase): PostgresCredential {
	const url = new URL(connectionString);
	return {
		host: url.hostname,
		port: Number(url.port),
		database: decodeURIComponent(url.pathname.slice(1)),
		user: decodeURIComponent(url.username),
		password: decodeURIComponent(url.password),
		maxConnections: 100,
		ssl: 'disable',
		sshTunnel: false,
	};
}
