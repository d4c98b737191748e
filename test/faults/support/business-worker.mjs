// A process of its own that does one piece of business with the built pack, and is killed at its n-th step if so asked.
import { randomBytes, randomUUID } from 'node:crypto';
import { writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import process from 'node:process';
import { URL } from 'node:url';

const require = createRequire(import.meta.url);
const { Client } = require('pg');
const { openDatabase } = require('../../../dist/core/database');
const crm = require('../../../dist/core/crm');
const { createGraphClient } = require('../../../dist/core/meta');
const { httpCall } = require('../../../dist/core/http');
const { createVault } = require('../../../dist/core/tenancy');

const { work, dieAt, tenantId, vaultKey, graphUrl, booking } = JSON.parse(process.argv[2]);
const NEVER_POLL_SECONDS = 864_000_000;

let steps = 0;
/** A step is just before or just after something that leaves the process. */
function step(name) {
	steps += 1;
	writeSync(2, `${name}\n`);
	if (steps === dieAt) process.kill(process.pid, 'SIGKILL');
}
const outside =
	(name, call) =>
	async (...values) => {
		step(`before ${name(...values)}`);
		const answer = await call(...values);
		step(`after ${name(...values)}`);
		return answer;
	};

const query = Client.prototype.query;
Client.prototype.query = function (...values) {
	const name = String(values[0]?.text ?? values[0])
		.trim()
		.slice(0, 40)
		.replaceAll(/\s+/g, ' ');
	const last = values.at(-1);
	step(`before ${name}`);
	if (typeof last === 'function')
		return query.call(this, ...values.slice(0, -1), (...answer) => {
			step(`after ${name}`);
			last(...answer);
		});
	return query.call(this, ...values).then((answer) => {
		step(`after ${name}`);
		return answer;
	});
};

const database = openDatabase({ connectionString: process.env.FACTORY_URL });
const pathOf = (url) => new URL(url).pathname;
const vault = createVault([vaultKey], randomBytes);
const calendars = {
	...{ vault, now: Date.now, randomBytes, randomUuid: randomUUID, sleep: crm.pause },
	call: outside(({ method, url }) => `${method} ${pathOf(url)}`, crm.callService),
};
const connectors = {
	...{ vault, now: Date.now, random: () => 0, randomBytes, randomId: randomUUID, sleep: crm.pause },
	call: crm.callService,
	request: outside((url, { method }) => `${method} ${pathOf(url)}`, httpCall),
};
const graph = createGraphClient({
	fetch: outside((url, { method } = {}) => `${method ?? 'GET'} ${pathOf(url)}`, globalThis.fetch),
	baseUrl: graphUrl,
	version: 'v25.0',
});
const worker = { workerId: `worker ${process.pid}`, random: () => 0 };

const works = {
	booking: () => crm.book(database, tenantId, booking, calendars),
	calendarJobs: () => crm.runCalendarJobs(database, worker, calendars),
	crmJobs: () => crm.runCrmWork(database, { ...worker, pollEverySeconds: NEVER_POLL_SECONDS }, connectors),
	importJobs: () => crm.runDueImports(database, { vault, graph, random: () => 0 }, worker),
};
const done = await works[work]();
await database.pool.end();
process.stdout.write(JSON.stringify(done));
