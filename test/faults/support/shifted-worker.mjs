// A worker of its own process that does one thing with the built pack and prints what came of it.
import { createRequire } from 'node:module';
import process from 'node:process';
import { URL } from 'node:url';

const require = createRequire(import.meta.url);
const { openDatabase } = require('../../../dist/core/database');
const { claimTurns, renewLease } = require('../../../dist/core/conversations');

const { work, lease } = JSON.parse(process.argv[2]);
const address = new URL(process.env.FACTORY_URL);
// Read by nobody but the functions that the twin of the test puts in place of the real ones.
address.searchParams.set('options', `-c agent_factory.worker_time=${Date.now() / 1000}`);
const database = openDatabase({ connectionString: address.toString() });

const works = {
	claim: () => claimTurns(database, { workerId: 'shifted', limit: 10 }),
	renew: () => renewLease(database, lease),
	claimSend: async () =>
		(await database.pool.query('select id from agent_factory.claim_outbox($1, 10, 60, 600)', ['shifted'])).rows,
};
const done = await works[work]();
await database.pool.end();
process.stdout.write(JSON.stringify({ done: done ?? null, clock: Date.now() }));
