#!/usr/bin/env node
import { parseArgs } from 'node:util';
import { isFactoryError } from '../core/errors';
import { GATEWAY_HELP, ingestCommand } from './gateway/command';
import { doctorCommand, migrateCommand, planCommand, statusCommand } from './migrate';

const HELP = `n8n-nodes-agent-factory

  npx n8n-nodes-agent-factory migrate plan      what would be applied; changes nothing
  npx n8n-nodes-agent-factory migrate apply     applies what is pending
  npx n8n-nodes-agent-factory migrate status    what has been applied
  npx n8n-nodes-agent-factory migrate doctor    looks for drift, grants, roles, poolers, tokens; prints repairs

  --database-url <url>   postgres://user:password@host:port/database (or DATABASE_URL)
  --schema <name>        default agent_factory (or AGENT_FACTORY_SCHEMA)
  --json                 print JSON
  --ask-meta             doctor: also ask the Graph API about each WhatsApp account (apps subscribed, token valid);
                         needs AGENT_FACTORY_VAULT_KEY, takes AGENT_FACTORY_GRAPH_URL and AGENT_FACTORY_GRAPH_VERSION

${GATEWAY_HELP}

Exit code: 0 in order, 1 something to mend, 2 wrong call.`;

const COMMANDS = { plan: planCommand, apply: migrateCommand, status: statusCommand, doctor: doctorCommand };

async function main(argv: string[]): Promise<number> {
	const { values, positionals } = parseArgs({
		args: argv,
		allowPositionals: true,
		options: {
			'database-url': { type: 'string' },
			schema: { type: 'string' },
			json: { type: 'boolean' },
			'ask-meta': { type: 'boolean' },
			host: { type: 'string' },
			port: { type: 'string' },
			path: { type: 'string' },
			'metrics-host': { type: 'string' },
			'metrics-port': { type: 'string' },
			'max-body': { type: 'string' },
			connections: { type: 'string' },
			help: { type: 'boolean', short: 'h' },
		},
	});
	const [group, name] = positionals;
	if (group === 'ingest' && !values.help) {
		return await ingestCommand(values, {
			environment: process.env,
			stop: stopSignal(),
			write: (line) => process.stderr.write(line),
		});
	}
	const command = group === 'migrate' ? COMMANDS[name as keyof typeof COMMANDS] : undefined;
	if (values.help || !command) {
		process.stdout.write(`${HELP}\n`);
		return values.help ? 0 : 2;
	}
	const connectionString = values['database-url'] ?? process.env.DATABASE_URL;
	if (!connectionString) {
		process.stderr.write('No database: give --database-url or set DATABASE_URL.\n');
		return 2;
	}
	return await command({
		connectionString,
		schema: values.schema ?? process.env.AGENT_FACTORY_SCHEMA,
		json: values.json ?? false,
		askMeta: values['ask-meta'] ?? false,
		environment: process.env,
		print: (line) => process.stdout.write(`${line}\n`),
	});
}

/** The first of the two signals; the second one ends the process as usual. */
const stopSignal = async (): Promise<string> =>
	await new Promise((resolve) => {
		for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve(signal));
	});

main(process.argv.slice(2)).then(
	(code) => (process.exitCode = code),
	(error: unknown) => {
		process.stderr.write(`${isFactoryError(error) ? `${error.code}: ${error.message}` : (error as Error).message}\n`);
		process.exitCode = isFactoryError(error) && error.code !== 'SETTING_INVALID' ? 1 : 2;
	},
);
