import { isFactoryError } from '../core/errors';
import { checkSandbox } from './check';
import { lineProgress } from './progress';
import { startSandbox, type Sandbox } from './run';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** `npm start`: runs until Ctrl-C. `npm start -- --check`: sends one message, shows its trace, ends. */
async function main(): Promise<number> {
	const check = process.argv.includes('--check');
	const interrupted = new AbortController();
	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
		process.on(signal, () => {
			if (!interrupted.signal.aborted) say(`\n${signal}: stopping, please wait`);
			interrupted.abort(new Error(`stopped by ${signal}`));
		});
	}
	let sandbox: Sandbox | undefined;
	try {
		sandbox = await startSandbox({ progress: lineProgress(say), signal: interrupted.signal });
		if (check) return await runCheck(sandbox, interrupted.signal);
		for (const line of welcome(sandbox)) say(line);
		await new Promise<void>((resolve) => interrupted.signal.addEventListener('abort', () => resolve(), { once: true }));
		return 0;
	} catch (error) {
		if (interrupted.signal.aborted) return 130;
		say(isFactoryError(error) || error instanceof Error ? `\n${error.message}` : String(error));
		if (!isFactoryError(error) && error instanceof Error && error.stack) say(error.stack);
		return 1;
	} finally {
		for (const failure of (await sandbox?.stop()) ?? []) say(`not stopped cleanly: ${failure}`);
	}
}

async function runCheck(sandbox: Sandbox, signal: AbortSignal): Promise<number> {
	const { ok, lines } = await checkSandbox(sandbox, signal);
	say('');
	for (const line of lines) say(line);
	say(ok ? '\nCheck passed.' : '\nCheck failed.');
	return ok ? 0 : 1;
}

function welcome({ state, stateFile, models }: Sandbox): string[] {
	return [
		'',
		'The sandbox runs. Open:',
		`  Phone page   ${state.phone.url}`,
		`  n8n          ${state.n8n.url}   ${state.n8n.email} / ${state.n8n.password}`,
		'',
		`  Database     ${state.database.url} (schema ${state.database.schema})`,
		`  Webhook      ${state.webhook.url}`,
		`  Graph API    ${state.graph.url} (stand-in; nothing reaches Meta)`,
		`  Model        ${models.label}`,
		`  All of it    ${stateFile}`,
		'',
		'Ctrl-C stops and removes everything.',
	];
}

main().then(
	(code) => process.exit(code),
	(error: unknown) => {
		console.error(error);
		process.exit(1);
	},
);
