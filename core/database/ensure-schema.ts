import { FactoryError } from '../errors';
import { migrationStatus } from './migrate';
import type { Database } from './pool';

const checked = new WeakMap<Database, Promise<void>>();

/** Refuses to work on a schema older than this package, or newer in a breaking way. Asked once a process and database. */
export async function ensureSchema(database: Database): Promise<void> {
	let check = checked.get(database);
	if (!check) {
		check = checkSchema(database);
		checked.set(database, check);
		// A refusal is asked again: the next run may come after the migration.
		check.catch(() => checked.delete(database));
	}
	await check;
}

/** The same, asked anew: for whoever must notice that the schema changed under a running process. */
export async function checkSchema(database: Database): Promise<void> {
	const status = await migrationStatus(database);
	const repair = 'Run the workflow 00-setup, or `npx n8n-nodes-agent-factory migrate apply`.';
	if (status.applied.length === 0) {
		throw new FactoryError(
			'SCHEMA_MISSING',
			`The database has no schema "${database.schema}" of this package. ${repair}`,
		);
	}
	// An index that is still to be built makes things faster; nothing is wrong without it.
	const needed = status.pending.filter(({ index }) => !index);
	if (needed.length > 0) {
		const has = status.applied[status.applied.length - 1].name;
		const wants = needed[needed.length - 1].name;
		throw new FactoryError(
			'SCHEMA_TOO_OLD',
			`The schema "${database.schema}" is at ${has}; this version of the nodes needs ${wants}. ${repair}`,
		);
	}
	const breaking = status.newer.find((row) => row.breaking);
	if (breaking) {
		throw new FactoryError(
			'SCHEMA_NEWER',
			`The schema "${database.schema}" has ${breaking.name}, which breaks this version of the nodes. Update n8n-nodes-agent-factory and restart n8n.`,
		);
	}
}
