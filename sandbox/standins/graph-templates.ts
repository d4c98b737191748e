import { graphError } from './graph-errors';
import { isObject } from './graph-messages';
import type { HttpReply, HttpRequest, HttpRoutes } from './http';

/** A template as the stand-in keeps it; `reply` fields are what Graph lists. */
export interface StoredTemplate {
	id: string;
	wabaId: string;
	name: string;
	language: string;
	status: string;
	category: string;
	parameter_format: string;
	components: unknown[];
	quality_score?: { score: string };
	rejected_reason?: string;
}

export interface TemplateBook {
	templates: StoredTemplate[];
	/** Cuts the connection after the next creations were taken. */
	dropAfterCreate: number;
}

export const createTemplateBook = (): TemplateBook => ({ templates: [], dropAfterCreate: 0 });

const CATEGORIES = ['MARKETING', 'UTILITY', 'AUTHENTICATION'];

/** `POST` and `GET /{WABA}/message_templates`; a token that begins with NO_MANAGEMENT may not. */
export function templateRoutes(book: TemplateBook): HttpRoutes {
	return {
		'POST /:version/:id/message_templates': (request) => permissionFault(request) ?? create(book, request),
		'GET /:version/:id/message_templates': (request) => permissionFault(request) ?? list(book, request),
	};
}

/** For the sandbox's own controls: see what is stored, change what Meta says of it. */
export const templateControls = (book: TemplateBook): HttpRoutes => ({
	'GET /_sandbox/templates': () => ({ status: 200, body: book.templates }),
	'POST /_sandbox/templates': (request) => {
		const change = request.json() as Partial<StoredTemplate>;
		for (const template of book.templates) if (template.name === change.name) Object.assign(template, change);
		return { status: 200, body: book.templates };
	},
});

const permissionFault = (request: HttpRequest): HttpReply | null =>
	/^Bearer NO_MANAGEMENT/.test(request.headers.authorization ?? '')
		? graphError({
				code: 200,
				status: 403,
				message: '(#200) You do not have permission to access this field',
				product: 'page',
			})
		: null;

function create(book: TemplateBook, request: HttpRequest): HttpReply | 'destroy' {
	const body = request.json();
	const wabaId = request.params.id ?? '';
	if (!isObject(body)) return refuse(0, 'The request body must be a JSON object.');
	const { name, language, category, components, parameter_format } = body;
	if (typeof name !== 'string' || !/^[a-z0-9_]{1,512}$/.test(name))
		return refuse(2388023, "Message template 'name' must be lowercase letters, digits and underscores.");
	if (typeof language !== 'string' || typeof category !== 'string' || !CATEGORIES.includes(category))
		return refuse(0, 'language and category are required.');
	if (!Array.isArray(components)) return refuse(0, 'components is required.');
	const text: unknown = components.filter(isObject).find(({ type }) => type === 'BODY')?.text;
	if (typeof text !== 'string' || text === '') return refuse(0, 'A BODY component with text is required.');
	if (/^\s*\{\{|\}\}\s*$/.test(text))
		return refuse(2388299, 'Variables cannot be at the start or end of the template.');
	if (text.includes('{{') && !JSON.stringify(components).includes('"example"'))
		return refuse(2388043, 'Message template components are missing expected field(s): example.');
	if (book.templates.some((known) => known.wabaId === wabaId && known.name === name && known.language === language))
		return refuse(2388024, 'Content in this language already exists.');
	const template: StoredTemplate = {
		id: String(1_600_000_000_000_000 + book.templates.length),
		wabaId,
		name,
		language,
		status: 'PENDING',
		category,
		parameter_format: typeof parameter_format === 'string' ? parameter_format : 'POSITIONAL',
		components,
		quality_score: { score: 'UNKNOWN' },
		rejected_reason: 'NONE',
	};
	book.templates.push(template);
	if (book.dropAfterCreate > 0) {
		book.dropAfterCreate -= 1;
		return 'destroy';
	}
	return { status: 200, body: { id: template.id, status: template.status, category } };
}

function list(book: TemplateBook, request: HttpRequest): HttpReply {
	const wanted = request.query.get('name');
	const all = book.templates.filter(
		({ wabaId, name }) => wabaId === request.params.id && (wanted === null || name.includes(wanted)),
	);
	const start = Number(request.query.get('after') ?? 0);
	const size = Number(request.query.get('limit') ?? 25);
	const end = Math.min(all.length, start + size);
	const fields = (request.query.get('fields') ?? 'id,name,language,status,category,components').split(',');
	const data = all
		.slice(start, end)
		.map((template) => Object.fromEntries(Object.entries(template).filter(([key]) => fields.includes(key))));
	const next = end < all.length ? { next: `https://graph.facebook.com${request.path}?after=${end}` } : {};
	return { status: 200, body: { data, paging: { cursors: { before: String(start), after: String(end) }, ...next } } };
}

const refuse = (subcode: number, message: string): HttpReply =>
	graphError({ code: 100, subcode: subcode || undefined, message, product: 'page' });
