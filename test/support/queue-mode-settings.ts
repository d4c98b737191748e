import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { checkoutFolder } from '../../sandbox/paths';

/** n8n's defaults (two connections, an isolate for each webhook) do not carry a busy hour. */
const NAMES = ['N8N_EXPRESSION_ENGINE', 'DB_POSTGRESDB_POOL_SIZE', 'N8N_DEFAULT_BINARY_DATA_MODE'];

/** The settings of n8n that deploy/ gives it, as far as they are not addresses: what is tested is what is recommended. */
export function queueModeSettings(): Record<string, string> {
	const deploy = join(checkoutFolder(), 'deploy');
	const lines = readFileSync(join(deploy, 'n8n.env'), 'utf8').split('\n');
	const shared = lines.map((line) => line.split('=')).filter(([name]) => NAMES.includes(name));
	const compose = load(readFileSync(join(deploy, 'docker-compose.queue.yml'), 'utf8')) as {
		'x-queue': Record<string, string>;
	};
	const queue = Object.entries(compose['x-queue']).filter(([name]) => name.startsWith('QUEUE_WORKER_'));
	return Object.fromEntries([...shared, ...queue]);
}
