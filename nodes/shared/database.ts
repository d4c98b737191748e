import type { IExecuteFunctions, INodeCredentialDescription } from 'n8n-workflow';
import { DEFAULT_SCHEMA, ensureSchema, sharedDatabase, type Database, type DatabaseConfig } from '../../core/database';
import { FactoryError } from '../../core/errors';
import { keptCredential, type CredentialContext } from './kept-credential';

/** The factory's database, by n8n's own Postgres credential. */
export const POSTGRES_CREDENTIAL: INodeCredentialDescription = {
	name: 'postgres',
	required: true,
	displayName: 'Factory Database (Postgres)',
};

/** What n8n's Postgres credential holds, as far as it matters here. */
export interface PostgresCredential {
	host?: string;
	port?: number;
	database?: string;
	user?: string;
	password?: string;
	maxConnections?: number;
	allowUnauthorizedCerts?: boolean;
	ssl?: string;
	sshTunnel?: boolean;
}

/** The same reading of the SSL fields as n8n's Postgres node. */
export function databaseConfig(credential: PostgresCredential, schema: string): DatabaseConfig {
	if (credential.sshTunnel) {
		throw new FactoryError(
			'SSH_TUNNEL_UNSUPPORTED',
			'The Postgres credential asks for an SSH tunnel, which these nodes do not open. Switch the tunnel off and reach the database directly: over TLS, a private network, or a tunnel that runs beside n8n.',
		);
	}
	const encrypted = credential.ssl !== undefined && credential.ssl !== 'disable';
	return {
		host: credential.host,
		port: credential.port,
		database: credential.database,
		user: credential.user,
		password: credential.password,
		ssl: credential.allowUnauthorizedCerts ? { rejectUnauthorized: false } : encrypted,
		schema,
		maxConnections: credential.maxConnections,
	};
}

/** The shared pool of the node's credential. Set `checkSchema` to false only where the schema is about to be made. */
export async function openNodeDatabase(
	context: CredentialContext,
	schema: string | undefined,
	{ checkSchema = true }: { checkSchema?: boolean } = {},
): Promise<Database> {
	const credential = await keptCredential<PostgresCredential>(context, 'postgres');
	const database = sharedDatabase(databaseConfig(credential, schema?.trim() || DEFAULT_SCHEMA));
	if (checkSchema) await ensureSchema(database);
	return database;
}

/** For `execute`: opens the database when the first item needs it, so that a failure is each item's own error. */
export function itemDatabase(
	context: IExecuteFunctions,
	settings: { checkSchema?: boolean } = {},
): (itemIndex: number) => Promise<Database> {
	const opened = new Map<string, Promise<Database>>();
	return async (itemIndex) => {
		const { schema = '' } = context.getNodeParameter('options', itemIndex, {}) as { schema?: string };
		const database = opened.get(schema) ?? openNodeDatabase(context, schema, settings);
		opened.set(schema, database);
		return await database;
	};
}
