import path from 'node:path';

/** Packages of npm that each part may use besides `node:` and what everybody may use. A type import loads nothing and is free. */
const PACKAGES = {
	core: ['zod', 'zod/v4'],
	'core/database': ['pg'],
	'core/llm': ['@anthropic-ai/sdk', '@anthropic-ai/sdk/helpers/zod', 'openai', 'openai/helpers/zod'],
	'core/leads': ['@orama/stemmers/portuguese', '@orama/stemmers/english', '@orama/stemmers/spanish'],
	'core/agents': ['eld', 'eld/small', 'eld/medium', 'eld/large'],
	'core/plugins': ['ajv', 'ajv/dist/2020'],
	'core/crm': ['csv-parse/sync'],
	'core/documents': ['@xmldom/xmldom', 'unpdf'],
};
/** Capabilities that everything stands on: they know no other. */
const GROUND = ['database', 'llm'];
/** Built-in modules that a node may use: everything else is the business of core. */
const NODE_MODULES_OF_NODES = ['node:crypto'];

const posix = (file) => file.split(path.sep).join('/');

/** Why `file` may not import `source`, or null. Both paths are relative to the root of the repository, with slashes. */
export function boundaryProblem(file, source, typeOnly = false) {
	const part = file.split('/')[0];
	const target = source.startsWith('.')
		? path.posix.normalize(path.posix.join(path.posix.dirname(file), source))
		: null;
	if (part === 'core') return target === null ? packageOfCore(file, source, typeOnly) : insideCore(file, target);
	if (part === 'nodes' || part === 'credentials')
		return target === null ? packageOfNodes(source) : insideNodes(file, target);
	if (part === 'cli' || part === 'sandbox') return target === null ? null : throughTheDoor(target);
	return null;
}

function packageOfCore(file, source, typeOnly) {
	if (/^(@n8n\/|n8n)/.test(source)) return 'core knows nothing of n8n: pass in what it needs';
	if (source.startsWith('node:') || PACKAGES.core.includes(source)) return null;
	const capability = file.split('/').slice(0, 2).join('/');
	if (PACKAGES[capability]?.includes(source)) return null;
	const owner = Object.keys(PACKAGES).find((key) => PACKAGES[key].includes(source));
	if (owner && typeOnly) return null;
	return owner
		? `only ${owner} uses ${source}`
		: `${source} is not a package of core: see test/house/import-boundaries.mjs`;
}

function insideCore(file, target) {
	const [, own] = file.split('/');
	const [top, capability, ...deeper] = target.split('/');
	if (top !== 'core') return 'core imports only from core';
	if (target === 'core/errors' || capability === own) return null;
	if (GROUND.includes(own)) return `core/${own} knows no other capability`;
	return deeper.length > 0 ? `go through the door of the capability: core/${capability}` : null;
}

function packageOfNodes(source) {
	if (source === 'n8n-workflow' || NODE_MODULES_OF_NODES.includes(source)) return null;
	return `nodes import n8n-workflow, core and ${NODE_MODULES_OF_NODES.join(', ')}; ${source} belongs behind a function of core`;
}

function insideNodes(file, target) {
	const [top, folder] = target.split('/');
	if (top === 'core') return throughTheDoor(target);
	if (top === 'nodes' && (folder === 'shared' || folder === file.split('/')[1])) return null;
	if (top === 'credentials' && file.startsWith('credentials/')) return null;
	return 'a node imports its own folder, nodes/shared and core';
}

function throughTheDoor(target) {
	const [top, capability, ...deeper] = target.split('/');
	return top === 'core' && deeper.length > 0 ? `go through the door of the capability: core/${capability}` : null;
}

/** The rule: nodes -> core -> core/database, core/llm; capabilities meet through their index. */
export const importBoundaries = {
	meta: {
		type: 'problem',
		docs: { description: 'who may import whom' },
		messages: { crossed: '{{problem}}' },
		schema: [],
	},
	create(context) {
		const file = posix(path.relative(context.cwd, context.filename));
		const check = (node) => {
			if (typeof node.source?.value !== 'string') return;
			const typeOnly = node.importKind === 'type' || node.exportKind === 'type';
			const problem = boundaryProblem(file, node.source.value, typeOnly);
			if (problem) context.report({ node: node.source, messageId: 'crossed', data: { problem } });
		};
		return {
			ImportDeclaration: check,
			ExportNamedDeclaration: check,
			ExportAllDeclaration: check,
			ImportExpression: check,
		};
	},
};
