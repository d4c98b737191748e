import { existsSync } from 'node:fs';
import path from 'node:path';
import { allOf, read, readJson, repositoryFiles, ROOT } from './files';

const manifest = readJson<{ scripts: Record<string, string>; version: string; n8n: { nodes: string[] } }>(
	'package.json',
);
const files = repositoryFiles();
const documents = files.filter((file) => file.endsWith('.md'));
const textOf = (wanted: (file: string) => boolean): string => files.filter(wanted).map(read).join('\n');
const source = textOf(
	(file) =>
		/^(core|nodes|credentials|cli|sandbox|bench|eval|simulate|test)\/.*\.(ts|js)$/.test(file) &&
		!file.startsWith('test/house/'),
);
const deployed = textOf((file) => /^deploy\/.*(\.(ya?ml|sh|sql|conf)|Caddyfile|Dockerfile|\.env[\w.]*)$/.test(file));
const cli = textOf((file) => /^cli\/.*\.ts$/.test(file));
/** What a person types: code in the running text and in blocks. */
const codeIn = (text: string): string =>
	[...text.matchAll(/```[\s\S]*?```|`[^`\n]+`/g)].map(([code]) => code).join('\n');

/** The anchors that GitHub gives a page's headings. */
function anchorsOf(text: string): string[] {
	const seen = new Map<string, number>();
	return [...text.replace(/```[\s\S]*?```/g, '').matchAll(/^#{1,6} +(.+?) *$/gm)].map(([, heading]) => {
		const words = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
		const slug = words.replace(/[^\p{L}\p{N}\p{M}\s_-]/gu, '').replace(/\s/g, '-');
		const times = seen.get(slug) ?? 0;
		seen.set(slug, times + 1);
		return times === 0 ? slug : `${slug}-${times}`;
	});
}

/** As the editor shows them. */
const displayNames = manifest.n8n.nodes.map((file) => {
	const text = read(file.replace(/^dist\//, '').replace(/\.js$/, '.ts'));
	return /description: INodeTypeDescription = \{\s*displayName: '([^']+)'/.exec(text)?.[1] ?? file;
});

const nodeFiles = files.filter((file) => /^nodes\/.*\.ts$/.test(file));
const operationsIn = (wanted: (file: string) => boolean): string[] =>
	nodeFiles.filter(wanted).flatMap((file) => allOf(read(file), /name: '([^']+)',\s*value: '[^']+',\s*action:/g));
const operations = operationsIn(() => true);
const resources = nodeFiles.flatMap((file) => allOf(read(file), /: Resource = \{\s*name: '([^']+)'/g));

/** The sandbox makes these names from its list of ports. */
const PORTS = allOf(read('sandbox/context.ts'), /(\w+): \d{4,5}\b/g).map(
	(name) => `AGENT_FACTORY_${name.toUpperCase()}_PORT`,
);

/** n8n's own, named where people run it and set by no file here. */
const N8N_READS = ['N8N_METRICS', 'EXECUTIONS_DATA_SAVE_ON_SUCCESS'];

describe.each(documents)('%s', (document) => {
	const text = read(document);

	test('links to files that exist', () => {
		const links = allOf(text, /\]\((?!https?:|mailto:|#)([^)#\s]+)/g);
		expect(links.filter((link) => !existsSync(path.join(ROOT, path.dirname(document), link)))).toEqual([]);
	});

	test('links to headings that exist', () => {
		const links = allOf(text, /\]\(((?!https?:|mailto:)[^)\s]*#[^)\s]+)\)/g);
		const lost = links.filter((link) => {
			const [file, anchor] = link.split('#');
			const target = file === '' ? document : path.posix.join(path.posix.dirname(document), file);
			return !existsSync(path.join(ROOT, target)) || !anchorsOf(read(target)).includes(decodeURIComponent(anchor));
		});
		expect(lost).toEqual([]);
	});

	test('names scripts that package.json has', () => {
		const named = allOf(text, /\bnpm run ([\w:]+)/g);
		expect(named.filter((script) => !(script in manifest.scripts))).toEqual([]);
	});

	test('names commands and flags that the CLI has', () => {
		const calls = [...codeIn(text).matchAll(/npx n8n-nodes-agent-factory ((?:migrate )?[a-z]+)?([^\n`#|]*)/g)];
		expect(
			calls
				.map(([, command]) => command)
				.filter((command) => command && !cli.includes(`npx n8n-nodes-agent-factory ${command}`)),
		).toEqual([]);
		const flags = calls.flatMap(([, , rest]) => allOf(rest, /(?<=^|\s)--([a-z][a-z-]+)/g));
		const known = (flag: string): boolean => new RegExp(`--${flag}\\b|'${flag}'|\\b${flag}: \\{`).test(cli);
		expect(flags.filter((flag) => flag !== 'help' && !known(flag))).toEqual([]);
	});

	test('names environment variables that something reads', () => {
		const named = allOf(codeIn(text), /(?<![\w$.])([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)\b/g).filter(
			(name) =>
				/^(AGENT_FACTORY|N8N|DB|EXECUTIONS|QUEUE|CHROMIUM|FUZZ)_/.test(name) ||
				/_(KEY|URL|PORT|ENABLED|SCHEMA|HOME)$/.test(name),
		);
		const reads = (name: string): boolean =>
			PORTS.includes(name) || new RegExp(`\\b${name}\\b`).test(source + deployed);
		expect(named.filter((name) => !reads(name) && !N8N_READS.includes(name))).toEqual([]);
	});

	test('names operations that a node has', () => {
		const places = [...displayNames, ...resources].join('|');
		const named = allOf(text, new RegExp(`(?:${places}) > ([A-Z][\\w-]+(?: [A-Z]\\w+)*)`, 'g'));
		// A name may go on in small letters or behind a hyphen: Submit to Meta, Set Allow-List.
		const known = (name: string): boolean =>
			[...operations, ...resources].some(
				(one) => one === name || (/^(-| [a-z])/.test(one.slice(name.length)) && one.startsWith(name)),
			);
		expect(named.filter((name) => !known(name))).toEqual([]);
	});

	test('names workflows that ship', () => {
		const named = allOf(text, /`(\d\d-[a-z-]+)`/g);
		expect(named.filter((name) => !files.includes(`workflows/${name}.json`))).toEqual([]);
	});
});

