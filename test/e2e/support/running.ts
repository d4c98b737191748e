import { readFileSync } from 'node:fs';
import { Pool } from 'pg';
import { signBody } from '../../../core/meta';
import type { SandboxState } from '../../../sandbox/state';
import type { SentMessage } from '../../../sandbox/standins/graph';

/** What the running sandbox wrote about itself. */
export const state = (): SandboxState =>
	JSON.parse(readFileSync(process.env.AGENT_FACTORY_E2E_STATE ?? '', 'utf8')) as SandboxState;

/** Sees all tenants: the sandbox's login owns the tables, and even an owner is bound by row level security. */
export const openFactory = (): Pool =>
	new Pool({
		connectionString: state().database.url,
		max: 3,
		application_name: 'e2e',
		options: '-c role=agent_factory_doors',
	});

const answerTimeoutMs = 20_000;

/** Posts a body to the real webhook, signed as Meta does unless another signature is given. */
export async function post(
	body: Buffer | string,
	headers: Record<string, string> = {},
): Promise<{ status: number; text: string }> {
	const rawBody = Buffer.from(body);
	const response = await fetch(state().webhook.url, {
		method: 'POST',
		headers: {
			'content-type': 'application/json',
			'x-hub-signature-256': signBody(rawBody, state().webhook.appSecrets[0]),
			...headers,
		},
		body: rawBody,
		signal: AbortSignal.timeout(answerTimeoutMs),
	});
	return { status: response.status, text: await response.text() };
}

export const sentMessages = async (): Promise<SentMessage[]> =>
	((await (await fetch(`${state().graph.url}/_sandbox/sent`)).json()) as SentMessage[]).filter(
		(message) => message.accepted,
	);

export const setBehaviour = async (standIn: 'graph' | 'llm', behaviour: Record<string, unknown>): Promise<void> =>
	void (await fetch(`${state()[standIn].url}/_sandbox/behaviour`, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify(behaviour),
	}));
