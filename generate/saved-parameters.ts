import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
	NodeHelpers,
	type INode,
	type INodeType,
	type INodeTypeDescription,
	type VersionedNodeType,
} from 'n8n-workflow';
import { FactoryError } from '../core/errors';
import type { SavedParameters, WorkflowNode } from '../core/shipped-workflows';
import { isN8nInstalled, n8nCacheFolder, defaultSource } from '../sandbox/n8n/install';
import { cacheFolder, packName } from '../sandbox/paths';
import { ownNodes } from './own-nodes';

const CORE_PACK = 'n8n-nodes-base';

/** A node's parameters as n8n's editor saves them, by the function that the editor uses. */
export function savedParameters(): SavedParameters {
	const own = new Map(ownNodes().map(({ description }) => [`${packName}.${description.name}`, description]));
	const loaded = new Map<string, INodeTypeDescription>();
	return (node) => {
		const key = `${node.type}@${node.typeVersion}`;
		const description = own.get(node.type) ?? loaded.get(key) ?? coreNode(node);
		loaded.set(key, description);
		const parameters = structuredClone(node.parameters ?? {}) as INode['parameters'];
		return (
			NodeHelpers.getNodeParameters(description.properties, parameters, false, false, node as INode, description) ?? {}
		);
	};
}

/** A node of n8n's own, from the n8n that the sandbox keeps. */
function coreNode({ type, typeVersion = 1 }: WorkflowNode): INodeTypeDescription {
	if (!isN8nInstalled())
		throw new FactoryError(
			'SANDBOX_N8N_COMMAND',
			'The defaults of n8n’s own nodes are read from the n8n of the sandbox, which is not installed. Run npm start -- --check once.',
			{ item: type },
		);
	const folder = join(n8nCacheFolder(defaultSource(), cacheFolder()), 'node_modules', CORE_PACK);
	const { n8n } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { n8n: { nodes: string[] } };
	const name = type.slice(CORE_PACK.length + 1).toLowerCase();
	const file = n8n.nodes.find((built) => built.toLowerCase().endsWith(`/${name}.node.js`)) ?? type;
	// eslint-disable-next-line @typescript-eslint/no-require-imports -- named by n8n's manifest
	const module = require(join(folder, file)) as Record<string, new () => INodeType | VersionedNodeType>;
	const Type = Object.values(module).find((made) => typeof made === 'function' && 'prototype' in made)!;
	const made = new Type();
	return 'nodeVersions' in made ? made.nodeVersions[typeVersion].description : made.description;
}
