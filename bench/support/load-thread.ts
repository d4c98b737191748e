import { Agent, request } from 'node:http';
import { parentPort, workerData } from 'node:worker_threads';
import { signBody } from '../../core/meta';
import { textWebhook } from '../../sandbox/phone/webhook';
import { metaJson } from '../../sandbox/standins/graph-wire';
import type { LoadJob, LoadResult } from './load-job';

const REQUEST_TIMEOUT_MS = 60_000;

interface Letter {
	body: Buffer;
	headers: Record<string, string | number>;
}

const job = workerData as LoadJob;
const agent = new Agent({ keepAlive: true, maxSockets: job.connections, scheduling: 'fifo' });
const target = new URL(job.url);
const times: number[] = [];
const failures: Record<string, number> = {};

function letter(n: number): Letter {
	const text = { phoneNumberId: job.phoneNumberId, name: 'Cliente', text: 'Oi, tudo bem?', at: new Date() };
	const body = metaJson(textWebhook({ ...text, from: customer(n) }).body);
	return {
		body,
		headers: {
			'content-type': 'application/json',
			'content-length': body.length,
			'user-agent': 'facebookexternalua',
			'x-hub-signature-256': signBody(body, job.appSecret),
		},
	};
}

const customer = (n: number): string => `5511900${String(n % job.customers).padStart(6, '0')}`;

/** Status of the answer, or the error's code; never rejects. */
const post = async ({ body, headers }: Letter): Promise<string> =>
	await new Promise((resolve) => {
		const outgoing = request(target, { method: 'POST', agent, headers, timeout: REQUEST_TIMEOUT_MS }, (incoming) => {
			incoming.resume();
			incoming.on('end', () => resolve(String(incoming.statusCode)));
			incoming.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'ERROR'));
		});
		outgoing.on('timeout', () => outgoing.destroy());
		outgoing.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'ERROR'));
		outgoing.end(body);
	});

async function timed(sent: Letter, from: number): Promise<void> {
	const outcome = await post(sent);
	if (outcome === '200') times.push(performance.now() - from);
	else failures[outcome] = (failures[outcome] ?? 0) + 1;
}

async function closedLoop(letters: Letter[], endsAt: number): Promise<void> {
	let next = 0;
	const lane = async () => {
		while (performance.now() < endsAt && next < letters.length) await timed(letters[next++], performance.now());
	};
	await Promise.all(Array.from({ length: job.connections }, lane));
}

/** Counts from the planned moment: a request that waits for a free connection waits on the customer's time. */
async function openLoop(letters: Letter[], startedAt: number, rate: number): Promise<void> {
	const inFlight: Array<Promise<void>> = [];
	for (const [n, sent] of letters.entries()) {
		const planned = startedAt + (n * 1_000) / rate;
		const early = planned - performance.now();
		if (early > 0) await new Promise((resolve) => setTimeout(resolve, early));
		inFlight.push(timed(sent, planned));
	}
	await Promise.all(inFlight);
}

async function main(): Promise<void> {
	const { rate, seconds } = job;
	const count = rate ? Math.round(rate * seconds) : job.bodies;
	const letters = Array.from({ length: count }, (_, n) => letter(n));
	const before = performance.eventLoopUtilization();
	const startedAt = performance.now();
	if (rate) await openLoop(letters, startedAt, rate);
	else await closedLoop(letters, startedAt + seconds * 1_000);
	const result: LoadResult = {
		times,
		failures,
		seconds: (performance.now() - startedAt) / 1_000,
		generatorShare: performance.eventLoopUtilization(before).utilization,
	};
	agent.destroy();
	parentPort?.postMessage(result);
}

void main();
