import type { PoolClient } from 'pg';
import { FactoryError } from '../errors';
import { buildIndex } from './build-index';
import { inMigration, patient } from './migration-lock';
import { readMigrations, type Migration } from './migrations';
import { asOwnerOfDoors } from './owner-roles';
import { openDatabase, type Database, type DatabaseConfig } from './pool';
import { toDatabaseError } from './sql-errors';

export interface AppliedMigration {
	version: number;
	name: string;
	checksum: string;
	breaking: boolean;
	appliedAt: Date;
}

export interface MigrationStatus {
	applied: AppliedMigration[];
	pending: Migration[];
	/** Applied here with another text than this package ships. */
	changed: string[];
	/** In the database, unknown to this package: the database is newer. */
	newer: AppliedMigration[];
	/** Indexes that are being built outside a transaction, or whose build broke off; they are pending too. */
	unfinished: string[];
}

export type MigrationLog = (line: string) => void;

const ledger = (q: string) => ({
	exists: `select to_regclass($1) is not null as present`,
	create: `create table if not exists ${q}schema_migrations (
		version integer primary key, name text not null, checksum text not null, breaking boolean not null,
		applied_at timestamptz not null default now())`,
	comment: `comment on table ${q}schema_migrations is 'Which migrations this schema has had, with the sha256 of their text.'`,
	// Through jsonb: a ledger that has never had an index built has no such column.
	read: `select version, name, checksum, breaking, applied_at as "appliedAt", to_jsonb(m) ->> 'claimed_until' is not null as claimed
		from ${q}schema_migrations m order by version`,
	readOne: `select checksum from ${q}schema_migrations where version = $1`,
	add: `insert into ${q}schema_migrations (version, name, checksum, breaking) values ($1, $2, $3, $4)`,
});

/** What has been applied and what would be. Reads only. */
export async function migrationStatus(database: Database, folder?: string): Promise<MigrationStatus> {
	const shipped = await readMigrations(folder);
	const ledgerRows = await readLedger(database);
	const applied = ledgerRows.filter(({ claimed }) => !claimed).map(({ claimed: _claimed, ...row }) => row);
	const byVersion = new Map(shipped.map((migration) => [migration.version, migration]));
	return {
		applied,
		pending: shipped.filter((migration) => !applied.some((row) => row.version === migration.version)),
		changed: applied
			.filter((row) => byVersion.has(row.version) && byVersion.get(row.version)?.checksum !== row.checksum)
			.map((row) => row.name),
		newer: applied.filter((row) => !byVersion.has(row.version)),
		unfinished: ledgerRows.filter(({ claimed }) => claimed).map(({ name }) => name),
	};
}

async function readLedger(database: Database): Promise<Array<AppliedMigration & { claimed: boolean }>> {
	const sql = ledger(database.qualified);
	try {
		const { rows } = await database.pool.query<{ present: boolean }>(sql.exists, [
			`${database.qualified}schema_migrations`,
		]);
		if (!rows[0].present) return [];
		return (await database.pool.query<AppliedMigration & { claimed: boolean }>(sql.read)).rows;
	} catch (error) {
		throw toDatabaseError(error);
	}
}

/** Applies what is pending, each file in one transaction (`-- transaction: none` apart). Safe when many processes start together, and through a transaction pooler. */
export async function migrate(
	database: Database,
	options: { log?: MigrationLog; folder?: string } = {},
): Promise<string[]> {
	const log = options.log ?? (() => undefined);
	const status = await migrationStatus(database, options.folder);
	refuseStrangeLedger(status);
	if (status.pending.length === 0) return [];
	if (status.applied.length === 0) await inMigration(database, async (client) => await prepareSchema(client, database));
	const done: string[] = [];
	for (const migration of status.pending) {
		const started = process.hrtime.bigint();
		const applied = migration.index
			? await buildIndex(database, migration, migration.index)
			: await inMigration(database, async (client) => await applyOne(client, database, migration));
		if (applied) done.push(migration.name);
		const ms = Number((process.hrtime.bigint() - started) / 1_000_000n);
		log(applied ? `applied ${migration.name} (${ms} ms)` : `${migration.name}: another process applied it`);
	}
	return done;
}

/** For scripts: opens, migrates, closes. */
export async function applyMigrations(config: DatabaseConfig & { log?: MigrationLog }): Promise<string[]> {
	const { log, ...connection } = config;
	const database = openDatabase(connection);
	try {
		return await migrate(database, { log });
	} finally {
		await database.pool.end();
	}
}

function refuseStrangeLedger(status: MigrationStatus): void {
	if (status.changed.length > 0) {
		throw new FactoryError(
			'MIGRATION_CHANGED',
			`${status.changed.join(', ')}: applied here with another text than this package ships. Install the package version that made this schema, or restore the file; migrations that have landed are never edited.`,
		);
	}
	if (status.newer.some((row) => row.breaking)) {
		const newest = status.newer[status.newer.length - 1];
		throw new FactoryError(
			'SCHEMA_NEWER',
			`The database has migration ${newest.name}, which this package does not know and which breaks older packages. Update n8n-nodes-agent-factory.`,
		);
	}
}

async function prepareSchema(client: PoolClient, database: Database): Promise<void> {
	const sql = ledger(database.qualified);
	await client.query(`create schema if not exists ${database.qualified.slice(0, -1)}`);
	await client.query(sql.create);
	await client.query(sql.comment);
}

async function applyOne(client: PoolClient, database: Database, migration: Migration): Promise<boolean> {
	const sql = ledger(database.qualified);
	// The lock is taken before: whoever waited finds the row and has nothing left to do.
	const { rows } = await client.query<{ checksum: string }>(sql.readOne, [migration.version]);
	if (rows.length > 0) return false;
	await client.query(`set local search_path to ${database.qualified.slice(0, -1)}, pg_temp`);
	await asOwnerOfDoors(client, async () => await client.query(patient(migration.sql)));
	await client.query(sql.add, [migration.version, migration.name, migration.checksum, migration.breaking]);
	return true;
}
