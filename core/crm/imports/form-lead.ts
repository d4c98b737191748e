import { createHash } from 'node:crypto';
import { ANSWER_MAX_CHARS, ANSWERS_MAX, NAME_MAX_CHARS, QUESTION_MAX_CHARS } from './defaults';
import { fieldName, isYes, normaliseEmail, normalisePhone } from './normalise';

export const IMPORT_PLATFORMS = ['facebook', 'google', 'linkedin', 'file'] as const;
export type ImportPlatform = (typeof IMPORT_PLATFORMS)[number];

/** A field of a form, or a cell under its header. */
export type Field = readonly [name: string, value: string];

/** Why a row cannot be filed. */
export type RowProblem =
	'no_phone_or_email' | 'phone_invalid' | 'email_invalid' | 'row_unreadable' | 'date_invalid' | 'cells_too_many';

export interface FormLead {
	externalId: string | null;
	fullName: string | null;
	email: string | null;
	phone: string | null;
	/** ISO; null when the form does not say. */
	occurredAt: string | null;
	referral: Record<string, string>;
	answers: Record<string, string>;
	/** Of the field that means it; null when there is no such field. */
	marketing: boolean | null;
}

export interface ReadingRules {
	country?: string;
	/** Name of the field that means consent to marketing. */
	marketingField?: string | null;
}

/** What a column or form field is called, in Portuguese and English. */
const ALIASES: Record<string, readonly string[]> = {
	externalId: ['id', 'lead_id', 'leadgen_id', 'external_id', 'id_do_lead'],
	fullName: ['full_name', 'name', 'nome', 'nome_completo', 'lead_name', 'contact_name', 'cliente', 'contato'],
	firstName: ['first_name', 'primeiro_nome'],
	lastName: ['last_name', 'sobrenome', 'ultimo_nome'],
	email: ['email', 'e_mail', 'email_address', 'work_email', 'endereco_de_email', 'user_email', 'correio_eletronico'],
	phone: [
		...['phone_number', 'phone', 'telefone', 'celular', 'whatsapp', 'mobile', 'fone', 'tel', 'numero', 'user_phone'],
		...[
			'telefone_whatsapp',
			'numero_de_telefone',
			'telefone_celular',
			'work_phone_number',
			'mobile_phone',
			'whatsapp_number',
		],
	],
	occurredAt: [
		'created_time',
		'created_at',
		'data',
		'data_de_criacao',
		'criado_em',
		'date',
		'submitted_at',
		'lead_submit_time',
	],
	campaign_id: ['campaign_id', 'id_da_campanha'],
	campaign_name: ['campaign_name', 'campaign', 'campanha', 'nome_da_campanha'],
	ad_id: ['ad_id', 'creative_id', 'id_do_anuncio'],
	adset_id: ['adset_id', 'adgroup_id', 'adgroup'],
	form_id: ['form_id', 'id_do_formulario'],
	gcl_id: ['gcl_id', 'gclid'],
};
const KIND_OF = new Map(Object.entries(ALIASES).flatMap(([kind, names]) => names.map((name) => [name, kind])));
const REFERRAL = ['campaign_id', 'campaign_name', 'ad_id', 'adset_id', 'form_id', 'gcl_id'];
/** Columns of exports that say nothing of the person. */
const IGNORED = [
	'ad_name',
	'adset_name',
	'form_name',
	'is_organic',
	'platform',
	'is_qualified',
	'is_quality',
	'is_converted',
	'lead_status',
];

/** Reads the fields of one lead by their names; what no name fits is an answer. */
export function readFormLead(fields: readonly Field[], rules: ReadingRules = {}): FormLead | RowProblem {
	const found: Record<string, string> = {};
	const answers: Record<string, string> = {};
	let marketing: boolean | null = null;
	const marketingField = rules.marketingField ? fieldName(rules.marketingField) : null;
	for (const [name, raw] of fields) {
		const key = fieldName(name);
		const value = raw.trim();
		if (key === marketingField) marketing = isYes(value);
		if (value === '' || key === '' || IGNORED.includes(key)) continue;
		const kind = KIND_OF.get(key);
		if (kind) found[kind] ??= value;
		else if (key !== marketingField && Object.keys(answers).length < ANSWERS_MAX)
			answers[name.trim().slice(0, QUESTION_MAX_CHARS)] = value.slice(0, ANSWER_MAX_CHARS);
	}
	return checked(found, { answers, marketing }, rules);
}

