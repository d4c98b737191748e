import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { checkoutFolder } from '../../../sandbox/paths';
import { lineProgress } from '../../../sandbox/progress';
import { startSandbox, type Sandbox } from '../../../sandbox/run';

declare global {
	var agentFactorySandbox: Sandbox | undefined;
}

/** One sandbox for all end-to-end tests: the same that `npm start` runs, with a database that need not survive a power cut. */
export default async function setup(): Promise<void> {
	const folder = join(checkoutFolder(), '.sandbox', 'e2e');
	mkdirSync(folder, { recursive: true });
	const sandbox = await startSandbox({
		durable: false,
		folder,
		progress: lineProgress((line) => process.stderr.write(`${line}\n`)),
	});
	globalThis.agentFactorySandbox = sandbox;
	process.env.AGENT_FACTORY_E2E_STATE = sandbox.stateFile;
}
