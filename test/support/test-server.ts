import { randomBytes } from 'node:crypto';
import type { PostgresServer } from '../../sandbox/postgres';
import type { Pooler } from './pgbouncer-process';

/** What globalSetup leaves for globalTeardown. */
export interface TestServer {
	adminUrl: string;
	template: string;
	/** Absent when TEST_DATABASE_URL gave the server: then only our databases are removed. */
	server?: PostgresServer;
	/** With TEST_THROUGH_POOLER=1: what the code under test goes through. */
	pooler?: Pooler;
}

/** How globalSetup, which runs in another process, tells the test files where the server is. */
export const environmentNames = {
	adminUrl: 'AGENT_FACTORY_TEST_ADMIN_URL',
	template: 'AGENT_FACTORY_TEST_TEMPLATE',
	/** The same server through pgbouncer; absent when the run goes directly. */
	pooledUrl: 'AGENT_FACTORY_TEST_POOLED_URL',
} as const;

export const templateName = (): string => `af_template_${randomBytes(6).toString('hex')}`;
export const databaseName = (): string => `af_test_${randomBytes(6).toString('hex')}`;
