import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FactoryError } from '../errors';
import type { Template, TemplateRecord, Workflow } from './types';

/** Beside the code: `core/..` in the checkout, `dist/..` in the package. */
const WORKFLOWS = join(__dirname, '..', '..', 'workflows');
const RELEASES = join(__dirname, 'releases');

const read = <T>(file: string): T => JSON.parse(readFileSync(file, 'utf8')) as T;

let kept: Template[] | undefined;

/** The workflows of this package with their past, by number. Read once; the package does not change while it runs. */
export function shippedTemplates(): readonly Template[] {
	return (kept ??= readdirSync(RELEASES)
		.filter((file) => file.endsWith('.json'))
		.sort()
		.map((file) => ({
			...read<TemplateRecord>(join(RELEASES, file)),
			workflow: read<Workflow>(join(WORKFLOWS, file)),
		})));
}

/** A workflow as n8n's node, its API and its files give it; refused with what is missing. */
export function readWorkflow(given: unknown): Workflow {
	const { nodes, connections } = (given ?? {}) as Partial<Workflow>;
	if (Array.isArray(nodes) && nodes.every(isNode) && typeof connections === 'object' && connections !== null)
		return given as Workflow;
	throw new FactoryError(
		'VALUE_REFUSED',
		'The field Workflow holds no workflow. Give the JSON of one with its nodes and connections, as n8n > Workflow > Get Many returns them.',
		{ item: 'workflow' },
	);
}

const isNode = (node: unknown): boolean =>
	typeof node === 'object' &&
	node !== null &&
	typeof (node as { name?: unknown }).name === 'string' &&
	typeof (node as { type?: unknown }).type === 'string';
