import type { INodeProperties } from 'n8n-workflow';
import { type REJECT_REASONS, type Target } from '../../core/improvement';
import {
	actorOf,
	asText,
	fromItem,
	jsonParameter,
	languageFieldFor,
	locatorField,
	locatorId,
	type OperationCall,
} from '../shared';
import { isPicked, textOf } from '../shared/text';

export { languageOf } from '../shared';

/** Fields that several operations of the node ask for, and how they are read. */

export const targetField: INodeProperties = {
	displayName: 'Target',
	name: 'target',
	type: 'options',
	options: [
		{ name: 'Persona', value: 'persona', description: 'The ideal customer profile of the tenant' },
		{ name: 'Prompt', value: 'prompt', description: 'What an agent has learned' },
	],
	default: 'persona',
	description: 'What is improved',
};

export const agentField: INodeProperties = locatorField({
	displayName: 'Agent',
	name: 'agent',
	description: 'Whose prompt',
	searchMethod: 'searchAgents',
	required: false,
	displayOptions: { show: { target: ['prompt'] } },
});

export const suggestionField: INodeProperties = locatorField({
	displayName: 'Suggestion',
	name: 'suggestionId',
	default: fromItem('id'),
	description: 'Picked from the list, or as Propose or List names it',
	searchMethod: 'searchSuggestions',
});

export const operationsField: INodeProperties = {
	displayName: 'Changes',
	name: 'operations',
	type: 'json',
	required: true,
	default: '[\n  { "op": "add_keyword", "polarity": "pos", "stem": "consult" }\n]',
	description: 'At most six typed operations, as a JSON list',
};

export const personField = (required = true): INodeProperties => ({
	displayName: 'Person',
	name: 'person',
	type: 'string',
	required,
	default: '',
	description: required
		? 'Name of the person who decides'
		: 'Name of the person who decides; empty for the loop itself',
});

export const reasonField: INodeProperties = {
	displayName: 'Reason',
	name: 'reason',
	type: 'options',
	options: [
		{ name: 'Not Now', value: 'not_now' },
		{ name: 'Off Brand', value: 'off_brand' },
		{ name: 'Other', value: 'other' },
		{ name: 'Too Risky', value: 'too_risky' },
		{ name: 'Unclear', value: 'unclear' },
		{ name: 'Wrong', value: 'wrong' },
	] satisfies Array<{ name: string; value: (typeof REJECT_REASONS)[number] }>,
	default: 'wrong',
	description: 'Why not; the proposer hears it',
};

export const whyField: INodeProperties = {
	displayName: 'Reason',
	name: 'why',
	type: 'string',
	required: true,
	default: '',
	description: 'Why, for the log',
};

export const rolloutField: INodeProperties = {
	displayName: 'Rollout ID',
	name: 'rolloutId',
	type: 'string',
	required: true,
	default: fromItem('rolloutId'),
	description: 'The roll-out, as Start Rollout names it',
};

export const tokenField = (from: 'query' | 'body'): INodeProperties => ({
	displayName: 'Token',
	name: 'token',
	type: 'string',
	typeOptions: { password: true },
	required: true,
	default: `={{ $json.${from}.token }}`,
	description: 'What the link carries',
});

export const languageField = languageFieldFor('Language of what people read');

export const targetOf = ({ context, itemIndex }: OperationCall): Target =>
	context.getNodeParameter('target', itemIndex) as Target;

export const refOf = (call: OperationCall): { target: Target; id: string } => ({
	target: targetOf(call),
	id: locatorId(call.context, 'suggestionId', call.itemIndex),
});

/** The agent of a prompt; a persona has none. */
export function agentOf({ context, itemIndex }: OperationCall): string | null {
	const locator: unknown = context.getNodeParameter('agent', itemIndex, '');
	if (!isPicked(locator)) return null;
	return asText(typeof locator === 'object' && locator !== null ? (locator as { value?: unknown }).value : locator);
}

export const changesOf = ({ context, itemIndex }: OperationCall): unknown =>
	jsonParameter(context, 'operations', itemIndex);

/** Who acts: the person that is named, else the workflow. */
export function actorFor(call: OperationCall): { name: string; isPerson: boolean } {
	const person = textOf(call, 'person');
	return person === undefined ? { name: actorOf(call.context), isPerson: false } : { name: person, isPerson: true };
}
