import { join } from 'node:path';
import { Pool } from 'pg';
import { applyMigrations, outlivesConnections } from '../core/database';
import type { SandboxContext, SandboxOptions } from './context';
import { openDatabases, type SandboxDatabases } from './databases';
import { chooseModels, type SandboxModels } from './models';
import { startRedis, type RedisServer } from './redis';
import { seedDemo, type SeedResult } from './seed';
import { startGraphStandIn } from './standins/graph';
import { startLlmStandIn } from './standins/llm';

/** The schema the pack takes by default. */
export const factorySchema = 'agent_factory';

/** Everything beside n8n: the database with two businesses in it, and the stand-ins for the outside world. */
export interface SandboxServices {
	databases: SandboxDatabases;
	/** The factory database, as the login that the nodes use. */
	pool: Pool;
	graphUrl: string;
	llmUrl: string;
	models: SandboxModels;
	seeded: SeedResult;
	/** For queue mode only. */
	redis?: RedisServer;
}

export async function startServices(context: SandboxContext, wishes: SandboxOptions = {}): Promise<SandboxServices> {
	const { cleanup, environment, ports, secrets, step } = context;
	const databaseUrl = environment.DATABASE_URL?.trim() || undefined;
	const databases = await step(databaseUrl ? 'Opening two databases on DATABASE_URL' : 'Starting PostgreSQL', () =>
		openDatabases({
			databaseUrl,
			port: ports.postgres,
			durable: context.durable,
			cleanup,
			log: context.logTo('postgres.log'),
		}),
	);
	const { connectionString } = databases.factory;
	await step('Migrating the factory database', (log) =>
		applyMigrations({ connectionString, schema: factorySchema, log }),
	);
	const pool = openPool(connectionString, context);
	const { graphUrl, llmUrl } = await step('Starting the stand-ins for the Graph API and the LLM APIs', async () => {
		const graph = await startGraphStandIn({
			port: ports.graph,
			webhookUrl: context.webhookUrl,
			appSecret: secrets.appSecret,
			onSent: context.onSent,
		});
		cleanup.add('Graph stand-in', () => graph.close());
		const llm = await startLlmStandIn({ port: ports.llm });
		cleanup.add('LLM stand-in', () => llm.close());
		return { graphUrl: graph.url, llmUrl: llm.url };
	});
	const models = chooseModels(llmUrl, environment);
	const seeded = await step('Seeding two businesses and compiling their agents', () =>
		seedDemo({ pool, graphUrl, llm: models.llm, vaultKey: secrets.vaultKey }),
	);
	const redis = wishes.queueMode && (await step('Starting Redis', () => startRedis(join(context.work, 'redis'))));
	if (redis) cleanup.add('Redis', () => redis.stop());
	return { databases, pool, graphUrl, llmUrl, models, seeded, redis };
}

function openPool(connectionString: string, { cleanup }: SandboxContext): Pool {
	const pool = outlivesConnections(new Pool({ connectionString, max: 5, application_name: 'agent-factory-sandbox' }));
	cleanup.add('database pool', () => pool.end());
	return pool;
}
