import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { read, readJson, repositoryFiles, ROOT } from './files';

interface Manifest {
	version: string;
	license?: string | { type: string };
	dependencies: Record<string, string>;
	devDependencies: Record<string, string>;
	peerDependencies: Record<string, string>;
	optionalDependencies?: Record<string, string>;
	n8n: { nodes: string[]; credentials: string[] };
}

const manifest = readJson<Manifest>('package.json');
const LOCKS = ['package-lock.json', 'sandbox/n8n/package-lock.json', 'bench/peers/package-lock.json'];

/** Free to use, change and pass on with nothing but a notice. */
const LICENSES = ['MIT', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', '0BSD'];
/** Others that were looked at, by package. */
const LICENSES_SEEN: Record<string, string> = {
	'fast-sha256': 'Unlicense', // in the public domain; comes with both model SDKs
};

test('package.json lists every node and nothing else', () => {
	const folders = readdirSync(path.join(ROOT, 'nodes')).filter((name) => name !== 'shared');
	expect(manifest.n8n.nodes.slice().sort()).toEqual(folders.map((name) => `dist/nodes/${name}/${name}.node.js`).sort());
	const sources = repositoryFiles().filter((file) => /^nodes\/.*\.node\.ts$/.test(file));
	expect(sources).toEqual(folders.map((name) => `nodes/${name}/${name}.node.ts`).sort());
});

test('package.json lists every credential and nothing else', () => {
	const sources = readdirSync(path.join(ROOT, 'credentials')).map(
		(name) => `dist/credentials/${name.replace(/\.ts$/, '.js')}`,
	);
	expect(manifest.n8n.credentials.slice().sort()).toEqual(sources.sort());
});

test('every node has a codex file, a light and a dark icon', () => {
	const missing = manifest.n8n.nodes
		.map((file) => file.replace(/^dist\//, '').replace(/\.js$/, ''))
		.flatMap((node) => {
			const icons = [...read(`${node}.ts`).matchAll(/file:([\w.-]+\.svg)/g)].map((match) => match[1]);
			const wanted = [`${node}.json`, ...icons.map((icon) => path.posix.join(path.posix.dirname(node), icon))];
			if (icons.length < 2) wanted.push(`${node}: two icons`);
			return wanted.filter((file) => !existsSync(path.join(ROOT, file)));
		});
	expect(missing).toEqual([]);
});

test('versions are exact; only the peer is open, as n8n asks', () => {
	const { dependencies, devDependencies, peerDependencies } = manifest;
	const open = Object.entries({ ...dependencies, ...devDependencies }).filter(
		([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version),
	);
	expect(open).toEqual([]);
	expect(peerDependencies).toEqual({ 'n8n-workflow': '*' });
});

test('what is installed beside the pack is free to use', () => {
	const seen = new Map<string, string>();
	const visit = (name: string, from: string): void => {
		const folder = installedFolder(name, from);
		if (!folder || seen.has(folder)) return;
		const found = readJson<Manifest>(path.relative(ROOT, path.join(folder, 'package.json')));
		const license = typeof found.license === 'string' ? found.license : (found.license?.type ?? 'none');
		seen.set(folder, LICENSES.includes(license) || LICENSES_SEEN[name] === license ? '' : `${name}: ${license}`);
		for (const next of Object.keys({ ...found.dependencies, ...found.optionalDependencies })) visit(next, folder);
	};
	for (const name of Object.keys(manifest.dependencies)) visit(name, ROOT);
	expect([...seen.values()].filter(Boolean)).toEqual([]);
	expect(seen.size).toBeGreaterThan(Object.keys(manifest.dependencies).length);
});

/** Where Node would find a package; undefined for an optional one that is not installed. */
function installedFolder(name: string, from: string): string | undefined {
	for (let at = from; at.startsWith(ROOT); at = path.dirname(at)) {
		const folder = path.join(at, 'node_modules', name);
		if (existsSync(path.join(folder, 'package.json'))) return folder;
	}
	return undefined;
}

test.each(LOCKS)('%s holds checksums and no addresses to download from', (file) => {
	const text = read(file);
	expect(text).not.toMatch(/"resolved"|\.tgz"/);
	expect(text).toMatch(/"integrity": "sha512-/);
});

test('the pack itself overrides nothing and runs no script at installation', () => {
	const raw = readJson<{ overrides?: object; scripts: Record<string, string> }>('package.json');
	expect(raw.overrides).toBeUndefined();
	const forbidden = ['preinstall', 'install', 'postinstall', 'prepare', 'prepublish'];
	expect(Object.keys(raw.scripts).filter((name) => forbidden.includes(name))).toEqual([]);
});
