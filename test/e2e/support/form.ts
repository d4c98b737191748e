import { waitFor } from '../../support/wait-for';
import { state } from './running';

/** A field as the page holds it. */
interface ShownField {
	name: string;
	label: string;
	value: string;
	isFile: boolean;
}

const ENTITIES: Record<string, string> = {
	amp: '&',
	lt: '<',
	gt: '>',
	quot: '"',
	'#x27': "'",
	'#39': "'",
	'#x3D': '=',
	'#x60': '`',
};
const decode = (html: string): string => html.replace(/&(#?\w+);/g, (whole, name: string) => ENTITIES[name] ?? whole);
const attribute = (tag: string, name: string): string =>
	decode(new RegExp(`\\b${name}=(["'])([\\s\\S]*?)\\1`).exec(tag)?.[2] ?? '');

/** Reads the fields of n8n's form page, as a browser would post them. */
export function fieldsOf(html: string): ShownField[] {
	const labels = new Map(
		[...html.matchAll(/<label class='[^']*' for='(field-\d+)'>([^<]*)<\/label>/g)].map(([, name, label]) => [
			name,
			decode(label),
		]),
	);
	const inputs = [...html.matchAll(/<(input|textarea|select)\b([\s\S]*?)>/g)].flatMap(
		([tag, kind, attributes]): ShownField[] => {
			const name = attribute(attributes, 'name');
			if (!/^field-\d+$/.test(name)) return [];
			const rest = html.slice(html.indexOf(tag) + tag.length);
			const value =
				kind === 'textarea'
					? decode(rest.slice(0, rest.indexOf('</textarea>')))
					: kind === 'select'
						? attribute(/<option[^>]*\bselected>/.exec(rest.slice(0, rest.indexOf('</select>')))?.[0] ?? '', 'value')
						: attribute(attributes, 'value');
			return [{ name, label: labels.get(name) ?? '', value, isFile: attribute(attributes, 'type') === 'file' }];
		},
	);
	return inputs;
}

/** Fills n8n's form pages over HTTP: what is not typed goes back as it stands on the page. */
export class FormVisitor {
	html = '';
	private waitingUrl = '';

	async begin(path: string, login: string, values: Record<string, string>): Promise<void> {
		const url = `${state().n8n.url}/form/${path}`;
		const headers = { authorization: `Basic ${Buffer.from(login).toString('base64')}` };
		this.html = await (await fetch(url, { headers })).text();
		const response = await fetch(url, { method: 'POST', headers, body: this.body(values, []) });
		if (!response.ok) throw new Error(`the form answered ${response.status}: ${await response.text()}`);
		this.waitingUrl = ((await response.json()) as { formWaitingUrl: string }).formWaitingUrl;
		await this.nextPage();
	}

	async submit(values: Record<string, string>, files: Array<{ name: string; text: string }> = []): Promise<void> {
		const response = await fetch(this.waitingUrl, { method: 'POST', body: this.body(values, files) });
		if (!response.ok) throw new Error(`the page answered ${response.status}: ${await response.text()}`);
		await this.nextPage();
	}

	/** Which execution waits behind the page. */
	get executionId(): string {
		return /form-waiting\/(\d+)/.exec(this.waitingUrl)![1];
	}

	/** What stands in a field now, by the beginning of its label. */
	shown(label: string): string | undefined {
		return fieldsOf(this.html).find((field) => field.label.startsWith(label))?.value;
	}

	private body(values: Record<string, string>, files: Array<{ name: string; text: string }>): FormData {
		const form = new FormData();
		const open = { ...values };
		for (const field of fieldsOf(this.html)) {
			const label = Object.keys(open).find((start) => field.label.startsWith(start));
			if (field.isFile) {
				for (const { name, text } of files) form.append(field.name, new Blob([text]), name);
				continue;
			}
			form.append(field.name, label === undefined ? field.value : open[label]);
			if (label !== undefined) delete open[label];
		}
		if (Object.keys(open).length > 0)
			throw new Error(`The page has no field ${Object.keys(open).join(', ')}:\n${this.html.slice(0, 20_000)}`);
		return form;
	}

	/** The page's script asks for the state of the execution until it waits again, or has ended. */
	private async nextPage(): Promise<void> {
		const url = new URL(this.waitingUrl);
		url.pathname += '/n8n-execution-status';
		const ended = await waitFor<string | false>(
			async () => {
				const status = await (await fetch(url)).text();
				return ['form-waiting', 'success', 'error', 'crashed'].includes(status) ? status : false;
			},
			{ timeoutMs: 60_000, what: 'the next page of the form' },
		);
		this.html = await (await fetch(this.waitingUrl)).text();
		if (ended !== 'form-waiting' && !this.html.includes('<'))
			throw new Error(`The form ended with ${ended}: ${this.html}`);
	}
}
