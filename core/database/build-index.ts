import { randomUUID } from 'node:crypto';
import { FactoryError } from '../errors';
import { INDEX_CLAIM_SECONDS, INDEX_POLL_MS, INDEX_RENEW_MS, MIGRATION_TIMEOUT_MS } from './defaults';
import { inMigration, patient } from './migration-lock';
import type { IndexStatement, Migration } from './migrations';
import type { Database } from './pool';
import { toDatabaseError } from './sql-errors';

const claims = (q: string) => ({
	prepared: `select 1 from pg_attribute where attrelid = to_regclass($1) and attname = 'claimed_until'`,
	prepare: `alter table ${q}schema_migrations add column if not exists claimed_until timestamptz, add column if not exists claimed_by uuid`,
	read: `select case when claimed_until is null then 'applied' when claimed_until > clock_timestamp() then 'claimed' else 'left' end as state
		from ${q}schema_migrations where version = $1`,
	take: `insert into ${q}schema_migrations as m (version, name, checksum, breaking, claimed_by, claimed_until)
		values ($1::integer, $2::text, $3::text, false, $4::uuid, clock_timestamp() + make_interval(secs => $5::integer))
		on conflict (version) do update set checksum = excluded.checksum, claimed_by = excluded.claimed_by, claimed_until = excluded.claimed_until`,
	renew: `update ${q}schema_migrations set claimed_until = clock_timestamp() + make_interval(secs => $3::integer)
		where version = $1::integer and claimed_by = $2::uuid and claimed_until is not null`,
	release: `update ${q}schema_migrations set claimed_until = clock_timestamp()
		where version = $1::integer and claimed_by = $2::uuid and claimed_until is not null`,
	finish: `update ${q}schema_migrations set claimed_until = null, claimed_by = null, applied_at = clock_timestamp()
		where version = $1::integer and claimed_by = $2::uuid and claimed_until is not null`,
	valid: `select i.indisvalid as valid from pg_index i where i.indexrelid = to_regclass($1)`,
});

/** Builds one index without holding up writers. A row of the ledger says who builds; the others wait for it without a transaction of their own. */
export async function buildIndex(database: Database, migration: Migration, index: IndexStatement): Promise<boolean> {
	const me = randomUUID();
	const until = performance.now() + MIGRATION_TIMEOUT_MS;
	for (;;) {
		const state = await claim(database, migration, me);
		if (state === 'applied') return false;
		if (state === 'mine') return await build(database, migration, index, me);
		if (performance.now() > until) throw stillBuilding(migration);
		// An open transaction here would make the build wait for us.
		await new Promise((resolve) => setTimeout(resolve, INDEX_POLL_MS));
	}
}

const stillBuilding = (migration: Migration): FactoryError =>
	new FactoryError(
		'MIGRATION_UNFINISHED',
		`Another process has been building the index of ${migration.name} for more than ${MIGRATION_TIMEOUT_MS / 60_000} minutes. Look again with "migrate status"; if nobody builds it any more, "migrate apply" begins again.`,
		{ retryable: true },
	);

async function claim(database: Database, migration: Migration, me: string): Promise<'applied' | 'claimed' | 'mine'> {
	const sql = claims(database.qualified);
	return await inMigration(database, async (client) => {
		const ledger = `${database.qualified}schema_migrations`;
		if ((await client.query(sql.prepared, [ledger])).rowCount === 0) await client.query(sql.prepare);
		const { rows } = await client.query<{ state: 'applied' | 'claimed' | 'left' }>(sql.read, [migration.version]);
		if (rows[0] && rows[0].state !== 'left') return rows[0].state;
		await client.query(sql.take, [migration.version, migration.name, migration.checksum, me, INDEX_CLAIM_SECONDS]);
		return 'mine';
	});
}

async function build(database: Database, migration: Migration, index: IndexStatement, me: string): Promise<boolean> {
	const sql = claims(database.qualified);
	const { name, table, rest, unique } = index;
	const renewal = setInterval(() => {
		void database.pool.query(sql.renew, [migration.version, me, INDEX_CLAIM_SECONDS]).catch(() => undefined);
	}, INDEX_RENEW_MS);
	try {
		if (!(await isValid(database, name))) {
			// What a build that broke off left behind is invalid for ever: it costs writes and serves nobody.
			await database.pool.query(patient(`drop index concurrently if exists ${database.qualified}${name}`));
			await database.pool.query(
				patient(`create ${unique ? 'unique ' : ''}index concurrently ${name} on ${database.qualified}${table} ${rest}`),
			);
		}
		return (await database.pool.query(sql.finish, [migration.version, me])).rowCount === 1;
	} catch (error) {
		await database.pool.query(sql.release, [migration.version, me]).catch(() => undefined);
		throw toDatabaseError(error);
	} finally {
		clearInterval(renewal);
	}
}

async function isValid(database: Database, name: string): Promise<boolean> {
	const { rows } = await database.pool.query<{ valid: boolean }>(claims(database.qualified).valid, [
		`${database.qualified}${name}`,
	]);
	return rows[0]?.valid ?? false;
}
