import type { Database } from '../database';
import { FactoryError } from '../errors';
import { inTenant } from '../tenancy';
import { LIST_LIMIT, PRICE_ROWS } from './defaults';

export const PRICE_CATEGORIES = ['MARKETING', 'UTILITY', 'AUTHENTICATION', 'SERVICE'] as const;

/** One line of a price list: what a delivered message of this category costs to numbers of this prefix. */
export interface MessagePrice {
	category: (typeof PRICE_CATEGORIES)[number];
	/** Digits, e.g. 55; the longest that fits counts. */
	countryPrefix: string;
	/** ISO date. */
	validFrom: string;
	/** Two letters, for people who show no number. */
	country?: string | null;
	price: number;
	currency?: string;
	/** US dollars of one unit of the currency. */
	usdPerUnit?: number;
	/** Where the price is from. */
	source: string;
}

export interface SendingSettings {
	marketingPerPerson?: number;
	marketingDays?: number;
	marketingNeedsOptIn?: boolean;
	proactiveFloor?: number;
	proactiveTimesPeak?: number;
	/** Null takes the cap away. */
	maxMessageSpendUsd?: number | null;
}

const SETTINGS = `select s.marketing_per_person as "marketingPerPerson", s.marketing_days as "marketingDays", s.marketing_needs_opt_in as "marketingNeedsOptIn",
		s.proactive_floor as "proactiveFloor", s.proactive_times_peak::float as "proactiveTimesPeak", t.max_message_spend_usd::float as "maxMessageSpendUsd",
		s.proactive_stopped_at as "proactiveStoppedAt", s.proactive_stop as "proactiveStop"
	from tenants t left join sending_settings s on s.tenant_id = t.id where t.id = $1::uuid`;
const SAVE_LIMITS = `update sending_settings set marketing_per_person = coalesce($2::integer, marketing_per_person), marketing_days = coalesce($3::integer, marketing_days),
		marketing_needs_opt_in = coalesce($4::boolean, marketing_needs_opt_in), proactive_floor = coalesce($5::integer, proactive_floor),
		proactive_times_peak = coalesce($6::numeric, proactive_times_peak)
	where tenant_id = $1::uuid`;
const SAVE_CAP = `update tenants set max_message_spend_usd = $2::numeric where id = $1::uuid`;
const TYPING = `update channel_accounts set typing_chars_per_second = $3::integer where tenant_id = $1::uuid and id = $2::uuid
	returning id, kind, display_name, typing_chars_per_second`;
const PRICES = `select category, country_prefix as "countryPrefix", country, valid_from::text as "validFrom", price::float, currency, usd_per_unit::float as "usdPerUnit", source, is_example as "isExample"
	from message_prices where tenant_id = $1::uuid order by country_prefix, category, valid_from desc limit $2::integer`;
const USAGE = `select month::text, channel_account_id as "channelAccountId", display_name as "displayName", channel, category, messages::integer, coalesce(charged, 0)::integer as charged,
		coalesce(unknown_cost, 0)::integer as "unknownCost", coalesce(by_example_price, 0)::integer as "byExamplePrice", coalesce(not_delivered, 0)::integer as "notDelivered",
		cost_usd::float as "costUsd", estimated_usd::float as "estimatedUsd", cap_usd::float as "capUsd"
	from message_usage where tenant_id = $1::uuid and (messages > 0 or not_delivered > 0) order by month desc, channel_account_id, category limit $2::integer`;

/** The limits that hold for what we start, and whether the breaker is open. */
export const getSendingSettings = async (database: Database, tenantId: string): Promise<Record<string, unknown>> =>
	(await inTenant(database, tenantId, async (db) => await db.one(SETTINGS, [tenantId]))) as Record<string, unknown>;

/** Changes what is named and leaves the rest. */
export async function saveSendingSettings(
	database: Database,
	tenantId: string,
	settings: SendingSettings,
	actor?: string,
): Promise<Record<string, unknown>> {
	return (await inTenant(
		database,
		tenantId,
		async (db) => {
			await db.all(SAVE_LIMITS, [
				tenantId,
				settings.marketingPerPerson ?? null,
				settings.marketingDays ?? null,
				settings.marketingNeedsOptIn ?? null,
				settings.proactiveFloor ?? null,
				settings.proactiveTimesPeak ?? null,
			]);
			if (settings.maxMessageSpendUsd !== undefined) await db.all(SAVE_CAP, [tenantId, settings.maxMessageSpendUsd]);
			await db.one(`select record_audit($1::uuid, 'sending.settings_saved', 'tenant', $1::text, $2::jsonb)`, [
				tenantId,
				JSON.stringify(settings),
			]);
			return await db.one(SETTINGS, [tenantId]);
		},
		{ actor },
	)) as Record<string, unknown>;
}

