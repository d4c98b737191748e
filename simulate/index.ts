import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { figuresOf, type Figure } from './figures';
import type { Judge } from './proposer';
import { runSeed, type RunSettings, type SeedResult } from './run';
import { readWorld } from './world';

const USAGE = `npm run simulate -- [--seed N] [--seeds N] [--tenants N] [--days N] [--per-day N] [--judge good|noisy|adversarial]
                    [--inject-past-gate] [--aa] [--naive] [--json]

Runs the loop that improves over invented leads and compares its last 40 days with the same leads without it.
  --seed              the first seed (1); --seeds how many from there on (8)
  --tenants           tenants of each seed (8); --days (240); --per-day leads of a tenant a day (120)
  --judge             good, noisy, or adversarial: it wants the worst
  --inject-past-gate  every proposal goes into a rollout, whatever the gate says
  --aa                every candidate is the incumbent itself
  --naive             the outline without safeguards, as a control
  --json              only the closing JSON line
Ends with one JSON line, and with 1 where a figure that is promised for the setting is missed.`;

const OPTIONS = {
	seed: { type: 'string', default: '1' },
	seeds: { type: 'string', default: '8' },
	tenants: { type: 'string', default: '8' },
	days: { type: 'string', default: '240' },
	'per-day': { type: 'string', default: '120' },
	judge: { type: 'string', default: 'good' },
	'inject-past-gate': { type: 'boolean', default: false },
	aa: { type: 'boolean', default: false },
	naive: { type: 'boolean', default: false },
	json: { type: 'boolean', default: false },
} as const;

const JUDGES: readonly Judge[] = ['good', 'noisy', 'adversarial'];

const say = (text: string): void => void process.stdout.write(`${text}\n`);
const complain = (text: string): void => void process.stderr.write(`${text}\n`);

/** A whole number above 0, or an error that names the option. */
function wholeNumber(name: string, text: string): number {
	const value = Number(text);
	if (!Number.isSafeInteger(value) || value < 1 || value > 1_000_000)
		throw new RangeError(`--${name} is a whole number from 1, not "${text}".`);
	return value;
}

function settingsOf(args: readonly string[]): { runs: RunSettings[]; json: boolean } {
	const { values } = parseArgs({ args: [...args], options: OPTIONS });
	const judge = JUDGES.find((name) => name === values.judge);
	if (judge === undefined) throw new RangeError(`--judge is good, noisy or adversarial, not "${values.judge}".`);
	const number = (name: 'seed' | 'seeds' | 'tenants' | 'days' | 'per-day'): number => wholeNumber(name, values[name]);
	const [first, count] = [number('seed'), number('seeds')];
	const common = {
		tenants: number('tenants'),
		days: number('days'),
		perDay: number('per-day'),
		judge,
		naive: values.naive,
		injectPastGate: values['inject-past-gate'],
		aa: values.aa,
	};
	return { runs: Array.from({ length: count }, (_, i) => ({ ...common, seed: first + i })), json: values.json };
}

/** Seeds side by side, a thread a core; a single one here. */
async function runAll(runs: readonly RunSettings[], progress: (result: SeedResult) => void): Promise<SeedResult[]> {
	const threads = Math.min(runs.length, availableParallelism());
	const results: SeedResult[] = [];
	const take = (result: SeedResult): void => {
		results.push(result);
		progress(result);
	};
	if (threads === 1) runs.forEach((run) => take(runSeed(run)));
	else
		await Promise.all(
			Array.from({ length: threads }, async (_, thread) => {
				const own = runs.filter((__, i) => i % threads === thread);
				await new Promise<void>((resolve, reject) => {
					const worker = new Worker(path.join(__dirname, 'worker.js'), { workerData: own });
					worker.on('message', take);
					worker.on('error', reject);
					worker.on('exit', () => resolve());
				});
			}),
		);
	return results.sort((a, b) => a.seed - b.seed);
}

const percent = (value: number): string => `${(100 * value).toFixed(1)} %`;

function lineOf({ name, value, low, high, atMost, atLeast, reached }: Figure): string {
	const asked =
		atMost !== undefined ? `at most ${percent(atMost)}` : atLeast !== undefined ? `at least ${percent(atLeast)}` : '';
	const verdict = asked === '' ? '' : `${asked}: ${reached ? 'reached' : 'MISSED'}`;
	return `${name.padEnd(22)} ${percent(value).padStart(9)}   [${percent(low)}, ${percent(high)}]   ${verdict}`.trimEnd();
}

export async function main(args: readonly string[]): Promise<number> {
	const { runs, json } = settingsOf(args);
	const { sha256, frozen } = readWorld();
	if (!frozen)
		complain('simulate/world.json is not the world that was frozen: its hash is not that of simulate/world.sha256.');
	const results = await runAll(runs, ({ seed, proposals, rollouts, promoted, rolledBack, expired }) => {
		if (!json)
			complain(
				`seed ${seed}: ${proposals} proposals, ${rollouts} rollouts, ${promoted} promoted, ${rolledBack} rolled back, ${expired} expired`,
			);
	});
	const figures = figuresOf(results, runs[0]);
	if (!json) for (const figure of figures) say(lineOf(figure));
	const eventLog = createHash('sha256')
		.update(results.map((result) => result.sha256).join('\n'))
		.digest('hex');
	const reached = frozen && figures.every((figure) => figure.reached);
	const total = (of: 'proposals' | 'rollouts' | 'promoted' | 'rolledBack' | 'expired' | 'halted'): number =>
		results.reduce((sum, result) => sum + result[of], 0);
	const { seed, ...settings } = runs[0];
	say(
		JSON.stringify({
			settings: { ...settings, seed, seeds: runs.length },
			world: sha256,
			eventLog,
			counts: Object.fromEntries(
				(['proposals', 'rollouts', 'promoted', 'rolledBack', 'expired', 'halted'] as const).map((of) => [
					of,
					total(of),
				]),
			),
			figures: Object.fromEntries(figures.map(({ name, reached: _, ...figure }) => [name, figure])),
			missed: figures.filter((figure) => !figure.reached).map(({ name }) => name),
			reached,
		}),
	);
	return reached ? 0 : 1;
}

if (require.main === module) {
	main(process.argv.slice(2)).then(
		(code) => {
			process.exitCode = code;
		},
		(error: unknown) => {
			complain(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
			process.exitCode = 1;
		},
	);
}
