import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { ICredentialType, INodeType, INodeTypeDescription } from 'n8n-workflow';

export const root = join(__dirname, '../../..');

interface Manifest {
	nodes: string[];
	credentials: string[];
}

export const manifest = (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { n8n: Manifest }).n8n;

/** dist/nodes/X/X.node.js -> nodes/X/X.node */
const sourceOf = (built: string): string => built.replace(/^dist\//, '').replace(/\.js$/, '');

export interface LoadedNode {
	className: string;
	/** Path of the source without extension. */
	source: string;
	node: INodeType & { description: INodeTypeDescription };
}

function load<T>(built: string, suffix: string): { className: string; source: string; made: T } {
	const source = sourceOf(built);
	const className = basename(source).replace(suffix, '');
	// eslint-disable-next-line @typescript-eslint/no-require-imports -- named by the manifest, as n8n loads it
	const module = require(join(root, source)) as Record<string, new () => T>;
	return { className, source, made: new module[className]() };
}

export const nodes: LoadedNode[] = manifest.nodes.map((built) => {
	const { className, source, made } = load<LoadedNode['node']>(built, '.node');
	return { className, source, node: made };
});

export const credentials = manifest.credentials.map((built) => load<ICredentialType>(built, '.credentials'));

export const isTrigger = ({ node }: LoadedNode): boolean => node.description.group.includes('trigger');
export const actionNodes = nodes.filter((loaded) => !isTrigger(loaded));