describe.each(['README.md', 'README.pt-BR.md'])('%s', (readme) => {
	const text = read(readme);

	test('has every node in its table', () => {
		expect(displayNames.filter((name) => !text.includes(`| **${name}** `))).toEqual([]);
	});

	test('has every operation and every resource', () => {
		const own = operationsIn((file) => !file.startsWith('nodes/AgentFactory/'));
		expect(own.length).toBeGreaterThan(10);
		expect([...own, ...resources].filter((name) => !text.includes(name))).toEqual([]);
	});

	test('has every workflow', () => {
		const workflows = allOf(files.join('\n'), /^workflows\/(.+)\.json$/gm);
		expect(workflows.filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
	});

	test('shows the two commands a newcomer needs', () => {
		expect(text).toMatch(/npm ci && npm start\n/);
		expect(text).toMatch(/npm ci && npm test\n/);
		expect(text).toContain('npm start -- --check');
		expect(Object.keys(manifest.scripts)).toEqual(expect.arrayContaining(['start', 'test']));
	});
});

test('every table and view of the schema stands in docs/data-model.md', () => {
	const names = allOf(read('migrations/schema.txt'), /^(?:table|view) (\w+)/gm);
	const text = read('docs/data-model.md');
	expect(names.filter((name) => !text.includes(`| \`${name}\` `))).toEqual([]);
});

test('the changelog has an entry for this version', () => {
	expect(read('CHANGELOG.md')).toContain(`## [${manifest.version}]`);
});