/** Whose value is at fault, and what to do about it. */
const REPAIRS: Record<RowProblem, { kinds: readonly string[]; advice: string }> = {
	no_phone_or_email: {
		kinds: ['phone', 'email'],
		advice: 'Fill in a phone number or an e-mail address, in a column called e.g. telefone or email.',
	},
	phone_invalid: {
		kinds: ['phone'],
		advice: 'Write the number with its area code, e.g. +55 11 91234-5678, or choose the country of the numbers.',
	},
	email_invalid: {
		kinds: ['email'],
		advice: 'Write the whole address, e.g. ana@example.com, or leave the cell empty.',
	},
	date_invalid: {
		kinds: ['occurredAt'],
		advice: 'Write the date as 2026-11-22 or 22/11/2026, or leave the cell empty.',
	},
	row_unreadable: { kinds: [], advice: 'The database refused a value of this row: look for unusual characters in it.' },
	cells_too_many: {
		kinds: [],
		advice: 'The row has more cells than the header: put a value that holds the separator in double quotes.',
	},
};

/** The column at fault as the file calls it (null: the whole row), and what to do. */
export function repairOf(problem: RowProblem, fields: readonly Field[]): { column: string | null; advice: string } {
	const { kinds, advice } = REPAIRS[problem];
	const columns = fields.filter(([name]) => kinds.includes(KIND_OF.get(fieldName(name)) ?? ''));
	const filled = columns.filter(([, value]) => value.trim() !== '');
	return { column: (filled.length > 0 ? filled[0] : columns[0])?.[0].trim() ?? null, advice };
}

function checked(
	found: Record<string, string>,
	rest: Pick<FormLead, 'answers' | 'marketing'>,
	rules: ReadingRules,
): FormLead | RowProblem {
	const phone = found.phone ? normalisePhone(found.phone, rules.country) : null;
	const email = found.email ? normaliseEmail(found.email) : null;
	if (found.phone && phone === null) return 'phone_invalid';
	if (found.email && email === null) return 'email_invalid';
	if (phone === null && email === null) return 'no_phone_or_email';
	const occurredAt = found.occurredAt ? isoDate(found.occurredAt) : null;
	if (found.occurredAt && occurredAt === null) return 'date_invalid';
	const name = found.fullName ?? [found.firstName, found.lastName].filter(Boolean).join(' ');
	return {
		...rest,
		phone,
		email,
		occurredAt,
		fullName: name ? name.slice(0, NAME_MAX_CHARS) : null,
		externalId: found.externalId ? bareId(found.externalId) : null,
		referral: Object.fromEntries(REFERRAL.filter((key) => found[key]).map((key) => [key, bareId(found[key])])),
	};
}

/** Meta's exports put the kind before an id: l:123, c:456. */
const bareId = (id: string): string => id.replace(/^[a-z]{1,2}:(?=\d)/i, '').slice(0, 100);

/** ISO dates, and the dd/mm/yyyy of Brazilian sheets; a day without a zone is taken at UTC. */
function isoDate(written: string): string | null {
	const [, day, month, year, rest = ''] = /^(\d{1,2})\/(\d{1,2})\/(\d{4})(.*)$/.exec(written) ?? [];
	const two = (digits: string): string => digits.padStart(2, '0');
	const clock = /(\d{1,2}):(\d{2})/.exec(rest);
	const text = year
		? `${year}-${two(month)}-${two(day)}T${clock ? `${two(clock[1])}:${clock[2]}` : '00:00'}:00Z`
		: written.replace(/([+-]\d{2})(\d{2})$/, '$1:$2');
	const at = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN;
	return Number.isNaN(at) ? null : new Date(at).toISOString();
}

/** What tells a lead from all others of its platform: its id there, else a fingerprint of phone or e-mail. */
export const importKey = (lead: Pick<FormLead, 'externalId' | 'phone' | 'email'>): string =>
	lead.externalId ??
	`h:${createHash('sha256')
		.update(lead.phone ?? lead.email ?? '')
		.digest('hex')}`;
