import { randomUUID } from 'node:crypto';
import { FactoryError } from '../../core/errors';

/** A person's session in n8n, as the editor has one. */
export interface N8nSession {
	get<T>(path: string): Promise<T>;
	post<T>(path: string, body: unknown): Promise<T>;
}

/** What the end-to-end tests and a person's scripts need; no right to change users or settings. */
const apiKeyScopes = [
	'workflow:create',
	'workflow:read',
	'workflow:update',
	'workflow:delete',
	'workflow:list',
	'workflow:activate',
	'workflow:deactivate',
	'credential:create',
	'credential:update',
	'credential:delete',
	'execution:read',
	'execution:list',
	'execution:delete',
];

/** n8n binds its cookie to this header, so every call of a session carries the same one. */
export async function logIn(url: string, email: string, password: string): Promise<N8nSession> {
	const browserId = randomUUID();
	const headers: Record<string, string> = { 'content-type': 'application/json', 'browser-id': browserId };
	const response = await fetch(`${url}/rest/login`, {
		method: 'POST',
		headers,
		body: JSON.stringify({ emailOrLdapLoginId: email, password }),
	});
	await refuseUnlessOk(response, 'POST /rest/login');
	headers.cookie = response.headers
		.getSetCookie()
		.map((cookie) => cookie.split(';')[0])
		.join('; ');
	const call = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
		const answer = await fetch(`${url}${path}`, {
			method,
			headers,
			body: body === undefined ? undefined : JSON.stringify(body),
		});
		await refuseUnlessOk(answer, `${method} ${path}`);
		const json = (await answer.json()) as { data: T };
		return json.data;
	};
	return { get: (path) => call('GET', path), post: (path, body) => call('POST', path, body) };
}

async function refuseUnlessOk(response: Response, what: string): Promise<void> {
	if (response.ok) return;
	const body = (await response.text()).slice(0, 500);
	throw new FactoryError('SANDBOX_N8N_API', `n8n answered ${response.status} to ${what}: ${body}`, { item: what });
}

/** A key for n8n's public API (header X-N8N-API-KEY). */
export async function createApiKey(session: N8nSession, label: string): Promise<string> {
	const created = await session.post<{ rawApiKey: string }>('/rest/api-keys', {
		label,
		expiresAt: null,
		scopes: apiKeyScopes,
	});
	return created.rawApiKey;
}

/** The credential by which workflows ask the n8n they run in. */
export const OWN_API_CREDENTIAL = 'afN8nApi00000001';

/** Puts the key and the address of an n8n into that credential. */
export async function fillOwnApiCredential({ url, apiKey }: { url: string; apiKey: string }): Promise<void> {
	const response = await fetch(`${url}/api/v1/credentials/${OWN_API_CREDENTIAL}`, {
		method: 'PATCH',
		headers: { 'x-n8n-api-key': apiKey, 'content-type': 'application/json' },
		body: JSON.stringify({ data: { apiKey, baseUrl: `${url}/api/v1` } }),
	});
	await refuseUnlessOk(response, 'PATCH /api/v1/credentials');
}

interface PublicationStatus {
	status: 'in_progress' | 'not_published' | 'published' | 'partial' | 'failed';
	triggers: Array<{ nodeId: string; status: string; errorMessage: string | null }>;
}

/** Is every trigger of the workflow live? Throws when n8n could not start one, with its reason. */
export async function isPublished(session: N8nSession, workflow: { id: string; name: string }): Promise<boolean> {
	const { status, triggers } = await session.get<PublicationStatus>(
		`/rest/workflows/${workflow.id}/publication-status`,
	);
	if (status === 'failed' || status === 'partial') {
		const reasons = triggers.filter((trigger) => trigger.errorMessage).map((trigger) => trigger.errorMessage);
		throw new FactoryError(
			'SANDBOX_WORKFLOW_NOT_LIVE',
			`Workflow "${workflow.name}" is not live: ${reasons.join('; ') || status}`,
			{
				item: workflow.id,
			},
		);
	}
	return status === 'published';
}

/** Does n8n route this method and path to a workflow? Asked by OPTIONS, which starts nothing. */
export async function isWebhookRegistered(webhookUrl: string, method: string): Promise<boolean> {
	const response = await fetch(webhookUrl, {
		method: 'OPTIONS',
		headers: { origin: new URL(webhookUrl).origin, 'access-control-request-method': method },
	});
	await response.arrayBuffer();
	return (response.headers.get('access-control-allow-methods') ?? '').split(/,\s*/).includes(method);
}
