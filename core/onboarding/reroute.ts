import { toDatabaseError, wakeWorkers, type Database } from '../database';
import { normaliseBody, storableJson, type MetaEvent } from '../meta';
import { REROUTE_ANSWER_HOURS, REROUTE_BATCH, REROUTE_DAYS, REROUTE_LIMIT } from './defaults';

export interface Rerouted {
	/** Events of this account that were found. */
	found: number;
	filed: number;
	/** Turns that will answer. */
	queued: number;
	/** Could not be read again; they stay where they are. */
	unreadable: number;
}

interface StoredEvent {
	id: number;
	object: string;
	account_id: string;
	field: string;
	kind: string;
	provider_id: string;
	provider_status: string;
	payload: { item?: unknown; metadata?: unknown; contact?: unknown; entryId?: string | null };
}

/** Under which name an item stood in the body of a WhatsApp webhook, by the kind that it was read as. */
const WHATSAPP_ARRAYS: Record<string, string> = {
	message: 'messages',
	reaction: 'messages',
	edit: 'messages',
	revoke: 'messages',
	system: 'messages',
	group: 'messages',
	status: 'statuses',
	echo: 'message_echoes',
	preference: 'user_preferences',
};

/** The webhook body that this item came in, as far as it is needed to read it again. */
function bodyOf({ object, account_id, field, kind, payload }: StoredEvent): unknown {
	const { item, metadata, contact, entryId } = payload;
	const id = entryId ?? account_id;
	if (object !== 'whatsapp_business_account') return { object, entry: [{ id, messaging: [item] }] };
	const array = WHATSAPP_ARRAYS[kind];
	if (array === undefined) return null;
	const value = {
		messaging_product: 'whatsapp',
		metadata,
		...(contact ? { contacts: [contact] } : {}),
		[array]: [item],
	};
	return { object, entry: [{ id, changes: [{ field, value }] }] };
}

/** The same event as at first, or null when it does not come out as what was stored. */
export function readAgain(stored: StoredEvent): MetaEvent | null {
	const body = bodyOf(stored);
	const events = body === null ? [] : normaliseBody(body);
	return (
		events.find(
			(event) =>
				event.kind === stored.kind &&
				event.accountId === stored.account_id &&
				event.providerId === stored.provider_id &&
				event.providerStatus === stored.provider_status,
		) ?? null
	);
}

/** Files what came for an account before it was anybody's, once. Older messages are shown to people and not answered. */
export async function rerouteEvents(
	database: Database,
	account: { tenantId: string; channelAccountId: string },
	options: { days?: number; answerWithinHours?: number } = {},
): Promise<Rerouted> {
	const total: Rerouted = { found: 0, filed: 0, queued: 0, unreadable: 0 };
	try {
		const { rows } = await database.pool.query<StoredEvent>(
			`select * from ${database.qualified}list_account_events($1::uuid, $2::uuid, $3::integer, $4::integer)`,
			[account.tenantId, account.channelAccountId, options.days ?? REROUTE_DAYS, REROUTE_LIMIT],
		);
		total.found = rows.length;
		const readable = rows.map((row) => ({ id: row.id, event: readAgain(row) })).filter(({ event }) => event !== null);
		total.unreadable = rows.length - readable.length;
		for (let from = 0; from < readable.length; from += REROUTE_BATCH) {
			const { rows: filed } = await database.pool.query<{ outcome: string }>(
				`select outcome from ${database.qualified}reroute_events($1::uuid, $2::uuid, $3::jsonb, make_interval(hours => $4::integer))`,
				[
					account.tenantId,
					account.channelAccountId,
					storableJson(readable.slice(from, from + REROUTE_BATCH)),
					options.answerWithinHours ?? REROUTE_ANSWER_HOURS,
				],
			);
			total.filed += filed.length;
			total.queued += filed.filter(({ outcome }) => outcome === 'queued').length;
		}
	} catch (error) {
		throw toDatabaseError(error);
	}
	if (total.queued > 0) wakeWorkers(database, 'turns');
	return total;
}
