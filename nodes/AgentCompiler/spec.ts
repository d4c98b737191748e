import { randomBytes } from 'node:crypto';
import type { IExecuteFunctions } from 'n8n-workflow';
import { compileAgent, type CompiledAgentBundle, type SpecDocument, type SpecIssue } from '../../core/agents';
import { FactoryError, isFactoryError } from '../../core/errors';
import { itemJson, jsonParameter } from '../shared';
import { refuse } from '../shared/text';

/** Where the fields of `spec-fields` are read: no database is needed for that. */
export interface SpecPlace {
	context: IExecuteFunctions;
	itemIndex: number;
}

/** 96 bits: nobody writes that by accident. */
const CANARY_BYTES = 12;

/** Compiles what the node's fields say. Errors name the field of the spec. */
export function compileFields(place: SpecPlace): CompiledAgentBundle {
	const input = { spec: readSpec(place), documents: readDocuments(place) };
	try {
		return compileAgent({ ...input, canary: `cnry-${randomBytes(CANARY_BYTES).toString('hex')}` });
	} catch (error) {
		throw namingFields(error);
	}
}

/** What is wrong with the spec, when the error is about that; else the error goes on. */
export function issuesOf(error: unknown): SpecIssue[] {
	if (isFactoryError(error) && error.code === 'SPEC_INVALID' && Array.isArray(error.details)) {
		return error.details as SpecIssue[];
	}
	if (isFactoryError(error) && error.code === 'DOCUMENTS_TOO_LARGE') {
		return [{ path: 'documents', message: error.message }];
	}
	throw error;
}

const fromItem = ({ context, itemIndex }: SpecPlace): boolean =>
	context.getNodeParameter('specSource', itemIndex, 'json') === 'item';

function readSpec(place: SpecPlace): unknown {
	const { context, itemIndex } = place;
	if (!fromItem(place)) return jsonParameter(context, 'spec', itemIndex);
	const { spec } = itemJson(context, itemIndex);
	if (spec === undefined || spec === null)
		throw refuse('spec', 'is missing on the input item. Put the AgentSpec there.');
	return typeof spec === 'string' ? parsed(spec) : spec;
}

function readDocuments(place: SpecPlace): SpecDocument[] {
	const { context, itemIndex } = place;
	const { document = [] } = context.getNodeParameter('documents', itemIndex, {}) as { document?: SpecDocument[] };
	const carried = fromItem(place) ? itemJson(context, itemIndex).documents : undefined;
	if (carried === undefined || carried === null) return document;
	if (!Array.isArray(carried)) {
		throw refuse('documents', 'of the input item is not a list. Give entries with title and content.');
	}
	return [...(carried as unknown as SpecDocument[]), ...document];
}

function parsed(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		throw refuse('spec', 'of the input item is not JSON. Give an object, or its JSON text.');
	}
}

/** The list of wrong fields travels in `details`; the message names the first and counts the rest. */
function namingFields(error: unknown): unknown {
	if (!isFactoryError(error) || error.code !== 'SPEC_INVALID') return error;
	const { issues } = error.details as { issues: SpecIssue[] };
	const [first, ...others] = issues;
	const also = others.length > 0 ? ` Also wrong: ${others.map(({ path }) => path).join(', ')}.` : '';
	return new FactoryError(
		error.code,
		`Field "spec", ${first.path}: ${first.message}.${also} Correct the spec and compile again; nothing was stored.`,
		{ item: first.path, details: issues },
	);
}
