import { parseArgs } from 'node:util';
import { classifyBench } from './classify';
import { dashboardBench } from './dashboard';
import { gatewayBench } from './gateway';
import { ingestBench } from './ingest';
import { queueBench } from './queue';
import { scaleBench } from './scale';
import { scorerBench } from './scorer';
import { turnBench } from './turn';
import { webhookBench } from './webhook';
import { soakBench } from './soak';
import { isReached, rounded, toMarkdown, type Report } from './support/report';

export interface BenchContext {
	/** Progress, for the person who waits; goes to standard error. */
	say(line: string): void;
	/** Ended by Ctrl-C. */
	signal: AbortSignal;
	/** A tenth of the work, to see that a benchmark runs; its figures count for nothing. */
	quick: boolean;
}

export type Bench = (context: BenchContext) => Promise<Report>;

const BENCHES: Record<string, { what: string; run: Bench }> = {
	queue: {
		what: 'claim and settle in strict order per conversation, against graphile-worker and pg-boss',
		run: queueBench,
	},
	webhook: { what: "Meta Trigger against n8n's own Webhook node, in one n8n", run: webhookBench },
	gateway: { what: "the ingest gateway against n8n's own Webhook node", run: gatewayBench },
	turn: { what: 'from the webhook to the Graph API, against a workflow of core nodes', run: turnBench },
	ingest: { what: 'core/ingest against a bare insert of the same bytes', run: ingestBench },
	classify: {
		what: "the lead classifier in memory, stored against a bare insert, and against n8n's Text Classifier",
		run: classifyBench,
	},
	dashboard: { what: 'the page of a tenant with a million leads, and counting its days', run: dashboardBench },
	scale: {
		what: 'hot queries at a million messages against a hundredth of it',
		run: scaleBench,
	},
	scorer: { what: 'the learned scorer of leads against the rules, at simulated tenants', run: scorerBench },
	soak: { what: 'the queue fresh, after a million turns, and after the maintenance', run: soakBench },
};

/** What a shell reports after SIGTERM. */
const STOPPED = 143;

const HELP = `npm run bench -- NAME [--json] [--quick]

${Object.entries(BENCHES)
	.map(([name, { what }]) => `  ${name.padEnd(10)}${what}`)
	.join('\n')}

  --json    only the closing JSON line
  --quick   a tenth of the work, to see that it runs

Each starts its own parts. The figure is the ratio within one run: absolute figures are this machine's.
Exit code: 0 reached, 1 a gate was missed, 2 wrong call.`;

async function main(argv: string[]): Promise<number> {
	const { values, positionals } = parseArgs({
		args: argv,
		allowPositionals: true,
		options: { json: { type: 'boolean' }, quick: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
	});
	const [name] = positionals;
	const bench = BENCHES[name];
	if (values.help || !bench) {
		process.stdout.write(`${HELP}\n`);
		return values.help ? 0 : 2;
	}
	const stop = new AbortController();
	process.once('SIGINT', () => stop.abort());
	// Leaving by exit takes the servers along that a benchmark has started; the default would leave them running.
	process.once('SIGTERM', () => process.exit(STOPPED));
	const report = await bench.run({
		say: (line) => void process.stderr.write(`${line}\n`),
		signal: stop.signal,
		quick: values.quick ?? false,
	});
	if (!values.json) process.stdout.write(`${toMarkdown(name, report)}\n\n`);
	const targets = report.targets.map((target) => ({
		...target,
		figure: rounded(target.figure),
		reached: isReached(target),
	}));
	process.stdout.write(
		`${JSON.stringify({ bench: name, quick: values.quick ?? false, targets, tables: report.tables })}\n`,
	);
	return targets.every(({ reached, gate }) => reached || !gate) ? 0 : 1;
}

main(process.argv.slice(2)).then(
	(code) => (process.exitCode = code),
	(error: unknown) => {
		process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
		process.exitCode = 1;
	},
);
