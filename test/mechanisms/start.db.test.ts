import { migrate, openDatabase, type Database } from '../../core/database';
import { emptyDatabase, type TestDatabase } from '../support/database';
import { startPgbouncer, testWithPooler } from '../support/pgbouncer';
import { rewritingClients } from './support/rewriting-clients';
import { showsTheBreak } from './support/weaken';

let test_: TestDatabase;
let opened: Database[];

beforeEach(async () => {
	test_ = await emptyDatabase();
	opened = [];
});
afterEach(async () => {
	await Promise.all(opened.map(async ({ pool }) => await pool.end()));
	await test_.drop();
});

const open = (connectionString = test_.connectionString): Database => {
	const database = openDatabase({ connectionString });
	opened.push(database);
	return database;
};

const withoutLock = (text: string): string => (text.includes('pg_advisory_xact_lock') ? 'select 1' : text);

test('the lock of the migrator: without it processes that start together trip over each other', async () => {
	let starter = (): Database => open();
	await showsTheBreak({
		check: async () => {
			await test_.admin.query('drop schema if exists agent_factory cascade');
			const started = await Promise.allSettled(Array.from({ length: 5 }, async () => await migrate(starter())));
			return started.every(({ status }) => status === 'fulfilled');
		},
		holds: true,
		remove: async () => {
			starter = () => rewritingClients(open(), withoutLock);
			return async () => undefined;
		},
		breaks: false,
	});
});

testWithPooler('no prepared statement by name: with one, a transaction pooler hands it to a stranger', async () => {
	const pooler = await startPgbouncer([test_.connectionString], { poolSize: 1 });
	let name: string | undefined;
	try {
		await showsTheBreak({
			check: async () => {
				const processes = [open(pooler.urlOf(test_.connectionString)), open(pooler.urlOf(test_.connectionString))];
				const asked = processes.map(
					async ({ pool }) => await pool.query({ name, text: 'select $1::int', values: [1] }),
				);
				return (await Promise.allSettled(asked)).map(({ status }) => status);
			},
			holds: ['fulfilled', 'fulfilled'],
			remove: async () => {
				name = 'claim';
				return async () => undefined;
			},
			breaks: ['fulfilled', 'rejected'],
		});
	} finally {
		await Promise.all(opened.map(async ({ pool }) => await pool.end()));
		opened = [];
		await pooler.stop();
	}
});
