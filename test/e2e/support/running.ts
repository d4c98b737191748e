import { readFileSync } from 'node:fs';
import { Pool } from 'pg';
import { signBody } from '../../../core/meta';
import type { SandboxState } from '../../../sandbox/state';
import type { SentMessage } from '../../../sandbox/standins/graph';

export type { SentMessage } from '../../../sandbox/standins/graph';

/** What the running sandbox wrote about itself. */
export const state = (): SandboxState =>
	JSON.parse(readFileSync(process.env.AGENT_FACTORY_E2E_STATE ?? '', 'utf8')) as SandboxState;

/** Sees all tenants: the sandbox's login owns the tables, and even an owner is bound by row level security. */
export const openFactory = (of: SandboxState = state()): Pool =>
	new Pool({
		connectionString: of.database.url,
		max: 3,
		application_name: 'e2e',
		options: '-c role=agent_factory_doors',
	});

const answerTimeoutMs = 20_000;

/** Posts a body to a door of Meta's webhooks, signed as Meta does unless another signature is given. */
export async function postTo(
	url: string,
	appSecret: string,
	body: Buffer | string,
	headers: Record<string, string> = {},
): Promise<{ status: number; text: string }> {
	const rawBody = Buffer.from(body);
	const response = await fetch(url, {
		method: 'POST',
		headers: {
			'content-type': 'application/json',
			'x-hub-signature-256': signBody(rawBody, appSecret),
			...headers,
		},
		body: rawBody,
		signal: AbortSignal.timeout(answerTimeoutMs),
	});
	return { status: response.status, text: await response.text() };
}

/** The same to the running sandbox's webhook. */
export const post = async (body: Buffer | string, headers: Record<string, string> = {}) =>
	await postTo(state().webhook.url, state().webhook.appSecrets[0], body, headers);

export const sentMessagesOf = async ({ graph }: SandboxState): Promise<SentMessage[]> =>
	((await (await fetch(`${graph.url}/_sandbox/sent`)).json()) as SentMessage[]).filter((message) => message.accepted);

export const sentMessages = async (): Promise<SentMessage[]> => await sentMessagesOf(state());

export const setBehaviour = async (
	standIn: 'graph' | 'llm',
	behaviour: Record<string, unknown>,
	of: SandboxState = state(),
): Promise<void> =>
	void (await fetch(`${of[standIn].url}/_sandbox/behaviour`, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify(behaviour),
	}));
