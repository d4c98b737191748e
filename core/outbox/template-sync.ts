import type { Database } from '../database';
import { FactoryError } from '../errors';
import type { GraphFailed, MetaTemplate, TemplateDefinition, TemplateGraph } from '../meta';
import { inTenant, tokenBinding, type Vault } from '../tenancy';
import { EXAMPLE_VALUES } from './defaults';
import { formatOf, placesOf } from './template-values';

export interface TemplatePorts {
	graph: TemplateGraph;
	vault: Vault;
}

interface Account extends Record<string, unknown> {
	id: string;
	kind: string;
	parent_id: string | null;
	access_token_encrypted: string | null;
}

export interface Submission {
	templateId: string;
	channelAccountId: string;
	category: TemplateDefinition['category'];
	/** Name at Meta; made from the template's own where absent. */
	metaName?: string | null;
	/** What Meta's reviewer reads in the places, by name. */
	examples?: Record<string, string>;
}

const ACCOUNT = `select id, kind, parent_id, access_token_encrypted from channel_accounts where tenant_id = $1::uuid and id = $2::uuid`;
const TEMPLATE = `select id, name, content, language, meta_name, meta_status, meta_id, meta_components from message_templates where tenant_id = $1::uuid and id = $2::uuid`;
const SUBMITTED = `update message_templates set meta_id = $3::text, meta_name = $4::text, waba_id = $5::text, meta_status = $6::text,
		meta_category = coalesce($7::text, meta_category), parameter_format = $8::text, meta_components = $9::jsonb, rejected_reason = null, submitted_at = now(),
		variables = case when $8::text = 'NAMED' then $10::jsonb else variables end
	where tenant_id = $1::uuid and id = $2::uuid
	returning id, name, language, meta_id, meta_name, meta_status, meta_category, parameter_format, waba_id`;
/** Known by its id, else by name and language in this account or in none; others are new. Who is gone at Meta is DELETED. */
const SYNC = `with given as (
		select * from jsonb_to_recordset($3::jsonb) g(id text, name text, language text, status text, category text, "parameterFormat" text, quality text,
			"rejectedReason" text, components jsonb, content text, places jsonb)
	), matched as (
		select distinct on (g.id) g.*, mt.id as template_id from given g
		left join message_templates mt on mt.tenant_id = $1::uuid and (mt.meta_id = g.id or (mt.meta_id is null and mt.meta_name = g.name
			and replace(mt.language, '-', '_') = g.language and coalesce(mt.waba_id, $2::text) = $2::text))
		order by g.id, mt.meta_id = g.id desc nulls last, mt.created_at
	), changed as (
		update message_templates mt set meta_id = m.id, meta_name = m.name, waba_id = $2::text, meta_status = m.status, quality = m.quality, rejected_reason = m."rejectedReason",
				meta_category = case when m.category in ('MARKETING', 'UTILITY', 'AUTHENTICATION') then m.category else mt.meta_category end,
				parameter_format = m."parameterFormat", meta_components = m.components, content = coalesce(m.content, mt.content), synced_at = now(),
				variables = case when m."parameterFormat" = 'NAMED' or jsonb_array_length(mt.variables) <> jsonb_array_length(m.places) then m.places else mt.variables end
			from matched m where mt.tenant_id = $1::uuid and mt.id = m.template_id
			returning mt.id
	), added as (
		insert into message_templates (tenant_id, name, category, content, variables, language, meta_id, meta_name, waba_id, meta_status, quality, rejected_reason,
				meta_category, parameter_format, meta_components, synced_at)
			select $1::uuid, case when exists (select 1 from message_templates x where x.tenant_id = $1::uuid and x.name = m.name and x.language = m.language)
					then left(m.name, 60) || ' ' || m.id else left(m.name, 100) end,
				'other', coalesce(m.content, ''), m.places, m.language, m.id, m.name, $2::text, m.status, m.quality, m."rejectedReason",
				case when m.category in ('MARKETING', 'UTILITY', 'AUTHENTICATION') then m.category end, m."parameterFormat", m.components, now()
			from matched m where m.template_id is null
			on conflict (tenant_id, name, language) do nothing
			returning id
	), gone as (
		update message_templates mt set meta_status = 'DELETED', synced_at = now()
			where mt.tenant_id = $1::uuid and mt.waba_id = $2::text and mt.meta_id is not null and mt.meta_status <> 'DELETED'
				and not exists (select 1 from given g where g.id = mt.meta_id) and $4::boolean
			returning id
	)
	select (select count(*)::integer from changed) as changed, (select count(*)::integer from added) as added, (select count(*)::integer from gone) as gone`;

