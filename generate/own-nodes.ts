import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { INodeType, INodeTypeDescription } from 'n8n-workflow';
import { checkoutFolder } from '../sandbox/paths';

export interface OwnNode {
	/** The folder below `nodes`. */
	folder: string;
	description: INodeTypeDescription;
}

/** The nodes of the package, in the order of package.json: as a message meets them. */
export function ownNodes(): OwnNode[] {
	const manifest = JSON.parse(readFileSync(join(checkoutFolder(), 'package.json'), 'utf8')) as {
		n8n: { nodes: string[] };
	};
	return manifest.n8n.nodes.map((built) => {
		const file = built.replace(/^dist\//, '').replace(/\.js$/, '');
		const folder = basename(file, '.node');
		// eslint-disable-next-line @typescript-eslint/no-require-imports -- named by the manifest, as n8n loads it
		const module = require(join(__dirname, '..', file)) as Record<string, new () => INodeType>;
		return { folder, description: new module[folder]().description };
	});
}
