import { NOTE_TYPE, type Template, type Workflow, type WorkflowNode } from '../core/shipped-workflows';
import { packName } from '../sandbox/paths';
import { cell, fileName, table } from './markdown';
import type { OwnNode } from './own-nodes';

const choice = (node: WorkflowNode, key: string): string =>
	typeof node.parameters?.[key] === 'string' ? node.parameters[key] : '';

/** What is chosen, as the editor calls it. */
function chosen(node: WorkflowNode, key: string, own: OwnNode | undefined): string {
	const value = choice(node, key);
	const resource = choice(node, 'resource');
	const lists = (own?.description.properties ?? []).filter(
		({ name, displayOptions }) =>
			name === key &&
			(key === 'resource' ||
				!displayOptions?.show?.resource?.length ||
				displayOptions.show.resource.includes(resource)),
	);
	const options = lists.flatMap(({ options }) => (options ?? []) as Array<{ name: string; value: unknown }>);
	return options.find((option) => option.value === value)?.name ?? value;
}

function nodeRow(node: WorkflowNode, nodes: readonly OwnNode[]): string[] {
	const own = nodes.find(({ description }) => `${packName}.${description.name}` === node.type);
	const what = own
		? `[${own.description.displayName}](../nodes/${fileName(own.folder)}.md)`
		: `n8n's own \`${node.type.split('.')[1]}\``;
	const operation = ['resource', 'operation']
		.map((key) => chosen(node, key, own))
		.filter(Boolean)
		.join(' > ');
	const off = node.disabled === true ? 'switched off as shipped' : '';
	return [cell(node.name), what, cell(operation), off];
}

/** Doors of the workflow: what the world calls. */
function doors(working: WorkflowNode[]): string[] {
	return working.flatMap((node) => {
		const path = choice(node, 'path') || choice(node, 'webhookPath');
		if (!path || !/(webhook|trigger)$/i.test(node.type)) return [];
		const form = node.type.endsWith('formTrigger');
		const method = form
			? 'a form'
			: choice(node, 'httpMethod') || (node.type.endsWith('metaTrigger') ? 'GET, POST' : 'GET');
		return [`- \`/${form ? 'form' : 'webhook'}/${path}\` (${method}): ${node.name}`];
	});
}

const noteOf = ({ nodes }: Workflow): string => {
	const note = nodes.find(({ type }) => type === NOTE_TYPE);
	return note ? choice(note, 'content') : '';
};

/** The page of a shipped workflow: its note, its picture, its nodes. */
export function workflowPage({ template, workflow, releases }: Template, nodes: readonly OwnNode[]): string {
	const text = noteOf(workflow).replace(/^## .*\n+/, '');
	const working = workflow.nodes.filter(({ type }) => type !== NOTE_TYPE);
	const credentials = new Map(
		working.flatMap((node) => Object.entries(node.credentials ?? {}).map(([kind, { name }]) => [kind, name ?? kind])),
	);
	const open = doors(working);
	return `${[
		`# ${workflow.name}`,
		`![The nodes of the workflow](${template}.svg)`,
		text,
		'## Nodes',
		table(
			['node', 'what it is', 'does', ''],
			working.map((node) => nodeRow(node, nodes)),
		),
		'## Credentials',
		table(
			['call it', 'type'],
			[...credentials].map(([kind, name]) => [name, `\`${kind}\``]),
		) || 'None.',
		...(open.length > 0 ? ['## Doors', open.join('\n')] : []),
		'## Versions',
		[...releases]
			.reverse()
			.map(({ version, notes }) => `- **${version}** ${notes.join(' ')}`)
			.join('\n'),
	].join('\n\n')}\n`;
}

/** What the note says the workflow does, in one sentence. */
export function purpose({ workflow }: Template): string {
	const words = /\*\*What it does\.\*\*\s*(.+?[.])(?:\s|$)/s.exec(noteOf(workflow))?.[1] ?? workflow.name ?? '';
	return words.replace(/\s+/g, ' ').replaceAll('*', '');
}
