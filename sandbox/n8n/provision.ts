import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { FactoryError } from '../../core/errors';
import { runToEnd } from '../processes';
import { n8nEnvironment, type N8nSettings } from './environment';

export interface CredentialSeed {
	id: string;
	name: string;
	type: string;
	/** In the clear; n8n encrypts it on import. */
	data: Record<string, unknown>;
}

export interface WorkflowFile {
	id: string;
	name: string;
	nodes: Array<{ name: string; type: string }>;
	[key: string]: unknown;
}

export interface ProvisionOptions {
	settings: N8nSettings;
	credentials: CredentialSeed[];
	workflows: WorkflowFile[];
	/** Ids of the workflows to publish; the others stay drafts. */
	publish: string[];
	detail?: (text: string) => void;
	signal?: AbortSignal;
}

/** Characters of a failed command's output that its error shows. */
const outputShown = 1_500;

/** The shipped workflow templates, by file name order. */
export function readWorkflows(folder: string): WorkflowFile[] {
	return readdirSync(folder)
		.filter((name) => name.endsWith('.json'))
		.sort()
		.map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as WorkflowFile);
}

/** Fills an n8n that is down, with its own commands. The first command also migrates n8n's database. */
export async function provisionN8n(options: ProvisionOptions): Promise<void> {
	const { settings, detail = () => undefined } = options;
	const work = join(settings.userFolder, 'provision');
	try {
		mkdirSync(join(work, 'workflows'), { recursive: true });
		if (options.credentials.length > 0) {
			detail("credentials, and n8n's own database");
			const file = join(work, 'credentials.json');
			writeFileSync(file, JSON.stringify(options.credentials), { mode: 0o600 });
			await n8nCommand(settings, ['import:credentials', `--input=${file}`], 'Successfully imported', options.signal);
		}
		if (options.workflows.length > 0) {
			detail(`${options.workflows.length} workflows`);
			for (const workflow of options.workflows) {
				writeFileSync(join(work, 'workflows', `${workflow.id}.json`), JSON.stringify(workflow));
			}
			await n8nCommand(
				settings,
				['import:workflow', '--separate', `--input=${join(work, 'workflows')}`],
				'Successfully imported',
				options.signal,
			);
		}
		detail(`${options.publish.length} workflows to publish`);
		await publishAll(settings, options.publish);
	} finally {
		// The file holds credentials in the clear.
		rmSync(work, { recursive: true, force: true });
	}
}

/** What `n8n publish:workflow` writes, for all of them at once: each of its commands would start an n8n of its own for one row. */
const PUBLISH = `update workflow_entity w set active = true, "activeVersionId" = w."versionId" from workflow_history h
	where h."workflowId" = w.id and h."versionId" = w."versionId" and w.id = any ($1::text[])`;

async function publishAll({ database }: N8nSettings, ids: string[]): Promise<void> {
	const { ssl, ...where } = database;
	const client = new Client({ ...where, ssl: ssl ? { rejectUnauthorized: false } : undefined });
	await client.connect();
	try {
		const { rowCount } = await client.query(PUBLISH, [ids]);
		if (rowCount === ids.length) return;
		throw new FactoryError(
			'SANDBOX_N8N_COMMAND',
			`n8n has ${rowCount} of the ${ids.length} workflows that are to be published. Import them first.`,
			{ item: 'publish' },
		);
	} finally {
		await client.end();
	}
}

/** Runs one n8n command. n8n reports some failures with exit code 0, so the words of success are looked for too. */
export async function n8nCommand(
	settings: N8nSettings,
	args: string[],
	success: string,
	signal?: AbortSignal,
): Promise<void> {
	const { install } = settings;
	const output = await runToEnd(install.node, [install.script, ...args], {
		cwd: settings.userFolder,
		env: { ...n8nEnvironment(settings), N8N_LOG_LEVEL: 'info' },
		signal,
	});
	if (output.includes(success) && !output.includes('Error updating database')) return;
	throw new FactoryError('SANDBOX_N8N_COMMAND', `n8n ${args[0]} failed:\n${output.trim().slice(-outputShown)}`, {
		item: args[0],
	});
}
