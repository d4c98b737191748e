// npm run test:servers: the db project on every other server that is promised, one after the other.
// --short: all that touches SQL on the oldest server, elsewhere what that server could break.
const { spawn } = require('node:child_process');
const { accessSync, constants } = require('node:fs');

/** Where Debian's package puts it. */
const PGBOUNCER = '/usr/sbin/pgbouncer';
/** For all columns together, in CI. */
const BUDGET_MINUTES = 18;
const LIMIT_MS = 10 * 60_000;
/** The rest of the project talks to the database through the same functions of core/. */
const TOUCHING_SQL = ['test/core/', 'test/cli/'];
/**
 * Between the oldest and the newest: what is made of the catalogue, of roles, of locks and of LISTEN. The isolation of
 * tenants takes three minutes a server: the short form runs it on the oldest, `npm test` on the newest, the long form on all.
 */
const SERVER_DEPENDENT = [
	'test/core/database/',
	'test/core/tenancy/(?!isolation\\.)',
	'test/core/conversations/',
	'test/cli/migrate',
];
/** What holds a connection or a setting across statements; the isolation of tenants goes through a pooler in its own test. */
const CONNECTION_DEPENDENT = [
	'test/core/(conversations|ingest|leads|notifications|outbox)/',
	'test/core/tenancy/(pooler|supabase|tenants)',
	'test/cli/',
];

const columns = [
	{ name: 'PostgreSQL 15', environment: { TEST_POSTGRES_MAJOR: '15' }, short: TOUCHING_SQL },
	{ name: 'PostgreSQL 16', environment: { TEST_POSTGRES_MAJOR: '16' }, short: SERVER_DEPENDENT },
	{ name: 'PostgreSQL 17', environment: { TEST_POSTGRES_MAJOR: '17' }, short: SERVER_DEPENDENT },
	{
		name: 'pgbouncer before 18',
		environment: { TEST_THROUGH_POOLER: '1' },
		program: PGBOUNCER,
		short: CONNECTION_DEPENDENT,
	},
];

function isMissing(program) {
	if (!program || process.env.CI === 'true') return false;
	try {
		accessSync(program, constants.X_OK);
		return false;
	} catch {
		return true;
	}
}

/** Runs jest, passes on what it prints, and answers its closing line. */
function runColumn({ environment }, paths) {
	const jest = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js'];
	const selection = ['--selectProjects', 'db', ...(paths.length > 0 ? ['--testPathPatterns', ...paths] : [])];
	const child = spawn(process.execPath, [...jest, ...selection], {
		// Undefined removes it: the columns bring their own servers.
		env: { ...process.env, TEST_DATABASE_URL: undefined, ...environment },
		stdio: ['ignore', 'pipe', 'pipe'],
		timeout: LIMIT_MS,
	});
	let said = '';
	for (const [from, to] of [
		[child.stdout, process.stdout],
		[child.stderr, process.stderr],
	])
		from.setEncoding('utf8').on('data', (text) => {
			said += text;
			to.write(text);
		});
	return new Promise((resolve) =>
		child.once('close', (code, signal) => {
			const counts = said.match(/^\d+ passed, \d+ failed[^(\n]*/m)?.[0] ?? `no result (${signal ?? `code ${code}`})`;
			resolve({ counts, failed: code !== 0 });
		}),
	);
}

async function main({ isShort }) {
	const begun = Date.now();
	const seconds = (since) => Math.round((Date.now() - since) / 1000);
	const lines = [];
	for (const column of columns) {
		if (isMissing(column.program)) {
			lines.push(`${column.name}: skipped, ${column.program} is not installed (apt-get install -y pgbouncer)`);
			continue;
		}
		process.stdout.write(`\n== ${column.name}\n`);
		const started = Date.now();
		const { counts, failed } = await runColumn(column, isShort ? column.short : []);
		lines.push(`${column.name}: ${counts} (${seconds(started)} s)`);
		if (failed) process.exitCode = 1;
	}
	process.stdout.write(`\n${lines.join('\n')}\n`);
	if (process.env.CI !== 'true' || seconds(begun) <= BUDGET_MINUTES * 60) return;
	process.stderr.write(`The servers took ${seconds(begun)} s; their budget is ${BUDGET_MINUTES} minutes.\n`);
	process.exitCode = 1;
}

void main({ isShort: process.argv.includes('--short') });
