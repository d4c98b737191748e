import { isFactoryError } from '../core/errors';
import { checkSandbox } from './check';
import { lineProgress } from './progress';
import { startSandbox, type Sandbox } from './run';

const parentPollMs = 1_000;
const exitFailed = 1;
/** What a shell reports after Ctrl-C. */
const exitInterrupted = 130;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** `npm start`: runs until Ctrl-C. `npm start -- --check`: sends one message, shows its trace, ends. */
async function main(): Promise<number> {
	const check = process.argv.includes('--check');
	const interrupted = watchForTheEnd();
	let sandbox: Sandbox | undefined;
	try {
		sandbox = await startSandbox({ progress: lineProgress(say), signal: interrupted.signal });
		if (check) return await runCheck(sandbox, interrupted.signal);
		for (const line of welcome(sandbox)) say(line);
		await aborted(interrupted.signal);
		return interrupted.signal.reason instanceof Stopped ? 0 : exitFailed;
	} catch (error) {
		if (interrupted.signal.reason instanceof Stopped) return exitInterrupted;
		const cause: unknown = interrupted.signal.aborted ? interrupted.signal.reason : error;
		say(`\n${explain(cause)}`);
		return exitFailed;
	} finally {
		for (const failure of (await sandbox?.stop()) ?? []) say(`not stopped cleanly: ${failure}`);
	}
}

/** An expected refusal needs its sentence only; anything else its stack. */
function explain(cause: unknown): string {
	if (isFactoryError(cause)) return cause.message;
	return cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
}

const aborted = (signal: AbortSignal): Promise<void> =>
	new Promise((resolve) => {
		if (signal.aborted) return resolve();
		signal.addEventListener('abort', () => resolve(), { once: true });
	});

class Stopped extends Error {}

/** Aborts on a signal, on the death of the npm that runs us, and on an error nobody caught. */
function watchForTheEnd(): AbortController {
	const ending = new AbortController();
	const end = (reason: Error) => {
		if (ending.signal.aborted) return;
		say(`\n${reason.message}: stopping, please wait`);
		ending.abort(reason);
	};
	// The terminal may be gone already; that must not keep us from cleaning up.
	process.stdout.on('error', () => undefined);
	for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => end(new Stopped(name)));
	for (const name of ['uncaughtException', 'unhandledRejection'] as const) {
		process.on(name, (error) => end(error instanceof Error ? error : new Error(String(error))));
	}
	if (process.env.npm_lifecycle_event) {
		// npm hands a SIGTERM to its shell, and the shell does not hand it to us.
		const parent = process.ppid;
		const timer = setInterval(() => {
			if (process.ppid !== parent) end(new Stopped('npm has ended'));
		}, parentPollMs);
		timer.unref();
	}
	return ending;
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
		say(`\n${explain(error)}`);
		process.exit(1);
	},
);
