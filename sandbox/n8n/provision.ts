import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
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

/** Each takes some 400 MB. */
const publishLanes = 3;
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
		let published = 0;
		const report = () => detail(`${published} of ${options.publish.length} workflows published`);
		report();
		await inLanes(options.publish, async (id) => {
			await n8nCommand(settings, ['publish:workflow', `--id=${id}`], 'Publishing workflow', options.signal);
			published++;
			report();
		});
	} finally {
		// The file holds credentials in the clear.
		rmSync(work, { recursive: true, force: true });
	}
}

/** Each n8n command spends some four seconds of one core on starting up. */
async function inLanes<T>(items: T[], work: (item: T) => Promise<void>): Promise<void> {
	const waiting = [...items];
	const lane = async () => {
		for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item);
	};
	await Promise.all(Array.from({ length: Math.min(availableParallelism(), publishLanes) }, lane));
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
