import { stopTestServer } from './postgres-setup';
import type { TestServer } from './test-server';

/** Ends what globalSetup began. */
export default async function teardown(): Promise<void> {
	const held = (globalThis as unknown as { agentFactoryTestServer?: TestServer }).agentFactoryTestServer;
	if (held) await stopTestServer(held);
}
