import { existsSync } from 'node:fs';
import path from 'node:path';
import { allOf, read, readJson, repositoryFiles, ROOT } from './files';

const manifest = readJson<{ scripts: Record<string, string>; version: string; n8n: { nodes: string[] } }>(
	'package.json',
);
const files = repositoryFiles();
const documents = files.filter((file) => /^(docs\/.*|[A-Z]+(\.pt-BR)?)\.md$/.test(file));
const source = files
	.filter((file) => /^(core|nodes|credentials|cli|sandbox|test)\/.*\.ts$/.test(file) && !file.startsWith('test/house/'))
	.map(read)
	.join('\n');

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

describe.each(documents)('%s', (document) => {
	const text = read(document);

	test('links to files that exist', () => {
		const links = allOf(text, /\]\((?!https?:|#)([^)#\s]+)/g);
		expect(links.filter((link) => !existsSync(path.join(ROOT, path.dirname(document), link)))).toEqual([]);
	});

	test('names scripts that package.json has', () => {
		const named = allOf(text, /\bnpm run ([\w:]+)/g);
		expect(named.filter((script) => !(script in manifest.scripts))).toEqual([]);
	});

	test('names commands that the CLI has', () => {
		const help = files
			.filter((file) => file.startsWith('cli/'))
			.map(read)
			.join('\n');
		const commands = allOf(text, /npx n8n-nodes-agent-factory ((?:migrate )?[a-z]+)/g);
		expect(commands.filter((command) => !help.includes(`npx n8n-nodes-agent-factory ${command}`))).toEqual([]);
	});

	test('names environment variables that something reads', () => {
		const named = allOf(text, /`([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)(?:=[^`]*)?`/g).filter((name) =>
			/_(KEY|URL|PORT|ENABLED|SCHEMA|HOME)$/.test(name),
		);
		expect(named.filter((name) => !PORTS.includes(name) && !new RegExp(`\\b${name}\\b`).test(source))).toEqual([]);
	});

	test('names operations that a node has', () => {
		const places = [...displayNames, ...resources].join('|');
		const named = allOf(text, new RegExp(`(?:${places}) > ([A-Z][\\w-]+(?: [A-Z]\\w+)*)`, 'g'));
		expect(named.filter((name) => ![...operations, ...resources].includes(name))).toEqual([]);
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
