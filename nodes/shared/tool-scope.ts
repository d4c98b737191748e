import type { IExecuteFunctions } from 'n8n-workflow';
import { FactoryError } from '../../core/errors';

/** n8n makes such a node of every one that is usable as a tool. */
const AS_TOOL = /Tool$/;
/** A field of a named node before the agent: nothing of it comes from the model. */
const OF_NAMED_NODE = /^=\{\{\s*\$\((['"])[^'"]+\1\)\.(?:first\(\)|last\(\)|item)\.json(?:\.\w+)+\s*\}\}$/;

/**
 * As a tool of an agent a node's tenant is fixed by whoever built the workflow. A value that the model gives ($fromAI)
 * is refused, and so is the item: n8n lays the model's arguments over it.
 */
export function refuseModelsTenant(context: IExecuteFunctions, name: string): void {
	const { type, parameters } = context.getNode();
	if (!AS_TOOL.test(type)) return;
	const given: unknown = parameters[name];
	const value: unknown = typeof given === 'object' && given !== null ? (given as { value?: unknown }).value : given;
	if (typeof value !== 'string' || !value.startsWith('=')) return;
	if (OF_NAMED_NODE.test(value)) return;
	throw new FactoryError(
		'TENANT_NOT_FIXED',
		'As a tool of an AI Agent this node works on one tenant that you choose, never on one that the model names. Pick the tenant from the list, or write e.g. {{ $("Tenant Resolver").first().json.tenantId }}.',
		{ item: name },
	);
}
