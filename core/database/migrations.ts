import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { FactoryError } from '../errors';

/** One file of migrations/. `checksum`: sha256 of its text with line ends normalised. */
export interface Migration {
	version: number;
	name: string;
	sql: string;
	checksum: string;
	/** A process older than a breaking migration must not use the schema. */
	breaking: boolean;
	/** The one statement of a file with `-- transaction: none`: it runs outside a transaction, claimed by a row of the ledger. */
	index?: IndexStatement;
}

/** `create index concurrently NAME on TABLE rest`; both names plain, so that the schema can be put before the table. */
export interface IndexStatement {
	unique: boolean;
	name: string;
	table: string;
	rest: string;
}

/** migrations/ beside core/, in the source tree as in dist. */
export const MIGRATIONS_FOLDER = path.join(__dirname, '..', '..', 'migrations');

const FILE_NAME = /^(\d{4})_([a-z0-9_]+)\.sql$/;
const FIRST_LINE = /^-- breaking: (yes|no)\n/;
const NO_TRANSACTION = /^-- breaking: no\n-- transaction: none\n/;
const INDEX = /^create (unique )?index concurrently ([a-z_][a-z0-9_]*) on ([a-z_][a-z0-9_]*) ([^;]+);$/;

export async function readMigrations(folder: string = MIGRATIONS_FOLDER): Promise<Migration[]> {
	const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort();
	const migrations = await Promise.all(
		names.map(async (name) =>
			parseMigration(name, (await readFile(path.join(folder, name), 'utf8')).replace(/\r\n/g, '\n')),
		),
	);
	migrations.forEach((migration, index) => {
		if (migration.version !== index + 1) {
			throw new FactoryError(
				'MIGRATION_INVALID',
				`Migration ${migration.name} should have number ${index + 1}: the numbers must not skip or repeat.`,
			);
		}
	});
	return migrations;
}

function parseMigration(fileName: string, sql: string): Migration {
	const file = FILE_NAME.exec(fileName);
	const first = FIRST_LINE.exec(sql);
	if (!file || !first) {
		throw new FactoryError(
			'MIGRATION_INVALID',
			`Migration ${fileName} must be called NNNN_purpose.sql and start with "-- breaking: yes" or "-- breaking: no".`,
		);
	}
	return {
		version: Number(file[1]),
		name: fileName,
		sql,
		checksum: createHash('sha256').update(sql).digest('hex'),
		breaking: first[1] === 'yes',
		index: sql.includes('\n-- transaction: none\n') ? parseIndex(fileName, sql) : undefined,
	};
}

function parseIndex(fileName: string, sql: string): IndexStatement {
	const statement = sql
		.split('\n')
		.filter((line) => !line.startsWith('--'))
		.join('\n')
		.trim();
	const found = INDEX.exec(statement);
	if (!found || !NO_TRANSACTION.test(sql)) {
		throw new FactoryError(
			'MIGRATION_INVALID',
			`Migration ${fileName} runs without a transaction: its lines are "-- breaking: no", "-- transaction: none", what it is for, and one statement "create [unique] index concurrently NAME on TABLE …;".`,
		);
	}
	return { unique: found[1] !== undefined, name: found[2], table: found[3], rest: found[4] };
}
