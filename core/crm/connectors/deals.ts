import type { Database } from '../../database';
import { FactoryError, isFactoryError } from '../../errors';
import { inTenant } from '../../tenancy';
import { WAS_NOT_DONE } from './call';
import { MARK_CHARS, MAX_NAME_CHARS, MAX_NOTE_CHARS, MAX_TITLE_CHARS, UNSETTLED_SECONDS } from './defaults';
import { openIntegration } from './store';
import type { CrmAdapter, CrmPorts, DealStatus, Person } from './types';

interface Link {
	state: 'wanted' | 'unknown' | 'created';
	external_id: string | null;
	attempts: number;
	attempted_at: string | null;
	details: { title?: string; value?: number; notes?: string };
	remote_stage: string | null;
	remote_status: DealStatus | null;
}
interface Loaded {
	lead: { name: string | null; phone: string | null; username: string | null; email: string | null };
	wanted: { status: DealStatus; stage: string | null };
	deal: Link | null;
	person: Link | null;
	/** The database's clock: attempts are dated by it. */
	now: string;
}

type Entity = 'person' | 'deal';

const LOAD = `select load_crm_deal($1::uuid, $2::uuid, $3::uuid) as loaded`;
const BEGIN = `select begin_crm_create($1::uuid, $2::uuid, $3::uuid, $4::text, $5::integer) as attempts`;
const TAKE_BACK = `update crm_links set state = 'wanted', attempted_at = null
	where tenant_id = $1::uuid and integration_id = $2::uuid and lead_id = $3::uuid and entity = $4::text and state = 'unknown' and attempts = $5::integer`;
const KEEP = `select keep_crm_link($1::uuid, $2::uuid, $3::uuid, $4::text, $5::jsonb) as kept`;
const PUSHED = `select note_crm_push($1::uuid, $2::uuid, $3::uuid, $4::jsonb) as more`;

/** Ties a deal to its lead in a CRM that has no field for that. */
export const markOf = (leadId: string): string => `AF-${leadId.replaceAll('-', '').slice(0, MARK_CHARS)}`;

const load = async (database: Database, tenantId: string, integrationId: string, leadId: string) =>
	await inTenant(
		database,
		tenantId,
		async (db) => (await db.one<{ loaded: Loaded | null }>(LOAD, [tenantId, integrationId, leadId]))?.loaded ?? null,
	);

interface Creation {
	database: Database;
	tenantId: string;
	integrationId: string;
	leadId: string;
	loaded: Loaded;
}
interface Found {
	externalId: string;
	[more: string]: unknown;
}

/**
 * Makes what is not there, once. Before a create is sent the link says `unknown`; who finds it so looks in the CRM, and
 * only when the deal was not found long after the call must have ended is another one sent, by one of those who looked.
 */
async function makeOnce(
	{ database, tenantId, integrationId, leadId, loaded }: Creation,
	entity: Entity,
	ways: {
		find(since: string | null): Promise<Found | null>;
		create(): Promise<Found>;
		/** What else belongs to it, however often it is asked for; before it is settled that it is there. */
		complete?(externalId: string): Promise<void>;
	},
): Promise<{ externalId: string; made: boolean }> {
	const link = loaded[entity];
	if (link?.state === 'created') return { externalId: link.external_id!, made: false };
	const run = async (sql: string, value: unknown): Promise<{ attempts?: number | null } | undefined> =>
		await inTenant(
			database,
			tenantId,
			async (db) => await db.one(sql, [tenantId, integrationId, leadId, entity, value]),
		);
	const since = link?.state === 'unknown' ? link.attempted_at : null;
	const there = await ways.find(since);
	if (there) {
		await ways.complete?.(there.externalId);
		await run(KEEP, JSON.stringify(there));
		return { externalId: there.externalId, made: false };
	}
	const age = since === null ? Infinity : (Date.parse(loaded.now) - Date.parse(since)) / 1_000;
	if (age < UNSETTLED_SECONDS) throw unsettled(integrationId, UNSETTLED_SECONDS - age);
	const { attempts } = (await run(BEGIN, link?.attempts ?? 0))!;
	if (!attempts) throw unsettled(integrationId, UNSETTLED_SECONDS);
	let made: Found;
	try {
		made = await ways.create();
	} catch (error) {
		if (isFactoryError(error) && WAS_NOT_DONE.includes(error.code)) await run(TAKE_BACK, attempts);
		throw error;
	}
	if (made.externalId === '')
		throw new FactoryError('CRM_AWAY', 'The CRM answered without the id of what it made. It is looked up.', {
			retryable: true,
			item: integrationId,
		});
	await ways.complete?.(made.externalId);
	await run(KEEP, JSON.stringify(made));
	return { externalId: made.externalId, made: true };
}

