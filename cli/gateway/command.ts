import { startGateway, type Gateway } from './gateway';
import { jsonLog } from './log';
import { readSettings, type GatewayFlags } from './settings';

export const GATEWAY_HELP = `  npx n8n-nodes-agent-factory ingest            takes Meta's webhooks beside n8n, or instead of it

  --port <n>             default 8080 (AGENT_FACTORY_GATEWAY_PORT; 0 takes a free one)
  --host <address>       default all interfaces (AGENT_FACTORY_GATEWAY_HOST)
  --path <path>          default /webhook/agent-factory/meta, as in n8n (AGENT_FACTORY_GATEWAY_PATH); /healthz and /readyz beside it
  --metrics-port <n|off> Prometheus, default 9464 (AGENT_FACTORY_GATEWAY_METRICS_PORT)
  --metrics-host <addr>  default 127.0.0.1 (AGENT_FACTORY_GATEWAY_METRICS_HOST)
  --max-body <bytes>     default 3145728, what Meta sends at most (AGENT_FACTORY_GATEWAY_MAX_BODY)
  --connections <n>      database connections, 2 to 5, default 5 (AGENT_FACTORY_GATEWAY_CONNECTIONS)
  AGENT_FACTORY_META_APP_SECRETS     app secrets, the current one first, separated by commas or blanks
  AGENT_FACTORY_META_VERIFY_TOKEN    the verify token of the Meta app
  DATABASE_URL                       each of the three also as NAME_FILE: a file that holds it`;

/** Runs until it is told to stop. */
export async function ingestCommand(
	flags: GatewayFlags,
	{ environment, stop, write }: { environment: NodeJS.ProcessEnv; stop: Promise<string>; write(line: string): void },
): Promise<number> {
	const settings = readSettings(flags, environment);
	const log = jsonLog(write);
	const gateway: Gateway = await startGateway(settings, { log });
	log('info', 'listening', {
		port: gateway.port,
		path: settings.path,
		metricsPort: gateway.metricsPort,
		pid: process.pid,
	});
	const signal = await stop;
	log('info', 'draining', { signal });
	const clean = await gateway.close();
	log(clean ? 'info' : 'warn', 'stopped', { clean });
	return 0;
}
