import { homedir, hostname } from 'node:os';
import { read, repositoryFiles, ROOT } from './files';

const LINES = 350;
const COMMENT_LINES = 8;

/** Files over the limit, with the lines they may have. It may only shrink: a file that got shorter gets a lower number here, or leaves. */
const LEDGER: Record<string, { lines: number; why: string }> = {
	'migrations/0005_inbox.sql': { lines: 446, why: 'from a webhook body to the queue: one state machine' },
	'migrations/0007_outbox.sql': { lines: 376, why: 'what becomes of a message on its way out: one state machine' },
	'migrations/0008_sending.sql': { lines: 359, why: 'claim and settle of a send: one state machine' },
	'migrations/0012_claim.sql': { lines: 398, why: 'claim and settle of a turn: one state machine' },
	'migrations/0011_ingest.sql': { lines: 410, why: 'the same state machine for many events at once' },
	'migrations/0020_instagram_outreach.sql': {
		lines: 457,
		why: 'what becomes of a run and its messages: one state machine',
	},
	'migrations/0030_sending.sql': {
		lines: 423,
		why: 'what may be sent when: one decision in the claim and its followers',
	},
	'sandbox/phone/index.html': { lines: 1107, why: 'one page without a build step: markup, style and script' },
	'test/sandbox/graph-stand-in.test.ts': { lines: 400, why: 'one conformance list against one server' },
};

const files = repositoryFiles();
const written = files.filter((file) => /\.(ts|mjs|js|sql|html)$/.test(file));
const lines = (file: string): string[] => read(file).split('\n');
/** A last line end opens no further line. */
const lineCount = (file: string): number => read(file).replace(/\n$/, '').split('\n').length;

test(`a file has up to ${LINES} lines`, () => {
	const tooLong = written
		.filter((file) => lineCount(file) > (LEDGER[file]?.lines ?? LINES))
		.map((file) => `${file}: ${lineCount(file)}`);
	expect(tooLong).toEqual([]);
});

test('the class of a node describes and routes: up to 120 lines', () => {
	const classes = written.filter((file) => /^nodes\/.*\.node\.ts$/.test(file));
	expect(classes.filter((file) => lineCount(file) > 120).map((file) => `${file}: ${lineCount(file)}`)).toEqual([]);
});

test('the ledger of long files holds nothing that got short', () => {
	const stale = Object.keys(LEDGER).filter((file) => !files.includes(file) || lineCount(file) <= LINES);
	expect(stale).toEqual([]);
});

test(`a comment block has up to ${COMMENT_LINES} lines`, () => {
	const found = written
		.filter((file) => /\.(ts|mjs|js|sql)$/.test(file))
		.flatMap((file) => {
			let run = 0;
			return lines(file).flatMap((line, index) => {
				run = /^\s*(\/\/|\/?\*|--)/.test(line) ? run + 1 : 0;
				// The opening and the closing line of a /** */ block say nothing.
				return run === COMMENT_LINES + 3 ? [`${file}:${index + 1}`] : [];
			});
		});
	expect(found).toEqual([]);
});

test('comments say what is true now: no history, no issue numbers, nothing left to do', () => {
	const history =
		/\bused to\b|\bno longer needed\b|\bpreviously\b|\brefactor|\bissue #?\d|[^&\w]#\d+\b|\bTODO\b|\bFIXME\b/i;
	const found = written
		.filter((file) => /^(core|nodes|credentials|cli|sandbox|migrations)\//.test(file))
		.flatMap((file) =>
			lines(file).flatMap((line, index) => {
				const comment = /(?:^|\s)(?:\/\/|\/?\*\*?|--)\s(.*)$/.exec(line)?.[1] ?? '';
				return history.test(comment) ? [`${file}:${index + 1} ${comment}`] : [];
			}),
		);
	expect(found).toEqual([]);
});

test('no file knows the machine it was written on', () => {
	const registry = process.env.npm_config_registry ? new URL(process.env.npm_config_registry).host : '';
	const names = [`${ROOT}/`, `${homedir()}/`, hostname().length > 8 ? hostname() : '', registry].filter(
		(name) => name.length > 3,
	);
	const found = files
		.filter((file) => !/\.(png|ico|woff2?)$/.test(file))
		.flatMap((file) => names.filter((name) => read(file).includes(name)).map((name) => `${file}: ${name}`));
	expect(found).toEqual([]);
});

test('no file names a package registry or holds a token for one', () => {
	const found = files.filter((file) => /registry\.(npm|yarn)[a-z]*\.\w+|_authToken\s*=/.test(read(file)));
	expect(found).toEqual([]);
});
