import { randomUUID } from 'node:crypto';
import { waitFor } from '../../support/wait-for';
import { state } from './running';

interface PackNode {
	/** Without the pack's name. */
	type: string;
	parameters: object;
}

const CREDENTIALS = {
	postgres: { id: 'afPostgres000001', name: 'Agent Factory database' },
	agentFactoryVaultApi: { id: 'afVault000000001', name: 'Vault key' },
};
const ANTHROPIC = { anthropicApi: { id: 'afAnthropic00001', name: 'Anthropic' } };

/** n8n answers 404 until it listens; after that the workflow has run, once. */
const LISTENS_MS = 30_000;

export const byId = (value: string): object => ({ __rl: true, mode: 'id', value });

async function api(method: string, path: string, body?: unknown): Promise<any> {
	const { url, apiKey } = state().n8n;
	const response = await fetch(`${url}/api/v1${path}`, {
		method,
		headers: { 'x-n8n-api-key': apiKey, 'content-type': 'application/json' },
		body: body === undefined ? undefined : JSON.stringify(body),
	});
	if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
	return await response.json();
}
const workflows = async (method: string, path: string, body?: unknown): Promise<any> =>
	await api(method, `/workflows${path}`, body);

export async function createCredential(
	type: string,
	data: object,
): Promise<{ id: string; name: string; remove(): Promise<void> }> {
	const name = `e2e-${type}-${randomUUID()}`;
	const { id } = await api('POST', '/credentials', { name, type, data });
	return { id, name, remove: async () => await api('DELETE', `/credentials/${id}`) };
}

/** All that n8n keeps of an execution, as text. */
export const keptOfExecution = async (id: string): Promise<string> =>
	JSON.stringify(await api('GET', `/executions/${id}?includeData=true`));

/** A workflow of one webhook and one of our nodes: how an operator runs an operation. Answers its items. */
export async function operateAll(name: string, { type, parameters }: PackNode): Promise<any[]> {
	// n8n takes back a webhook some time after it says so: the next one must not meet it.
	const path = `${name}-${randomUUID()}`;
	const { id } = await workflows('POST', '', {
		name,
		nodes: [
			{
				...{ id: 'a', name: 'Webhook', type: 'n8n-nodes-base.webhook', typeVersion: 2.1, position: [0, 0] },
				parameters: { path, responseMode: 'lastNode', responseData: 'allEntries', options: {} },
				webhookId: path,
			},
			{
				...{ id: 'b', name: 'Operation', typeVersion: 1, position: [220, 0], parameters },
				type: `n8n-nodes-agent-factory.${type}`,
				credentials: { ...CREDENTIALS, ...(type === 'reflectionJudge' ? ANTHROPIC : {}) },
			},
		],
		connections: { Webhook: { main: [[{ node: 'Operation', type: 'main', index: 0 }]] } },
		settings: { executionOrder: 'v1' },
	});
	await workflows('POST', `/${id}/activate`);
	try {
		return await waitFor<any>(
			async () => {
				const response = await fetch(`${state().n8n.url}/webhook/${path}`);
				if (response.ok) return (await response.json()) as any[];
				if (response.status === 404) return false;
				throw new Error(`${name} answered ${response.status}: ${await response.text()}`);
			},
			{ timeoutMs: LISTENS_MS, what: `the webhook of ${name}` },
		);
	} finally {
		await removeWorkflow(id);
	}
}

/** Out of the list too, where people and the editor's tests look for the shipped ones. */
export async function removeWorkflow(id: string): Promise<void> {
	await workflows('POST', `/${id}/deactivate`);
	// n8n refuses for as long as it takes the webhooks back.
	await waitFor(
		async () =>
			await workflows('DELETE', `/${id}`).catch((error: Error) => {
				if (!error.message.includes(': 409 ')) throw error;
				return false;
			}),
		{ timeoutMs: LISTENS_MS, what: `the end of workflow ${id}` },
	);
}

/** Publishes a workflow that a test brings along; answers how to take it back. */
export async function openWorkflow(
	name: string,
	workflow: { nodes: object[]; connections: object },
): Promise<() => Promise<void>> {
	const { id } = await workflows('POST', '', { name, ...workflow, settings: { executionOrder: 'v1' } });
	await workflows('POST', `/${id}/activate`);
	return async () => await removeWorkflow(id);
}

/** The same for an operation of one item. */
export const operate = async (name: string, node: PackNode): Promise<any> => (await operateAll(name, node))[0];

/** A shipped workflow as n8n has it. */
export const shippedInN8n = async (id: string): Promise<{ id: string; active: boolean }> =>
	await workflows('GET', `/${id}`);

/** Does something while a published workflow stands still. */
export async function whileUnpublished<T>(id: string, work: () => Promise<T>): Promise<T> {
	await workflows('POST', `/${id}/deactivate`);
	try {
		return await work();
	} finally {
		await workflows('POST', `/${id}/activate`);
	}
}
