import { VALUE_SHOWN } from './defaults';
import { canonical } from './fields';
import type { FieldEdit, Match } from './match';

const SECRET = /token|secret|password|apikey|api_key/i;
const SWITCHES: Record<string, string> = {
	'@typeVersion': 'version of the node',
	'@disabled': 'switched off',
	'@onError': 'on error',
	'@continueOnFail': 'continue on fail',
	'@executeOnce': 'execute once',
	'@alwaysOutputData': 'always output data',
	'@retryOnFail': 'retry on fail',
	'@maxTries': 'tries',
	'@waitBetweenTries': 'milliseconds between tries',
};

export const fieldName = (path: string): string => SWITCHES[path] ?? path;

/** A value as the difference shows it: one line, no secrets. */
export function shown(path: string, value: unknown): string {
	if (value === undefined) return "n8n's default";
	if (SECRET.test(path)) return '(hidden)';
	const text = typeof value === 'string' ? value : canonical(value);
	const line = text.replace(/\s+/g, ' ').trim();
	return `"${line.length > VALUE_SHOWN ? `${line.slice(0, VALUE_SHOWN)}…` : line}"`;
}

const editLine = (where: string, { path, value }: FieldEdit): string =>
	`${where}: ${fieldName(path)} is ${shown(path, value)}`;

/** What a person made of their copy, a line each. */
export function editLines(match: Match): string[] {
	return [
		...match.missing.map((name) => `Node "${name}" was taken out`),
		...match.added.map(({ name }) => `Node "${name}" was added`),
		...[...match.renamed].map(([own, name]) => `Node "${name}" is called "${own}"`),
		...[...match.edits].flatMap(([name, edits]) => edits.map((edit) => editLine(`Node "${name}"`, edit))),
		...match.linksAdded.map((link) => `Connection added: ${link}`),
		...match.linksRemoved.map((link) => `Connection taken out: ${link}`),
		...match.settings.map((edit) => editLine('Workflow setting', edit)),
	];
}
