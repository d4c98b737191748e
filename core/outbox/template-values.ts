import { FactoryError } from '../errors';

/** A template as far as its values go. */
export interface FillableTemplate {
	name: string;
	content: string;
	parameter_format: string | null;
	/** Components that are sent as they are where no values are given. */
	components: unknown[];
	/** The definition at Meta. */
	meta_components: unknown[];
}

export interface TemplateValues {
	/** For {{1}}, {{2}} ... in order. */
	parameters?: readonly string[];
	/** By name, for {{lead_name}} ...; also "1", "2" for places. */
	values?: Readonly<Record<string, string>>;
	/** What the head needs: a text, or the address of its picture, video or document. */
	header?: string;
	/** The end of the address behind a button. */
	button?: string;
}

export interface FilledTemplate {
	components: unknown[];
	/** What the person reads. */
	text: string;
}

type Component = { type?: string; format?: string; text?: string; buttons?: Array<{ type?: string; url?: string }> };

const PLACE = /\{\{\s*([A-Za-z0-9_]+)\s*\}\}/g;
/** Meta refuses these in a value. */
const FORBIDDEN = /[\n\r\t]| {4,}/;

export const placesOf = (text: string): string[] => [...new Set([...text.matchAll(PLACE)].map((match) => match[1]))];

export const formatOf = (content: string): 'NAMED' | 'POSITIONAL' =>
	placesOf(content).some((name) => !/^\d+$/.test(name)) ? 'NAMED' : 'POSITIONAL';

/** The components and the text of a template with these values; throws before anything is queued where Meta would refuse it. */
export function fillTemplate(template: FillableTemplate, given: TemplateValues): FilledTemplate {
	const values = valuesOf(given);
	const names = placesOf(template.content);
	if (Object.keys(values).length === 0 && template.components.length > 0)
		return { components: template.components, text: template.content };
	check(template, names, values);
	const named = (template.parameter_format ?? formatOf(template.content)) === 'NAMED';
	const ordered = named ? names : [...names].sort((a, b) => Number(a) - Number(b));
	const parameters = ordered.map((name) => ({
		type: 'text',
		text: values[name],
		...(named ? { parameter_name: name } : {}),
	}));
	return {
		components: [
			...headOf(template, given.header),
			...(parameters.length > 0 ? [{ type: 'body', parameters }] : []),
			...buttonOf(template, given.button),
		],
		text: template.content.replace(PLACE, (place, name: string) => values[name] ?? place),
	};
}

const valuesOf = ({ parameters = [], values = {} }: TemplateValues): Record<string, string> => ({
	...Object.fromEntries(parameters.map((value, index) => [String(index + 1), value])),
	...values,
});

function check({ name }: FillableTemplate, places: string[], values: Record<string, string>): void {
	const missing = places.filter((place) => !Object.hasOwn(values, place));
	if (missing.length > 0) throw wrong(name, `needs a value for ${braced(missing)}`, missing[0]);
	const unknown = Object.keys(values).filter((key) => !places.includes(key));
	if (unknown.length > 0) {
		const known = places.length > 0 ? `it has ${braced(places)}` : 'it has none';
		throw wrong(name, `has no variable ${braced(unknown)}; ${known}`, unknown[0]);
	}
	for (const place of places) checkText(name, place, values[place]);
}

function checkText(template: string, place: string, value: unknown): void {
	if (typeof value !== 'string' || value.trim() === '')
		throw wrong(template, `got an empty value for ${braced([place])}`, place);
	if (FORBIDDEN.test(value))
		throw wrong(
			template,
			`got a value with a line break, a tab or four spaces in a row for ${braced([place])}, and Meta refuses those`,
			place,
		);
}

function headOf(template: FillableTemplate, header: string | undefined): unknown[] {
	const head = componentsOf(template).find(({ type }) => type?.toUpperCase() === 'HEADER');
	const format = head?.format?.toUpperCase() ?? 'TEXT';
	if (head === undefined || (format === 'TEXT' && placesOf(head.text ?? '').length === 0)) {
		if (header) throw wrong(template.name, 'has nothing to fill in its header', 'header');
		return [];
	}
	if (!header) throw wrong(template.name, `needs a header (${format.toLowerCase()})`, 'header');
	if (format === 'TEXT') {
		checkText(template.name, 'header', header);
		const [place] = placesOf(head.text ?? '');
		const parameter = { type: 'text', text: header, ...(/^\d+$/.test(place) ? {} : { parameter_name: place }) };
		return [{ type: 'header', parameters: [parameter] }];
	}
	const kind = format.toLowerCase();
	return [{ type: 'header', parameters: [{ type: kind, [kind]: { link: header } }] }];
}

function buttonOf(template: FillableTemplate, value: string | undefined): unknown[] {
	const buttons = componentsOf(template).flatMap((component) => component.buttons ?? []);
	const index = buttons.findIndex(({ url }) => placesOf(url ?? '').length > 0);
	if (index < 0) {
		if (value) throw wrong(template.name, 'has no button with an address to fill', 'button');
		return [];
	}
	if (!value) throw wrong(template.name, 'needs the end of the address behind its button', 'button');
	return [{ type: 'button', sub_type: 'url', index: String(index), parameters: [{ type: 'text', text: value }] }];
}

const componentsOf = ({ meta_components }: FillableTemplate): Component[] => meta_components as Component[];
const braced = (names: readonly string[]): string => names.map((name) => `{{${name}}}`).join(', ');
const wrong = (template: string, problem: string, item: string): FactoryError =>
	new FactoryError('TEMPLATE_VALUES_WRONG', `Template "${template}" ${problem}.`, { item });