/** How fast the agent of an account seems to type; 0 sends at once. */
export async function setTypingSpeed(
	database: Database,
	tenantId: string,
	channelAccountId: string,
	charsPerSecond: number,
	actor?: string,
): Promise<Record<string, unknown>> {
	const row = await inTenant(
		database,
		tenantId,
		async (db) => await db.one(TYPING, [tenantId, channelAccountId, charsPerSecond]),
		{ actor },
	);
	if (!row)
		throw new FactoryError(
			'NOT_FOUND',
			`The tenant has no channel account ${channelAccountId}. Pick one from the list.`,
			{
				item: channelAccountId,
			},
		);
	return row;
}

/** Writes a price list; a line of the same category, prefix and day is replaced. All lines or none. */
export async function importPrices(
	database: Database,
	tenantId: string,
	prices: readonly MessagePrice[],
	actor?: string,
): Promise<{ saved: number }> {
	if (prices.length === 0 || prices.length > PRICE_ROWS)
		throw new FactoryError('VALUE_REFUSED', `A price list has 1 to ${PRICE_ROWS} lines, got ${prices.length}.`, {
			item: 'prices',
		});
	prices.forEach(checkPrice);
	const row = await inTenant(
		database,
		tenantId,
		async (db) =>
			await db.one<{ saved: number }>(`select save_message_prices($1::uuid, $2::jsonb) as saved`, [
				tenantId,
				JSON.stringify(prices),
			]),
		{ actor },
	);
	return row!;
}

const CHECKS: ReadonlyArray<[keyof MessagePrice, (price: MessagePrice) => boolean, string]> = [
	['category', ({ category }) => PRICE_CATEGORIES.includes(category), `is not one of ${PRICE_CATEGORIES.join(', ')}`],
	['countryPrefix', (p) => /^\d{1,7}$/.test(p.countryPrefix), 'takes the digits of a prefix, e.g. 55'],
	['validFrom', (p) => !Number.isNaN(Date.parse(p.validFrom)), 'is not a date, e.g. 2026-10-01'],
	['price', (p) => Number.isFinite(p.price) && p.price >= 0, 'is not a number of 0 or more'],
	['country', (p) => !p.country || /^[A-Z]{2}$/.test(p.country), 'takes two letters, e.g. BR'],
	['currency', (p) => !p.currency || /^[A-Z]{3}$/.test(p.currency), 'takes three letters, e.g. USD'],
	['source', (p) => typeof p.source === 'string' && p.source.trim() !== '', 'is needed: say where the price is from'],
	[
		'usdPerUnit',
		(p) => !p.currency || p.currency === 'USD' || (Number.isFinite(p.usdPerUnit) && p.usdPerUnit! > 0),
		'is needed for a currency other than USD: how many dollars one unit is',
	],
];

function checkPrice(price: MessagePrice, index: number): void {
	for (const [field, fits, problem] of CHECKS) {
		if (fits(price)) continue;
		throw new FactoryError('VALUE_REFUSED', `Line ${index + 1} of the price list: "${field}" ${problem}.`, {
			item: `line ${index + 1}`,
		});
	}
}

export const listPrices = async (
	database: Database,
	tenantId: string,
	limit = LIST_LIMIT,
): Promise<Array<Record<string, unknown>>> =>
	await inTenant(database, tenantId, async (db) => await db.all(PRICES, [tenantId, limit]));

/** What messages cost by month, number and category, newest month first. */
export const getMessageUsage = async (
	database: Database,
	tenantId: string,
	limit = LIST_LIMIT,
): Promise<Array<Record<string, unknown>>> =>
	await inTenant(database, tenantId, async (db) => await db.all(USAGE, [tenantId, limit]));

/** A person lets go on what we start; what was stopped in the last 24 hours may be queued again. */
export async function closeProactiveBreaker(
	database: Database,
	tenantId: string,
	options: { sendBlocked: boolean },
	actor?: string,
): Promise<{ closed: boolean; queuedAgain: number }> {
	const row = await inTenant(
		database,
		tenantId,
		async (db) =>
			await db.one<{ done: { closed: boolean; queuedAgain: number } }>(
				`select close_proactive_breaker($1::uuid, $2::boolean) as done`,
				[tenantId, options.sendBlocked],
			),
		{ actor },
	);
	return row!.done;
}
