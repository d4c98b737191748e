import type {
	INodeCredentialDescription,
	INodeProperties,
	INodePropertyCollection,
	INodePropertyOptions,
	INodeTypeDescription,
} from 'n8n-workflow';
import { cell, table } from './markdown';

type Show = Record<string, unknown[]>;

/** One entry of the operation list, with the resource it belongs to. */
interface Choice {
	resource?: INodePropertyOptions;
	operation?: INodePropertyOptions;
}

const show = (of: { displayOptions?: INodeProperties['displayOptions'] }): Show =>
	(of.displayOptions?.show ?? {}) as Show;

const optionsOf = (property: INodeProperties | undefined): INodePropertyOptions[] =>
	(property?.options ?? []) as INodePropertyOptions[];

/** A description ends with a full stop only where it is of several sentences. */
const sentence = (text: unknown): string =>
	typeof text === 'string' && text !== '' ? text.replace(/([^.?!])$/, '$1.') : '';

/** Every resource with every operation, in the order of the lists; one empty choice for a node without any. */
function choices({ properties }: INodeTypeDescription): Choice[] {
	const resources = optionsOf(properties.find(({ name }) => name === 'resource'));
	const lists = properties.filter(({ name }) => name === 'operation');
	if (lists.length === 0) return [{}];
	if (resources.length === 0) return optionsOf(lists[0]).map((operation) => ({ operation }));
	return resources.flatMap((resource) =>
		lists
			.filter((list) => (show(list).resource ?? []).includes(resource.value))
			.flatMap(optionsOf)
			.map((operation) => ({ resource, operation })),
	);
}

const fits = (shown: Show, { resource, operation }: Choice): boolean =>
	(!shown.resource || shown.resource.includes(resource?.value)) &&
	(!shown.operation || shown.operation.includes(operation?.value));

/** What else must be chosen for a field to show. */
const condition = (shown: Show): string =>
	Object.entries(shown)
		.filter(([name]) => !['resource', 'operation', '@version'].includes(name))
		.map(([name, values]) => `${name.replace(/^\//, '')} is ${values.map(String).join(' or ')}`)
		.join(' and ');

const KINDS: Record<string, string> = {
	resourceLocator: 'picked from a list, or by id',
	multiOptions: 'several of a list',
	options: 'one of a list',
	fixedCollection: 'group',
	collection: 'group',
	dateTime: 'date and time',
	boolean: 'yes or no',
	json: 'JSON',
	string: 'text',
};

function kind({ type, typeOptions, options }: INodeProperties): string {
	if (typeOptions?.password) return 'secret';
	const values = type === 'options' || type === 'multiOptions' ? ((options ?? []) as INodePropertyOptions[]) : [];
	const named = values.map((option) => option.name).join(', ');
	return named === '' ? (KINDS[type] ?? type) : `${KINDS[type]}: ${named}`;
}

function defaultOf({ type, default: given, options }: INodeProperties): string {
	if (given === undefined || given === '' || given === null) return '';
	if (type === 'options')
		return optionsOf({ options } as INodeProperties).find(({ value }) => value === given)?.name ?? '';
	if (typeof given !== 'object') return typeof given === 'string' ? `\`${given}\`` : String(given);
	const value: unknown = 'mode' in given && 'value' in given ? given.value : given;
	const text = typeof value === 'string' ? value : JSON.stringify(value);
	return ['', '{}', '[]'].includes(text) ? '' : `\`${text}\``;
}

/** A field and what is inside it, a row each. */
function rows(property: INodeProperties, path = ''): string[][] {
	if (property.type === 'notice' || property.type === 'hidden') return [];
	const name = `${path}${property.displayName}`;
	const only = condition(show(property));
	const words = [
		sentence(property.description),
		only ? `Shown when ${only}.` : '',
		property.required ? '**Required.**' : '',
	];
	const own = [name, kind(property), defaultOf(property), words.filter(Boolean).join(' ')].map(cell);
	const inner = ['collection', 'fixedCollection'].includes(property.type)
		? ((property.options ?? []) as Array<INodeProperties | INodePropertyCollection>)
		: [];
	return [
		...(inner.length > 0 && !property.description ? [] : [own]),
		...inner.flatMap((option) =>
			'values' in option ? option.values.flatMap((value) => rows(value, `${name} › `)) : rows(option, `${name} › `),
		),
	];
}

function credentialRow({ name, displayName, required, displayOptions }: INodeCredentialDescription): string[] {
	const when = condition((displayOptions?.show ?? {}) as Show);
	const operations = ((displayOptions?.show ?? {}) as Show).operation ?? [];
	const only = [
		...(operations.length > 0 ? [`operations ${operations.map(String).join(', ')}`] : []),
		...(when ? [when] : []),
	];
	return [
		displayName ?? name,
		`\`${name}\``,
		required ? 'yes' : 'no',
		only.length > 0 ? `for ${only.join('; ')}` : '',
	].map(cell);
}

const outputs = ({ outputs, outputNames }: INodeTypeDescription): string =>
	Array.isArray(outputs) && outputs.length > 1 && outputNames
		? outputNames.map((name) => `**${name}**`).join(', ')
		: 'one';

/** The page of a node: everything that its description says, so that it cannot say something else. */
export function nodePage(description: INodeTypeDescription, usedIn: string[]): string {
	const fields = description.properties.filter(({ name }) => !['resource', 'operation'].includes(name));
	const sections = choices(description).map((choice, at, all) => {
		const { resource, operation } = choice;
		const title = operation ? `### ${resource ? `${resource.name} > ` : ''}${operation.name}` : '';
		const first = resource && all[at - 1]?.resource !== resource ? `## ${resource.name}` : '';
		const found = fields.filter((field) => fits(show(field), choice)).flatMap((field) => rows(field));
		const list = table(['parameter', 'what it takes', 'default', 'what it is'], found);
		return [first, title, sentence(operation?.description), list || 'No parameters.'];
	});
	const hasResources = choices(description).some(({ resource }) => resource);
	return `${[
		`# ${description.displayName}`,
		sentence(description.description),
		`Type \`n8n-nodes-agent-factory.${description.name}\`. Outputs: ${outputs(description)}. ${description.usableAsTool ? 'Can be a tool of an n8n AI agent.' : 'Starts a workflow.'}`,
		usedIn.length > 0
			? `Used in ${usedIn.map((name) => `[${name}](../workflows/${name}.md)`).join(', ')}.`
			: 'None of the shipped workflows uses it.',
		'## Credentials',
		table(['credential', 'type', 'required', 'when'], (description.credentials ?? []).map(credentialRow)),
		hasResources ? '' : choices(description).length > 1 ? '## Operations' : '## Parameters',
		...sections.flat(),
	]
		.filter(Boolean)
		.join('\n\n')}\n`;
}
