import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { webhookPath, type SandboxContext, type SandboxOptions } from '../context';
import { sandboxCredentials } from '../credentials';
import type { SandboxServices } from '../services';
import { fillOwnApiCredential } from './api';
import { hashPassword } from './environment';
import { installN8n, type N8nInstall } from './install';
import { installPack, packPack } from './pack';
import { startN8n, type N8nInstance, type StartN8nOptions } from './process';
import { provisionN8n, readWorkflows } from './provision';
import { addQueueMember, queueEnvironment, withoutWebhooks, type QueueMember } from './queue-mode';

/** Run by hand, so never published. */
const byHand = new Set(['af00Setup0000000', 'af01TemplDoctor0']);
const ownerEmail = 'owner@sandbox.example';

export interface SandboxN8n {
	instance: N8nInstance;
	/** With these a test starts n8n again after it stopped or killed it. */
	options: StartN8nOptions;
	/** Queue mode's workers and webhook processes; none in regular mode. */
	members: QueueMember[];
}

/** A real n8n with this pack installed, the shipped workflows published and the credentials filled in. */
export async function startSandboxN8n(
	context: SandboxContext,
	services: SandboxServices,
	wishes: SandboxOptions,
): Promise<SandboxN8n> {
	const { signal, step, work } = context;
	const install = await step('Looking for n8n in the cache', (detail) =>
		installN8n({ source: wishes.n8nSource, detail, signal }),
	);
	const userFolder = join(work, 'n8n');
	mkdirSync(userFolder, { recursive: true });
	const tarball = await step('Packing this pack and installing it the way n8n does', async (detail) => {
		const packed = await packPack(join(work, 'pack'), context.root, signal);
		await installPack({ tarball: packed, userFolder, detail, signal });
		return packed;
	});
	const shipped = readWorkflows(join(context.root, 'workflows'));
	const workflows = [...shipped, ...(wishes.extraWorkflows ?? [])];
	const live = workflows.filter((workflow) => !byHand.has(workflow.id));
	const options: StartN8nOptions = {
		...settingsOf(context, services, install, userFolder),
		extra: wishes.n8nEnvironment,
		logFile: join(context.folder, 'logs', 'n8n.log'),
		workflows: live,
		webhooks: ['GET', 'POST'].map((method) => ({ method, path: webhookPath })),
		signal,
	};
	rmSync(options.logFile, { force: true });
	const { factory } = services.databases;
	const credentials = sandboxCredentials({
		database: await (wishes.inFrontOfFactory?.(factory) ?? factory),
		graphUrl: services.graphUrl,
		models: services.models,
		secrets: context.secrets,
	});
	const publish = live.map((workflow) => workflow.id);
	const counts = `${credentials.length} credentials and ${workflows.length} workflows`;
	await step(`Importing ${counts}, publishing ${live.length}`, (detail) =>
		provisionN8n({ settings: options, credentials, workflows, publish, detail, signal }),
	);
	if (!services.redis || !wishes.queueMode) {
		const instance = await step(`Starting n8n ${install.version}`, (detail) => startN8n({ ...options, detail }));
		await fillOwnApiCredential(instance);
		return { instance, options, members: [] };
	}
	const main = { ...options, extra: { ...options.extra, ...queueEnvironment(services.redis.port) } };
	return await startQueueMode(context, main, wishes.queueMode, tarball);
}

/** The main process first: it migrates n8n's database, and registers the webhooks that the webhook processes serve. */
async function startQueueMode(
	context: SandboxContext,
	main: StartN8nOptions,
	{ workers, webhooks }: NonNullable<SandboxOptions['queueMode']>,
	tarball: string,
): Promise<SandboxN8n> {
	const roles = [
		...Array.from({ length: workers }, (_, i) => ({ role: 'worker' as const, name: `worker-${i + 1}` })),
		...Array.from({ length: webhooks }, (_, i) => ({
			...{ role: 'webhook' as const, name: `webhook-${i + 1}` },
			// The first one is where the sandbox's webhook address points.
			port: i === 0 ? context.ports.webhook : undefined,
		})),
	];
	const members = await context.step(`Installing the pack for ${roles.length} more processes`, async () => {
		const added: QueueMember[] = [];
		for (const role of roles) added.push(await addQueueMember({ ...role, main, work: context.work, tarball }));
		return added;
	});
	for (const member of members) {
		rmSync(member.logFile, { force: true });
		context.cleanup.add(`n8n ${member.name}`, () => member.stop());
	}
	const options = webhooks > 0 ? { ...main, webhooks: [], extra: { ...main.extra, ...withoutWebhooks } } : main;
	const instance = await context.step(`Starting n8n ${main.install.version} in queue mode`, (detail) =>
		startN8n({ ...options, detail }),
	);
	try {
		await fillOwnApiCredential(instance);
		await context.step(`Starting ${roles.map(({ name }) => name).join(', ')}`, () =>
			Promise.all(members.map((member) => member.start())),
		);
	} catch (error) {
		await instance.stop();
		throw error;
	}
	return { instance, options, members };
}

function settingsOf(context: SandboxContext, services: SandboxServices, install: N8nInstall, userFolder: string) {
	const { ports, secrets } = context;
	return {
		install,
		userFolder,
		port: ports.n8n,
		brokerPort: ports.broker,
		database: services.databases.n8n,
		owner: {
			email: ownerEmail,
			password: secrets.n8nPassword,
			passwordHash: hashPassword(install, secrets.n8nPassword),
		},
		encryptionKey: secrets.n8nEncryptionKey,
	};
}
