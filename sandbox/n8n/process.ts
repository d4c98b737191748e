import { randomUUID } from 'node:crypto';
import { createApiKey, isPublished, isWebhookRegistered, logIn, type N8nSession } from './api';
import { urlOf } from './environment';
import { launchN8n, orEnd, type LaunchOptions, type N8nProcess } from './launch';
import type { WorkflowFile } from './provision';

export { launchN8n, type N8nProcess } from './launch';

export interface StartN8nOptions extends Omit<LaunchOptions, 'command' | 'args'> {
	/** Published workflows to wait for. */
	workflows?: WorkflowFile[];
	/** Webhooks that must be routed before n8n counts as ready. */
	webhooks?: Webhook[];
}

export interface Webhook {
	method: string;
	path: string;
}

export interface N8nInstance extends Omit<N8nProcess, 'until' | 'hasEnded'> {
	url: string;
	email: string;
	password: string;
	apiKey: string;
	session: N8nSession;
}

/** These start nothing by themselves, so n8n reports no live trigger for a workflow of them. */
const passiveTriggers = /(errorTrigger|executeWorkflowTrigger|manualTrigger|stickyNote)$/i;
const isTrigger = (type: string): boolean => /trigger|webhook$/i.test(type);

/** Starts n8n and waits until its workflows are live. */
export async function startN8n(options: StartN8nOptions): Promise<N8nInstance> {
	const { install, owner } = options;
	const url = urlOf(options);
	const started = launchN8n(options);
	const { pid, log, stop, kill, until } = started;
	return await orEnd(started, async () => {
		await until(`n8n ${install.version} opens its door`, () => isReady(url));
		const session = await logIn(url, owner.email, owner.password);
		const apiKey = await createApiKey(session, `sandbox ${randomUUID()}`);
		for (const workflow of options.workflows ?? []) {
			if (workflow.nodes.every((node) => passiveTriggers.test(node.type) || !isTrigger(node.type))) continue;
			await until(`workflow "${workflow.name}" goes live`, () => isPublished(session, workflow));
		}
		await untilRouted(until, url, options.webhooks);
		return { pid, log, stop, kill, url, email: owner.email, password: owner.password, apiKey, session };
	});
}

/** n8n answers 200 to every other path while it starts. */
export const isReady = async (url: string): Promise<boolean> =>
	(await fetch(`${url}/healthz/readiness`)).status === 200;

export async function untilRouted(until: N8nProcess['until'], url: string, webhooks: Webhook[] = []): Promise<void> {
	for (const { method, path } of webhooks) {
		await until(`${method} /webhook/${path} is routed`, () => isWebhookRegistered(`${url}/webhook/${path}`, method));
	}
}
