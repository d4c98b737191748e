import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { checkoutFolder } from '../paths';
import type { N8nInstall } from './install';

export interface N8nDatabase {
	host: string;
	port: number;
	user: string;
	password: string;
	database: string;
	ssl?: boolean;
}

export interface N8nOwner {
	email: string;
	password: string;
	/** bcrypt, see `hashPassword`. */
	passwordHash: string;
}

export interface N8nSettings {
	install: N8nInstall;
	/** n8n's own folder, `.n8n` goes below it. */
	userFolder: string;
	port: number;
	/** The task runner's broker; must differ per n8n on a machine. */
	brokerPort: number;
	database: N8nDatabase;
	owner: N8nOwner;
	encryptionKey: string;
	/** Added last, wins. */
	extra?: Record<string, string>;
}

const loopback = '127.0.0.1';

/** Loaded before n8n, see there. */
const withoutSqlite = (): string => join(checkoutFolder(), 'sandbox', 'n8n', 'without-sqlite.cjs');

export const urlOf = (settings: Pick<N8nSettings, 'port'>): string => `http://${loopback}:${settings.port}`;

/** n8n with its default settings, but for the address, the database, the owner, and calls to n8n's own servers (off). */
export function n8nEnvironment(settings: N8nSettings, base: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
	const { database, owner, install } = settings;
	return {
		...inherited(base),
		PATH: [dirname(install.node), base.PATH].filter(Boolean).join(delimiter),
		NO_PROXY: [base.NO_PROXY, loopback, 'localhost'].filter(Boolean).join(','),
		NODE_ENV: 'production',
		NODE_OPTIONS: `--require ${JSON.stringify(withoutSqlite())}`,
		N8N_USER_FOLDER: settings.userFolder,
		N8N_ENCRYPTION_KEY: settings.encryptionKey,
		N8N_HOST: loopback,
		N8N_LISTEN_ADDRESS: loopback,
		N8N_PORT: String(settings.port),
		N8N_WEBHOOK_URL: `${urlOf(settings)}/`,
		N8N_EDITOR_BASE_URL: `${urlOf(settings)}/`,
		N8N_SECURE_COOKIE: 'false',
		N8N_RUNNERS_BROKER_PORT: String(settings.brokerPort),
		N8N_COMMUNITY_PACKAGES_ENABLED: 'true',
		N8N_UNVERIFIED_PACKAGES_ENABLED: 'true',
		N8N_DIAGNOSTICS_ENABLED: 'false',
		N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
		N8N_PERSONALIZATION_ENABLED: 'false',
		N8N_INSTANCE_OWNER_MANAGED_BY_ENV: 'true',
		N8N_INSTANCE_OWNER_EMAIL: owner.email,
		N8N_INSTANCE_OWNER_FIRST_NAME: 'Sandbox',
		N8N_INSTANCE_OWNER_LAST_NAME: 'Owner',
		N8N_INSTANCE_OWNER_PASSWORD_HASH: owner.passwordHash,
		DB_TYPE: 'postgresdb',
		DB_POSTGRESDB_HOST: database.host,
		DB_POSTGRESDB_PORT: String(database.port),
		DB_POSTGRESDB_USER: database.user,
		DB_POSTGRESDB_PASSWORD: database.password,
		DB_POSTGRESDB_DATABASE: database.database,
		...(database.ssl ? { DB_POSTGRESDB_SSL_ENABLED: 'true', DB_POSTGRESDB_SSL_REJECT_UNAUTHORIZED: 'false' } : {}),
		GENERIC_TIMEZONE: 'America/Sao_Paulo',
		...settings.extra,
	};
}

/** The shell's own n8n, database, model and npm settings must not leak into this n8n. */
function inherited(base: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
	const foreign =
		/^(N8N_|DB_|EXECUTIONS_|QUEUE_|WEBHOOK_|NODE_|npm_|JEST_|ANTHROPIC_|OPENAI_|AGENT_FACTORY_|DATABASE_URL$|TEST_DATABASE_URL$)/;
	return Object.fromEntries(Object.entries(base).filter(([name]) => !foreign.test(name)));
}

/** bcryptjs of the installed n8n: the same code that checks the password. */
export function hashPassword(install: N8nInstall, password: string): string {
	const bcrypt = createRequire(__filename)(join(install.folder, 'node_modules', 'bcryptjs')) as {
		hashSync(text: string, rounds: number): string;
	};
	return bcrypt.hashSync(password, 10);
}
