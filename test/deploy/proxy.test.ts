import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../sandbox/ports';
import { stopProcess } from '../../sandbox/processes';
import { waitFor } from '../support/wait-for';
import { ROOT } from '../house/files';

/** Caddy from Debian: skipped by name where it is not installed, except in CI, where they then fail. */
const isInstalled = spawnSync('caddy', ['version']).status === 0;
const testWithCaddy = isInstalled || process.env.CI === 'true' ? test : test.skip;
const webhook = '/webhook/agent-factory/meta';

/** A door behind the proxy: says who it is and what it was sent, while it is ready as while it is not, as n8n does. */
interface Door {
	port: number;
	ready: boolean;
	/** The gateway answers 503 by itself while the database is away. */
	status: number;
	open(): Promise<void>;
	close(): Promise<void>;
}

async function door(name: string, readyPath: string): Promise<Door> {
	const port = await freePort();
	let server: Server | undefined;
	const made: Door = {
		...{ port, ready: false, status: 200 },
		async open() {
			server = createServer((request, response) => {
				if (request.url === readyPath) return void response.writeHead(made.ready ? 200 : 503).end();
				const chunks: Buffer[] = [];
				request.on('data', (chunk: Buffer) => chunks.push(chunk));
				request.on('end', () => response.writeHead(made.status).end(`${name}:${Buffer.concat(chunks).toString()}`));
			});
			await new Promise<void>((resolve) => server!.listen(port, '127.0.0.1', resolve));
		},
		async close() {
			server?.closeAllConnections();
			await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
		},
	};
	return made;
}

let folder: string;
let gateway: Door;
let n8n: Door;
let proxy: ChildProcess;
let url: string;

beforeAll(async () => {
	if (!isInstalled) return;
	folder = mkdtempSync(join(tmpdir(), 'agent-factory-proxy-'));
	gateway = await door('gateway', '/readyz');
	n8n = await door('n8n', '/healthz/readiness');
	await gateway.open();
	await n8n.open();
	url = `http://127.0.0.1:${await freePort()}`;
	proxy = spawn('caddy', ['run', '--config', join(ROOT, 'deploy', 'Caddyfile'), '--adapter', 'caddyfile'], {
		env: {
			...{ PATH: process.env.PATH, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder },
			...{ DOMAIN: url, ADMIN: `127.0.0.1:${await freePort()}` },
			...{ GATEWAY: `127.0.0.1:${gateway.port}`, N8N: `127.0.0.1:${n8n.port}` },
		},
		stdio: 'ignore',
	});
	await waitFor(async () => (await send('/elsewhere')).status === 404, { what: 'Caddy' });
});

afterAll(async () => {
	if (!isInstalled) return;
	await stopProcess(proxy, { timeoutMs: 5_000 });
	await gateway.close();
	await n8n.close();
	rmSync(folder, { recursive: true, force: true });
});

const send = async (path: string, body = 'x'): Promise<{ status: number; text: string }> =>
	await fetch(`${url}${path}`, { method: 'POST', body }).then(
		async (response) => ({ status: response.status, text: await response.text() }),
		() => ({ status: 0, text: '' }),
	);

const answersOf = async (path: string, expected: { status: number; text?: string }): Promise<void> =>
	void (await waitFor(
		async () => {
			const found = await send(path);
			return found.status === expected.status && found.text === (expected.text ?? found.text);
		},
		{ what: `${path} answering ${JSON.stringify(expected)}` },
	));

testWithCaddy(
	'webhooks go to the gateway, to n8n while the gateway is away, and nowhere while neither is ready',
	async () => {
		// Both answer 200 to a webhook already: what counts is that they say they are ready.
		await answersOf(webhook, { status: 503 });
		n8n.ready = true;
		await answersOf(webhook, { status: 200, text: 'n8n:x' });
		gateway.ready = true;
		await answersOf(webhook, { status: 200, text: 'gateway:x' });
		// It dies between two looks: the webhook that finds out is sent again by Meta, the next one reaches n8n.
		await gateway.close();
		expect((await send(webhook)).status).toBe(502);
		expect(await send(webhook, 'whole body')).toEqual({ status: 200, text: 'n8n:whole body' });
		n8n.ready = false;
		await answersOf(webhook, { status: 503 });
		await gateway.open();
		await answersOf(webhook, { status: 200, text: 'gateway:x' });
	},
);

testWithCaddy("the gateway's own refusal reaches Meta: n8n is on the same database", async () => {
	n8n.ready = true;
	gateway.ready = true;
	await answersOf(webhook, { status: 200, text: 'gateway:x' });
	gateway.status = 503;
	expect(await send(webhook)).toEqual({ status: 503, text: 'gateway:x' });
	gateway.status = 200;
});

testWithCaddy('other webhooks are n8n, the editor and its API are not to be had', async () => {
	n8n.ready = true;
	await answersOf('/webhook/another', { status: 200, text: 'n8n:x' });
	for (const path of ['/', '/rest/login', '/api/v1/workflows', '/healthz', '/metrics', '/readyz']) {
		expect((await send(path)).status).toBe(404);
	}
});
