import { GRAPH_TIMEOUT_MS, TEMPLATE_PAGE_ROWS, TEMPLATE_PAGES } from './defaults';
import { callGraph, failed, type FetchLike, type GraphFailed, type GraphResult } from './graph-http';
import { asArray, asRecord, isRecord, readId, readText, type Json } from './read';

export interface TemplateGraphOptions {
	fetch: FetchLike;
	baseUrl: string;
	/** E.g. v25.0. */
	version: string;
	timeoutMs?: number;
}

interface AccountCall {
	wabaId: string;
	token: string;
	signal?: AbortSignal;
}

/** A template as Meta tells it. */
export interface MetaTemplate {
	id: string;
	name: string;
	language: string;
	status: string;
	category: string;
	parameterFormat: string | null;
	quality: string | null;
	rejectedReason: string | null;
	components: Json[];
}

export interface TemplateDefinition {
	name: string;
	language: string;
	category: 'MARKETING' | 'UTILITY' | 'AUTHENTICATION';
	parameter_format: 'NAMED' | 'POSITIONAL';
	components: readonly unknown[];
}

export interface TemplateGraph {
	create(input: AccountCall & { definition: TemplateDefinition }): Promise<GraphResult>;
	/** All templates of the account, or those of one name; what was read before a failure is not given. */
	list(input: AccountCall & { name?: string }): Promise<{ ok: true; templates: MetaTemplate[] } | GraphFailed>;
}

const FIELDS = 'id,name,status,category,language,components,quality_score,parameter_format,rejected_reason';

/** The part of the Graph API that looks after templates. */
export function createTemplateGraph({
	fetch,
	baseUrl,
	version,
	timeoutMs = GRAPH_TIMEOUT_MS,
}: TemplateGraphOptions): TemplateGraph {
	const urlOf = ({ wabaId }: AccountCall, query: Record<string, string> = {}): string =>
		`${baseUrl.replace(/\/+$/, '')}/${version}/${encodeURIComponent(wabaId)}/message_templates?${new URLSearchParams(query).toString()}`;

	return {
		create: async (input) =>
			await callGraph(fetch, timeoutMs, {
				method: 'POST',
				url: urlOf(input),
				token: input.token,
				body: { ...input.definition },
				signal: input.signal,
			}),
		async list(input) {
			const templates: MetaTemplate[] = [];
			let after: string | null = null;
			for (let page = 0; page < TEMPLATE_PAGES; page++) {
				const query: Record<string, string> = {
					fields: FIELDS,
					limit: String(TEMPLATE_PAGE_ROWS),
					...(input.name ? { name: input.name } : {}),
					...(after ? { after } : {}),
				};
				const result = await callGraph(fetch, timeoutMs, {
					method: 'GET',
					url: urlOf(input, query),
					token: input.token,
					signal: input.signal,
				});
				if (!result.ok) return result;
				templates.push(...asArray(result.data.data).flatMap(readTemplate));
				const paging = asRecord(result.data.paging);
				// The address of the next page would carry the token wherever it points: only its cursor is used.
				after = readText(paging.next) === null ? null : readText(asRecord(paging.cursors).after);
				if (after === null) return { ok: true, templates };
			}
			return failed({ message: `more than ${TEMPLATE_PAGES * TEMPLATE_PAGE_ROWS} templates` });
		},
	};
}

function readTemplate(value: unknown): MetaTemplate[] {
	const item = asRecord(value);
	const [id, name, language, status] = [
		readId(item.id),
		readText(item.name),
		readText(item.language),
		readText(item.status),
	];
	if (id === null || name === null || language === null || status === null) return [];
	const reason = readText(item.rejected_reason);
	return [
		{
			id,
			name,
			language: language.replace('-', '_'),
			status: status.toUpperCase(),
			category: (readText(item.category) ?? '').toUpperCase(),
			parameterFormat: readText(item.parameter_format)?.toUpperCase() ?? null,
			quality: readText(asRecord(item.quality_score).score) ?? readText(item.quality_score),
			rejectedReason: reason === 'NONE' ? null : reason,
			components: asArray(item.components).filter(isRecord),
		},
	];
}
