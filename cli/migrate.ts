import { randomBytes } from 'node:crypto';
import { migrate, migrationStatus, openDatabase, runDoctor, type Database, type Finding } from '../core/database';
import { FactoryError } from '../core/errors';
import { createGraphClient, GRAPH_BASE_URL, GRAPH_VERSION } from '../core/meta';
import { checkAccounts, createVault } from '../core/tenancy';

export interface CommandInput {
	connectionString: string;
	schema?: string;
	json: boolean;
	/** doctor only: ask the Graph API about each account. */
	askMeta: boolean;
	environment: NodeJS.ProcessEnv;
	print(line: string): void;
}

async function withDatabase(input: CommandInput, work: (database: Database) => Promise<number>): Promise<number> {
	const database = openDatabase({ connectionString: input.connectionString, schema: input.schema });
	try {
		return await work(database);
	} finally {
		await database.pool.end();
	}
}

export const planCommand = async (input: CommandInput): Promise<number> =>
	await withDatabase(input, async (database) => {
		const { pending, changed, newer } = await migrationStatus(database);
		if (input.json)
			input.print(
				JSON.stringify({
					pending: pending.map(({ name, breaking, sql }) => ({ name, breaking, sql })),
					changed,
					newer,
				}),
			);
		else if (pending.length === 0) input.print('Nothing to apply.');
		else
			for (const { name, breaking, sql } of pending)
				input.print(`${name}${breaking ? ' (breaking)' : ''}: ${sql.split('\n').length} lines of SQL`);
		return changed.length > 0 ? 1 : 0;
	});

export const migrateCommand = async (input: CommandInput): Promise<number> =>
	await withDatabase(input, async (database) => {
		const applied = await migrate(database, { log: input.json ? undefined : input.print });
		if (input.json) input.print(JSON.stringify({ applied }));
		else input.print(applied.length === 0 ? 'Nothing to apply.' : `${applied.length} migration(s) applied.`);
		return 0;
	});

export const statusCommand = async (input: CommandInput): Promise<number> =>
	await withDatabase(input, async (database) => {
		const { applied, pending, changed, newer, unfinished } = await migrationStatus(database);
		if (input.json)
			input.print(JSON.stringify({ applied, pending: pending.map(({ name }) => name), changed, newer, unfinished }));
		else {
			for (const row of applied) input.print(`applied  ${row.name}  ${row.appliedAt.toISOString()}`);
			for (const { name } of pending)
				input.print(`pending  ${name}${unfinished.includes(name) ? ': an index, begun and not finished' : ''}`);
			for (const name of changed) input.print(`changed  ${name}: the text differs from this package's`);
			for (const row of newer) input.print(`newer    ${row.name}: not in this package`);
		}
		return changed.length > 0 || pending.length > 0 ? 1 : 0;
	});

export const doctorCommand = async (input: CommandInput): Promise<number> =>
	await withDatabase(input, async (database) => {
		const findings = await runDoctor(database);
		// Accounts are read through a function of the schema: only where that is in place.
		if (findings.some(({ check, level }) => check === 'migrations' && level !== 'problem'))
			findings.push(...(await checkAccounts(database, input.askMeta ? metaPorts(input.environment) : undefined)));
		if (input.json) input.print(JSON.stringify(findings));
		else findings.forEach((finding) => printFinding(finding, input.print));
		return findings.some(({ level }) => level === 'problem') ? 1 : 0;
	});

function printFinding({ check, level, message, repair }: Finding, print: (line: string) => void): void {
	print(`${{ ok: 'ok      ', warning: 'WARNING ', problem: 'PROBLEM ' }[level]} ${check}: ${message}`);
	if (repair) print(`          repair: ${repair}`);
}

/** The vault key comes from the environment only: arguments show in process lists. */
function metaPorts(environment: NodeJS.ProcessEnv): Parameters<typeof checkAccounts>[1] {
	const keys = (environment.AGENT_FACTORY_VAULT_KEY ?? '').split(/[\s,]+/).filter((key) => key !== '');
	if (keys.length === 0) {
		throw new FactoryError(
			'VAULT_KEY_MISSING',
			'Asking Meta needs the tokens: set AGENT_FACTORY_VAULT_KEY to the vault key.',
		);
	}
	return {
		vault: createVault(keys, randomBytes),
		graph: createGraphClient({
			fetch,
			baseUrl: environment.AGENT_FACTORY_GRAPH_URL ?? GRAPH_BASE_URL,
			version: environment.AGENT_FACTORY_GRAPH_VERSION ?? GRAPH_VERSION,
		}),
	};
}