/** Hands a text to Meta for review. A second call after a lost answer finds what the first one made. */
export async function submitTemplate(
	database: Database,
	ports: TemplatePorts,
	tenantId: string,
	submission: Submission,
	actor?: string,
): Promise<Record<string, unknown>> {
	const account = await accountOf(database, ports, tenantId, submission.channelAccountId);
	const template = await inTenant(
		database,
		tenantId,
		async (db) => await db.one(TEMPLATE, [tenantId, submission.templateId]),
	);
	if (!template)
		throw new FactoryError(
			'TEMPLATE_NOT_FOUND',
			`The tenant has no template ${submission.templateId}. Pick one from the list.`,
			{
				item: submission.templateId,
			},
		);
	const definition = definitionOf(template as unknown as LocalTemplate, submission);
	const call = { wabaId: account.wabaId, token: account.token };
	const created = await ports.graph.create({ ...call, definition });
	let known: { id: string; status: string; category: string | null };
	if (created.ok) {
		const { id, status, category } = created.data as Record<string, string | undefined>;
		known = { id: String(id), status: status ?? 'PENDING', category: category ?? null };
	} else {
		// Meta has a template of this name and language, or nobody knows whether it took this one: the list tells.
		if (!isUncertain(created) && created.failure.subcode !== ALREADY_THERE) throw refusal(created);
		const listed = await ports.graph.list({ ...call, name: definition.name });
		const same = listed.ok ? listed.templates.find((found) => isSame(found, definition)) : undefined;
		if (!same) throw refusal(created);
		known = same;
	}
	return (await inTenant(
		database,
		tenantId,
		async (db) => {
			const row = await db.one(SUBMITTED, [
				tenantId,
				submission.templateId,
				known.id,
				definition.name,
				account.wabaId,
				known.status,
				known.category,
				definition.parameter_format,
				JSON.stringify(definition.components),
				JSON.stringify(placesOf(bodyOf(definition.components) ?? '')),
			]);
			await db.one(`select record_audit($1::uuid, 'template.submitted', 'message_template', $2::text, '{}')`, [
				tenantId,
				submission.templateId,
			]);
			return row;
		},
		{ actor },
	)) as Record<string, unknown>;
}

/** Reads what Meta knows of an account's templates and writes it down; new ones appear, missing ones are DELETED. */
export async function syncTemplates(
	database: Database,
	ports: TemplatePorts,
	tenantId: string,
	channelAccountId: string,
	actor?: string,
): Promise<{ found: number; changed: number; added: number; gone: number }> {
	const account = await accountOf(database, ports, tenantId, channelAccountId);
	const listed = await ports.graph.list({ wabaId: account.wabaId, token: account.token });
	if (!listed.ok) throw refusal(listed);
	const given = listed.templates.map((template) => {
		const content = bodyOf(template.components);
		return {
			...template,
			content,
			places: placesOf(content ?? ''),
			parameterFormat: template.parameterFormat ?? formatOf(content ?? ''),
		};
	});
	const counts = await inTenant(
		database,
		tenantId,
		async (db) =>
			await db.one<{ changed: number; added: number; gone: number }>(SYNC, [
				tenantId,
				account.wabaId,
				JSON.stringify(given),
				true,
			]),
		{ actor },
	);
	return { found: given.length, ...counts! };
}

interface LocalTemplate {
	name: string;
	content: string;
	language: string;
	meta_name: string | null;
}

/** Graph's subcode for "content in this language already exists". */
const ALREADY_THERE = 2_388_024;

function definitionOf(template: LocalTemplate, { category, metaName, examples = {} }: Submission): TemplateDefinition {
	const name = (metaName?.trim() || template.meta_name) ?? nameOf(template.name);
	if (!/^[a-z0-9_]{1,512}$/.test(name))
		throw new FactoryError(
			'VALUE_REFUSED',
			`"${name}" cannot be a name at Meta: it takes lower-case letters, digits and underscores.`,
			{ item: 'metaName' },
		);
	const format = formatOf(template.content);
	const places = placesOf(template.content);
	const exampleOf = (place: string): string => examples[place]?.trim() || (EXAMPLE_VALUES[place] ?? place);
	const example =
		format === 'NAMED'
			? { body_text_named_params: places.map((place) => ({ param_name: place, example: exampleOf(place) })) }
			: { body_text: [[...places].sort((a, b) => Number(a) - Number(b)).map(exampleOf)] };
	return {
		name,
		language: template.language.replace('-', '_'),
		category,
		parameter_format: format,
		components: [{ type: 'BODY', text: template.content, ...(places.length > 0 ? { example } : {}) }],
	};
}

/** "Confirmação de horário" as confirmacao_de_horario. */
const nameOf = (name: string): string =>
	name
		.normalize('NFD')
		.replace(/\p{Diacritic}/gu, '')
		.toLowerCase()
		.replace(/[^a-z0-9]+/g, '_')
		.replace(/^_+|_+$/g, '');

const bodyOf = (components: readonly unknown[]): string | null => {
	const body = (components as Array<{ type?: string; text?: string }>).find(
		({ type }) => type?.toUpperCase() === 'BODY',
	);
	return body?.text ?? null;
};

const isSame = (found: MetaTemplate, { name, language }: TemplateDefinition): boolean =>
	found.name === name && found.language === language;

const isUncertain = ({ class: { action } }: GraphFailed): boolean => action === 'unknown';

async function accountOf(
	database: Database,
	{ vault }: TemplatePorts,
	tenantId: string,
	id: string,
): Promise<{ wabaId: string; token: string }> {
	const account = await inTenant(database, tenantId, async (db) => await db.one<Account>(ACCOUNT, [tenantId, id]));
	if (!account)
		throw new FactoryError('NOT_FOUND', `The tenant has no channel account ${id}. Pick one from the list.`, {
			item: id,
		});
	if (account.kind !== 'whatsapp' || !account.parent_id || !account.access_token_encrypted) {
		throw new FactoryError(
			'WRONG_STATE',
			'Templates belong to a WhatsApp business account: pick a WhatsApp number whose business account id and access token are stored.',
			{ item: id },
		);
	}
	return {
		wabaId: account.parent_id,
		token: vault.decrypt(account.access_token_encrypted, tokenBinding(tenantId, account.id)),
	};
}

const refusal = ({ failure, class: { retryable, advice } }: GraphFailed): FactoryError =>
	new FactoryError('TEMPLATE_META_REFUSED', `Meta did not do it: ${failure.message}. ${advice}`, {
		retryable: retryable || failure.networkError !== null || (failure.httpStatus ?? 0) >= 500,
		retryAfterMs: failure.retryAfterMs ?? undefined,
	});
