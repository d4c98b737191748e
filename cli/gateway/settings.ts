import { readFileSync } from 'node:fs';
import { FactoryError } from '../../core/errors';
import { BODY_MAX_BYTES } from '../../core/meta';
import { METRICS_HOST, METRICS_PORT, PORT, WEBHOOK_PATH } from './defaults';

export interface GatewaySettings {
	host: string | undefined;
	port: number;
	path: string;
	metricsHost: string;
	/** Null: no metrics. */
	metricsPort: number | null;
	maxBodyBytes: number;
	connectionString: string;
	schema: string | undefined;
	maxConnections: number | undefined;
	secrets: string[];
	verifyToken: string;
}

export type GatewayFlags = Partial<
	Record<
		'host' | 'port' | 'path' | 'metrics-host' | 'metrics-port' | 'max-body' | 'connections' | 'database-url' | 'schema',
		string
	>
>;

/** Flags win over the environment. Secrets come from the environment or a file: arguments show in process lists. */
export function readSettings(flags: GatewayFlags, environment: NodeJS.ProcessEnv): GatewaySettings {
	const named = (flag: keyof GatewayFlags, variable: string): string | undefined =>
		flags[flag]?.trim() || environment[variable]?.trim() || undefined;
	const whole = (flag: keyof GatewayFlags, variable: string, bounds: [number, number], fallback: number): number =>
		wholeNumber(`--${flag} (${variable})`, named(flag, variable), bounds, fallback);

	const path = named('path', 'AGENT_FACTORY_GATEWAY_PATH') ?? WEBHOOK_PATH;
	if (!/^\/[\w\-./]*$/.test(path)) throw invalid(`--path must start with a slash and hold no query: "${path}".`);
	const secrets = (secretOf(environment, 'AGENT_FACTORY_META_APP_SECRETS') ?? '').split(/[\s,]+/).filter(Boolean);
	if (secrets.length === 0) throw invalid(missing('No app secret', 'AGENT_FACTORY_META_APP_SECRETS'));
	const verifyToken = secretOf(environment, 'AGENT_FACTORY_META_VERIFY_TOKEN');
	if (!verifyToken) throw invalid(missing('No verify token', 'AGENT_FACTORY_META_VERIFY_TOKEN'));
	const connectionString = flags['database-url']?.trim() || secretOf(environment, 'DATABASE_URL');
	if (!connectionString) throw invalid(missing('No database', 'DATABASE_URL'));

	const connections = named('connections', 'AGENT_FACTORY_GATEWAY_CONNECTIONS');
	return {
		host: named('host', 'AGENT_FACTORY_GATEWAY_HOST'),
		port: whole('port', 'AGENT_FACTORY_GATEWAY_PORT', [0, 65_535], PORT),
		path,
		metricsHost: named('metrics-host', 'AGENT_FACTORY_GATEWAY_METRICS_HOST') ?? METRICS_HOST,
		metricsPort:
			named('metrics-port', 'AGENT_FACTORY_GATEWAY_METRICS_PORT') === 'off'
				? null
				: whole('metrics-port', 'AGENT_FACTORY_GATEWAY_METRICS_PORT', [0, 65_535], METRICS_PORT),
		maxBodyBytes: whole('max-body', 'AGENT_FACTORY_GATEWAY_MAX_BODY', [1, BODY_MAX_BYTES], BODY_MAX_BYTES),
		connectionString,
		schema: named('schema', 'AGENT_FACTORY_SCHEMA'),
		maxConnections: connections === undefined ? undefined : wholeNumber('--connections', connections, [2, 5], 5),
		secrets,
		verifyToken,
	};
}

/** NAME, or the file that NAME_FILE points to, as container secrets are handed over. */
function secretOf(environment: NodeJS.ProcessEnv, name: string): string | undefined {
	const file = environment[`${name}_FILE`]?.trim();
	if (!file) return environment[name]?.trim() || undefined;
	try {
		return readFileSync(file, 'utf8').trim() || undefined;
	} catch {
		throw invalid(`${name}_FILE points to a file that cannot be read: ${file}.`);
	}
}

function wholeNumber(
	name: string,
	given: string | undefined,
	[least, most]: [number, number],
	fallback: number,
): number {
	if (given === undefined) return fallback;
	const value = /^\d{1,9}$/.test(given) ? Number(given) : Number.NaN;
	if (value >= least && value <= most) return value;
	throw invalid(`${name} must be a whole number from ${least} to ${most}.`);
}

const missing = (what: string, name: string): string =>
	`${what}: set ${name}, or ${name}_FILE to a file that holds it.`;
const invalid = (message: string): FactoryError => new FactoryError('SETTING_INVALID', message);
