import type { Database } from '../../database';
import { FactoryError } from '../../errors';
import { inTenant } from '../../tenancy';
import { readCsv } from './csv';
import { IMPORT_MAX_ROWS, LIST_LIMIT } from './defaults';
import { fieldName } from './normalise';

const PLATFORMS = ['facebook', 'google', 'linkedin', 'other'];

export interface CampaignCost {
	platform: string;
	campaignId: string;
	name: string | null;
	day: string;
	spend: number;
	currency: string;
	adId: string | null;
}

export interface CostImport {
	rows: number;
	saved: number;
	broken: number;
	problems: Array<{ line: number; reason: string }>;
}

const ALIASES: Record<keyof CampaignCost, readonly string[]> = {
	platform: ['platform', 'plataforma', 'rede'],
	campaignId: ['campaign_id', 'campaignid', 'id_da_campanha', 'identificacao_da_campanha'],
	name: ['campaign_name', 'name', 'campaign', 'campanha', 'nome_da_campanha', 'nome'],
	day: ['day', 'date', 'dia', 'data', 'reporting_starts', 'inicio_dos_relatorios', 'date_start'],
	spend: [
		'spend',
		'cost',
		'custo',
		'gasto',
		'valor',
		'amount_spent',
		'valor_usado',
		'amount_spent_brl',
		'valor_usado_brl',
		'amount_spent_usd',
	],
	currency: ['currency', 'moeda', 'account_currency', 'codigo_da_moeda'],
	adId: ['ad_id', 'adid', 'id_do_anuncio', 'creative_id'],
};
const FIELD_OF = new Map(
	Object.entries(ALIASES).flatMap(([field, names]) =>
		names.map((name) => [name, field as keyof CampaignCost] as const),
	),
);

/** A row of costs under any of its headers, or why it is none. */
export function readCost(
	fields: ReadonlyArray<readonly [string, string]>,
	defaults: { platform: string; currency: string },
): CampaignCost | string {
	const found: Partial<Record<keyof CampaignCost, string>> = {};
	for (const [name, value] of fields) {
		const field = FIELD_OF.get(fieldName(name));
		if (field && value.trim() !== '') found[field] ??= value.trim();
	}
	const day = dayOf(found.day ?? '');
	const spend = amountOf(found.spend ?? '');
	const platform = (found.platform ?? defaults.platform).toLowerCase();
	const currency = (found.currency ?? defaults.currency).toUpperCase();
	if (!found.campaignId || found.campaignId.length > 100) return 'campaign_id_missing';
	if (day === null) return 'day_invalid';
	if (spend === null) return 'spend_invalid';
	if (!PLATFORMS.includes(platform)) return 'platform_unknown';
	if (!/^[A-Z]{3}$/.test(currency)) return 'currency_invalid';
	return {
		...{
			platform,
			campaignId: found.campaignId.replace(/^c:/, ''),
			name: found.name?.slice(0, 200) ?? null,
			day,
			spend,
			currency,
		},
		adId: found.adId?.replace(/^ag?:/, '').slice(0, 100) ?? null,
	};
}

function dayOf(written: string): string | null {
	const [, day, month, year] = /^(\d{1,2})\/(\d{1,2})\/(\d{4})/.exec(written) ?? [];
	const text = year ? `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}` : written.slice(0, 10);
	const at = Date.parse(`${text}T00:00:00Z`);
	return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(at) && new Date(at).toISOString().startsWith(text)
		? text
		: null;
}

/** 1.234,56 and 1,234.56 and R$ 10: the last of the two signs is the decimal one; one sign with three digits after it parts thousands. */
function amountOf(written: string): number | null {
	const bare = written.replace(/[^\d.,-]/g, '');
	if (!/^\d[\d.,]*$/.test(bare)) return null;
	const at = Math.max(bare.lastIndexOf(','), bare.lastIndexOf('.'));
	const after = bare.slice(at + 1);
	const both = bare.includes(',') && bare.includes('.');
	const thousands = at < 0 || (!both && (after.length === 3 || bare.split(bare[at]).length > 2));
	const amount = Number(thousands ? bare.replace(/[.,]/g, '') : `${bare.slice(0, at).replace(/[.,]/g, '')}.${after}`);
	return Number.isFinite(amount) && amount < 1e12 ? amount : null;
}

/** Saves costs by campaign and day in place of what stood there; broken rows are reported by line. */
export async function saveCampaignCosts(
	database: Database,
	tenantId: string,
	given: Buffer | ReadonlyArray<ReadonlyArray<readonly [string, string]>>,
	defaults: { platform: string; currency: string },
	actor?: string,
): Promise<CostImport> {
	const rows = Buffer.isBuffer(given)
		? readCsv(given).rows
		: given.map((fields, index) => ({ line: index + 1, fields }));
	if (rows.length > IMPORT_MAX_ROWS)
		throw new FactoryError(
			'IMPORT_TOO_LARGE',
			`${rows.length} rows were given, at most ${IMPORT_MAX_ROWS} are read. Give fewer.`,
		);
	const read = rows.map(({ line, fields }) => ({ line, cost: readCost(fields, defaults) }));
	const good = read.flatMap(({ cost }) => (typeof cost === 'string' ? [] : [cost]));
	const problems = read.flatMap(({ line, cost }) => (typeof cost === 'string' ? [{ line, reason: cost }] : []));
	if (good.length > 0) {
		await inTenant(
			database,
			tenantId,
			async (db) =>
				void (await db.one('select save_marketing_costs($1::uuid, $2::jsonb)', [tenantId, JSON.stringify(good)])),
			{ actor },
		);
	}
	return { rows: rows.length, saved: good.length, broken: problems.length, problems };
}

const ROI = `select platform, campaign_id, campaign_name, leads::int, hot::int, clients::int, spend::float, currency, cost_per_lead::float, cost_per_hot::float, cost_per_client::float
	from campaign_roi($1::uuid, $2::date, $3::date) order by spend desc nulls last, leads desc limit $4::integer`;

/** What each campaign cost and brought, dearest first. */
export const campaignRoi = async (
	database: Database,
	tenantId: string,
	days: { from?: string | null; to?: string | null } = {},
): Promise<Array<Record<string, unknown>>> =>
	await inTenant(
		database,
		tenantId,
		async (db) => await db.all(ROI, [tenantId, days.from ?? null, days.to ?? null, LIST_LIMIT]),
	);
