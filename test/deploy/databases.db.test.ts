import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openDatabase } from '../../core/database';
import { storeEvents } from '../../core/ingest';
import { runToEnd } from '../../sandbox/processes';
import { startPostgres, type PostgresServer } from '../../sandbox/postgres';
import { ROOT } from '../house/files';
import { temporaryFolder } from '../support/temporary-folder';

/** psql from Debian: skipped by name where it is not installed, except in CI, where they then fail. */
const testWithPsql = spawnSync('psql', ['--version']).status === 0 || process.env.CI === 'true' ? test : test.skip;

/** Needs dist, as the image has it. */
const SECRETS = ['n8n_database_password', 'factory_owner_password', 'factory_app_password'];

const folder = join(temporaryFolder(), 'secrets');
let server: PostgresServer | undefined;
afterEach(async () => await server?.stop());

testWithPsql(
	'an empty server becomes two databases with owners of their own, and a login that only the factory knows',
	async () => {
		server = await startPostgres({ durable: false });
		mkdirSync(folder);
		// What a password generator may come up with.
		for (const name of SECRETS) writeFileSync(join(folder, name), `${name}/p@ss'"w:rd\n`);
		const environment = {
			...{ PATH: process.env.PATH, SECRETS_FOLDER: folder, PACK_FOLDER: ROOT },
			...{ PGHOST: server.host, PGPORT: String(server.port), PGPASSWORD: server.password },
			DATABASE_SERVER: `${server.host}:${server.port}`,
		};
		await runToEnd('sh', [join(ROOT, 'deploy/postgres/create-databases.sh')], { env: environment });
		// Again after a change of password, as an operator does it.
		for (const name of ['old', 'new']) {
			writeFileSync(join(folder, 'factory_app_password'), name);
			await runToEnd(process.execPath, [join(ROOT, 'deploy/migrate.cjs')], { env: environment });
		}
		const app = openDatabase({
			...{ host: server.host, port: server.port, database: 'agent_factory' },
			...{ user: 'agent_factory_app', password: 'new' },
		});
		try {
			expect(await storeEvents(app, [])).toEqual([]);
			await expect(app.pool.query('select * from agent_factory.tenants')).rejects.toMatchObject({ code: '42501' });
			const { rows } = await app.pool.query(
				`select datname, pg_get_userbyid(datdba) as owner, has_database_privilege('n8n', datname, 'create') as n8n_creates
				from pg_database where datname in ('n8n', 'agent_factory') order by 1`,
			);
			expect(rows).toEqual([
				{ datname: 'agent_factory', owner: 'factory_owner', n8n_creates: false },
				{ datname: 'n8n', owner: 'n8n', n8n_creates: true },
			]);
		} finally {
			await app.pool.end();
		}
	},
);
