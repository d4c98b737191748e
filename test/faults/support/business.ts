import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

export type Business = 'booking' | 'calendarJobs' | 'crmJobs' | 'importJobs';

export interface WorkerTask {
	work: Business;
	tenantId: string;
	/** Where Graph answers. */
	graphUrl: string;
	/** What `booking` books. */
	booking?: object;
	/** Counted from 1: the step at which the process is killed. */
	dieAt?: number;
}

export interface WorkerEnd {
	killed: boolean;
	/** What it had come to: `before` and `after` each statement and each call, the last one where it died. */
	steps: string[];
	done: unknown;
}

const TIMEOUT_MS = 30_000;
const root = join(__dirname, '..', '..', '..');

export function requireBuild(): void {
	if (!existsSync(join(root, 'dist', 'core', 'crm', 'index.js')))
		throw new Error('The worker of this test runs the built pack. Build it first: npm run build');
}

/** Does one piece of business in a process of its own, that SIGKILL ends at one of its steps. */
export async function runWorker(connectionString: string, task: WorkerTask): Promise<WorkerEnd> {
	const script = join(__dirname, 'business-worker.mjs');
	const asked = JSON.stringify({ ...task, vaultKey: Buffer.alloc(32, 7).toString('base64') });
	return await new Promise((resolve, reject) => {
		execFile(
			process.execPath,
			[script, asked],
			{ env: { ...process.env, FACTORY_URL: connectionString }, timeout: TIMEOUT_MS },
			(error, stdout, stderr) => {
				const steps = stderr.split('\n').filter((line) => /^(before|after) /.test(line));
				if (!error) resolve({ killed: false, steps, done: JSON.parse(stdout || 'null') });
				else if (error.signal === 'SIGKILL' && task.dieAt === steps.length)
					resolve({ killed: true, steps, done: null });
				else reject(new Error(`${task.work} ended by itself: ${stderr.slice(-2_000)}`, { cause: error }));
			},
		);
	});
}

/** Where it matters most: before what changes something, after it, and after the commit that follows. */
export function pointsThatMatter(steps: string[], change: RegExp): number[] {
	const before = steps.findIndex((step) => step.startsWith('before ') && change.test(step));
	const after = steps.findIndex((step) => step.startsWith('after ') && change.test(step));
	const commit = steps.findIndex((step, at) => at > after && step === 'after commit');
	return [before, after, commit].filter((at) => at >= 0).map((at) => at + 1);
}
