import { createServer } from 'node:net';
import { freePort, portFromEnvironment } from '../../sandbox/ports';

describe('ports', () => {
	it('hands out another port when the wished one is taken', async () => {
		const server = createServer();
		const taken = await new Promise<number>((resolve) =>
			server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port)),
		);
		expect(await freePort(taken)).not.toBe(taken);
		await new Promise((resolve) => server.close(resolve));
	});

	it('never hands out one port twice', async () => {
		const ports = await Promise.all(Array.from({ length: 10 }, () => freePort()));
		expect(new Set(ports).size).toBe(10);
	});

	it.each(['0', '70000', 'abc', '12.5'])('refuses %s in the environment by name', (value) => {
		expect(() => portFromEnvironment('AGENT_FACTORY_N8N_PORT', { AGENT_FACTORY_N8N_PORT: value })).toThrow(
			/AGENT_FACTORY_N8N_PORT/,
		);
	});
});
