// Brings the factory's schema up to date, then gives n8n and the gateway a login that can do no more than they need.
// Run again after a change of factory_app_password: the login gets the new one.
const { execFileSync } = require('node:child_process');
const { readFileSync } = require('node:fs');
const { createRequire } = require('node:module');

const folder = process.env.SECRETS_FOLDER ?? '/run/secrets';
const pack = process.env.PACK_FOLDER ?? '/app/node_modules/n8n-nodes-agent-factory';
const server = process.env.DATABASE_SERVER ?? 'postgres:5432';
const secret = (name) => readFileSync(`${folder}/${name}`, 'utf8').trim();

async function main() {
	const password = encodeURIComponent(secret('factory_owner_password'));
	const url = `postgres://factory_owner:${password}@${server}/agent_factory`;
	// By the environment: arguments show in process lists.
	execFileSync(process.execPath, [`${pack}/dist/cli/index.js`, 'migrate', 'apply'], {
		env: { ...process.env, DATABASE_URL: url },
		stdio: 'inherit',
	});
	const { Client, escapeLiteral } = createRequire(`${pack}/package.json`)('pg');
	const client = new Client({ connectionString: url, connectionTimeoutMillis: 10_000, query_timeout: 10_000 });
	await client.connect();
	try {
		const { rowCount } = await client.query(`select 1 from pg_roles where rolname = 'agent_factory_app'`);
		const verb = rowCount ? 'alter' : 'create';
		await client.query(
			`${verb} role agent_factory_app login password ${escapeLiteral(secret('factory_app_password'))}`,
		);
		await client.query('grant agent_factory_service to agent_factory_app');
	} finally {
		await client.end();
	}
}

main().catch((error) => {
	process.stderr.write(`${error.message}\n`);
	process.exitCode = 1;
});
