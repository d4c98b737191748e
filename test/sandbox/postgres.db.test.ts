import { Client } from 'pg';
import { createTestDatabase, emptyDatabase } from '../support/database';

describe('the embedded PostgreSQL', () => {
	it('speaks UTF-8 and sorts accented names between their neighbours', async () => {
		const database = await emptyDatabase();
		const { rows } = await database.pool.query(
			`select string_agg(name, ',' order by name) as names from (values ('Zé'), ('Ávila'), ('Bia'), ('Ana')) as people(name)`,
		);
		expect(rows[0].names).toBe('Ana,Ávila,Bia,Zé');
		expect((await database.pool.query('show server_encoding')).rows[0].server_encoding).toBe('UTF8');
		await database.drop();
	});

	it('gives each test file a database of its own', async () => {
		const [first, second] = await Promise.all([createTestDatabase(), createTestDatabase()]);
		await first.pool.query('create table public.only_here (id int)');
		await expect(second.pool.query('select * from public.only_here')).rejects.toMatchObject({ code: '42P01' });
		await Promise.all([first.drop(), second.drop()]);
	});

	it('fails a test that leaves a connection open, and names it', async () => {
		const database = await emptyDatabase();
		const forgotten = new Client({ connectionString: database.connectionString, application_name: 'forgotten' });
		forgotten.on('error', () => undefined);
		await forgotten.connect();
		await expect(database.drop()).rejects.toThrow(/left 1 connection.*forgotten/s);
	});
});