const unsettled = (integrationId: string, seconds: number): FactoryError =>
	new FactoryError(
		'CRM_UNSETTLED',
		'An earlier attempt may still arrive at the CRM. It is looked for again before anything is sent.',
		{ retryable: true, retryAfterMs: Math.ceil(seconds * 1_000), item: integrationId },
	);

export interface MadeDeal {
	/** Null: nobody wants this deal any more, e.g. its person turned out to be somebody else's. */
	dealId: string | null;
	made: boolean;
	[more: string]: unknown;
}

/** The deal of a lead: the one that is there, or a new one. */
export async function makeDeal(
	database: Database,
	tenantId: string,
	{ integrationId, leadId }: { integrationId: string; leadId: string },
	ports: CrmPorts,
): Promise<MadeDeal> {
	const loaded = await load(database, tenantId, integrationId, leadId);
	if (!loaded?.deal) return { dealId: null, made: false };
	if (loaded.deal.state === 'created') return { dealId: loaded.deal.external_id, made: false };
	const { integration, adapter } = await openIntegration(database, tenantId, integrationId, ports);
	const creation = { database, tenantId, integrationId, leadId, loaded };
	const person = personOf(loaded);
	const { people } = adapter;
	const personId = people
		? (
				await makeOnce(creation, 'person', {
					find: async (since) => found(await people.find(person, since)),
					create: async () => ({ externalId: await people.create(person) }),
				})
			).externalId
		: null;
	const { details } = loaded.deal;
	const mark = markOf(leadId);
	const deal = await makeOnce(creation, 'deal', {
		find: async () => remote(await adapter.findDeal(mark, personId)),
		create: async () =>
			remote(
				await adapter.createDeal({
					title: (details.title ?? person.name).slice(0, MAX_TITLE_CHARS),
					...{ mark, person, personId, ...loaded.wanted },
					pipelineId: integration.pipelineId,
					ownerId: integration.ownerId,
					value: details.value ?? null,
				}),
			)!,
		complete: async (externalId) => await note(adapter, externalId, details.notes, integration.ownerId),
	});
	return { dealId: deal.externalId, made: deal.made };
}

/** A note that the CRM refuses is not worth the deal; one that it cannot take now is tried again. */
async function note(
	{ addNote }: CrmAdapter,
	externalId: string,
	notes: string | undefined,
	ownerId: string | null,
): Promise<void> {
	if (!notes) return;
	try {
		await addNote(externalId, notes.slice(0, MAX_NOTE_CHARS), ownerId);
	} catch (error) {
		if (!isFactoryError(error) || error.code !== 'CRM_REFUSED') throw error;
	}
}

const found = (externalId: string | null): Found | null => (externalId === null ? null : { externalId });
const remote = <T extends object>(deal: (T & { externalId: string }) | null): Found | null =>
	deal === null ? null : { ...deal };

const personOf = ({ lead }: Loaded): Person => ({
	name: (lead.name ?? lead.username ?? lead.phone ?? 'WhatsApp').slice(0, MAX_NAME_CHARS),
	phone: lead.phone,
	email: lead.email,
});

/** Moves the deal to where the lead is now, whatever had been wanted when this was queued. */
export async function moveDeal(
	database: Database,
	tenantId: string,
	{ integrationId, leadId }: { integrationId: string; leadId: string },
	ports: CrmPorts,
): Promise<{ moved: boolean }> {
	const loaded = await load(database, tenantId, integrationId, leadId);
	if (loaded?.deal?.state !== 'created') return { moved: false };
	const { wanted, deal } = loaded;
	const stands = wanted.stage === null || wanted.status !== 'open' || wanted.stage === deal.remote_stage;
	if (wanted.status === deal.remote_status && stands) return { moved: false };
	const { adapter } = await openIntegration(database, tenantId, integrationId, ports);
	const told = await adapter.moveDeal(deal.external_id!, wanted);
	// What the answer leaves out stands as we sent it.
	const state = { ...told, externalId: deal.external_id, status: wanted.status, stage: told.stage ?? wanted.stage };
	await inTenant(
		database,
		tenantId,
		async (db) => await db.one(PUSHED, [tenantId, integrationId, leadId, JSON.stringify(state)]),
	);
	return { moved: true };
}
