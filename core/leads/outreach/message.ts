import { splitText } from '../../meta';
import { fold } from './fold';

/** What of a lead may stand in a message. */
export interface MessageLead {
	username: string;
	full_name: string | null;
}

const FIELDS: Record<string, (lead: MessageLead) => string> = {
	username: ({ username }) => username,
	usuario: ({ username }) => username,
	name: ({ full_name }) => oneLine(full_name),
	nome: ({ full_name }) => oneLine(full_name),
	first_name: ({ full_name }) => firstName(full_name),
	primeiro_nome: ({ full_name }) => firstName(full_name),
};

/** `{{ first_name }}`, or `{{ first_name | você }}` with words for a lead of whom it is not known. */
const VARIABLE = /\{\{([^{}|]*)(?:\|([^{}]*))?\}\}/g;

export const VARIABLES = Object.keys(FIELDS);

/** Variables of a text that no lead has. */
export const unknownVariables = (content: string): string[] =>
	[...content.matchAll(VARIABLE)].map(([, name]) => keyOf(name)).filter((name) => !Object.hasOwn(FIELDS, name));

export type Rendered = { text: string } | { skipReason: 'missing_variable' | 'too_long' };

/** The text for one lead; a variable without a value and without other words makes no message. */
export function renderMessage(content: string, lead: MessageLead): Rendered {
	let isMissing = false;
	const text = content
		.replace(VARIABLE, (_, name: string, otherwise: string | undefined) => {
			const value = FIELDS[keyOf(name)]?.(lead) ?? '';
			if (value === '' && otherwise === undefined) isMissing = true;
			return value === '' ? (otherwise ?? '').trim() : value;
		})
		.trim();
	if (isMissing || text === '') return { skipReason: 'missing_variable' };
	return splitText(text, 'instagram').length === 1 ? { text } : { skipReason: 'too_long' };
}

const keyOf = (name: string): string => fold(name.trim()).replace(/[\s-]+/g, '_');

/** A name is what its owner wrote: no line breaks, no links, no braces. */
const oneLine = (name: string | null): string => {
	const line = (name ?? '').replace(/[\s\p{C}]+/gu, ' ').trim();
	return /[{}<>]|https?:|www\.|\.\w{2,}\//i.test(line) ? '' : line;
};

const firstName = (name: string | null): string => /\p{L}[\p{L}\p{M}'’-]*/u.exec(oneLine(name))?.[0] ?? '';
