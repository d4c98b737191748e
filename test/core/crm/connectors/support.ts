import { randomBytes, randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import {
	callService,
	connectCrm,
	pause,
	runCrmWork,
	type ConnectedCrm,
	type CrmPorts,
	type NewConnection,
	type Provider,
} from '../../../../core/crm';
import type { Database } from '../../../../core/database';
import { httpCall } from '../../../../core/http';
import { inTenant } from '../../../../core/tenancy';
import type { CrmFault, CrmRequest } from '../../../../sandbox/standins/crm-faults';
import { startPipedriveStandIn } from '../../../../sandbox/standins/pipedrive';
import { startRdStationStandIn } from '../../../../sandbox/standins/rd-station';
import { vault } from '../../../support/factory';

interface IntegrationChanges {
	provider?: string;
	name?: string;
	createOn?: string;
	createOnStage?: string | null;
}

let serial = 0;

/** The row of a connected CRM, without the CRM: for what the database does by itself. */
export async function storedIntegration(
	admin: Pool,
	tenantId: string,
	changes: IntegrationChanges = {},
): Promise<string> {
	const { rows } = await admin.query<{ id: string }>(
		`insert into agent_factory.crm_integrations (tenant_id, provider, name, create_on, create_on_stage, stages)
			select $1, $2, $3, $4, $5, coalesce(jsonb_agg(jsonb_build_object('stageId', s.id, 'externalId', s.stage_order || '0', 'externalName', s.name) order by s.stage_order), '[]')
			from agent_factory.pipeline_stages s where s.tenant_id = $1 returning id`,
		[
			tenantId,
			changes.provider ?? 'pipedrive',
			changes.name ?? `crm ${serial++}`,
			changes.createOn ?? 'hot',
			changes.createOnStage ?? null,
		],
	);
	return rows[0].id;
}

/** One call of a function of the schema, as its tenant. */
export const ask = async <T = unknown>(
	database: Database,
	tenantId: string,
	call: string,
	values: unknown[],
): Promise<T> =>
	await inTenant(
		database,
		tenantId,
		async (db) => (await db.one<{ answer: T }>(`select ${call} as answer`, values))!.answer,
		{ actor: 'Rui' },
	);

/** The ports of a worker; what it calls is a stand-in on this machine. */
export const ports: CrmPorts = {
	request: httpCall,
	call: callService,
	sleep: pause,
	vault,
	now: Date.now,
	random: () => 0,
	randomBytes,
	randomId: randomUUID,
};

/** One CRM's stand-in, in words that fit both. */
export interface StandIn {
	provider: Provider;
	url: string;
	token: string;
	deals: Array<Record<string, any>>;
	/** What the deal-making request looks like. */
	creates: { method: string; path: string };
	moves: { method: string };
	stageOf(deal: Record<string, any>): string;
	/** Ids of the stages in order, as text. */
	stages: string[];
	change(deal: Record<string, any>, to: { stage?: string; status?: 'won' | 'lost' | 'open' }): unknown;
	statusOf(deal: Record<string, any>): string;
	fault(fault: CrmFault): void;
	heal(): void;
	tokens: Set<string>;
	requests: CrmRequest[];
	close(): Promise<void>;
}

export async function pipedrive(): Promise<StandIn> {
	const crm = await startPipedriveStandIn();
	return {
		...crm,
		...{ provider: 'pipedrive', token: 'pipedrive-token', stages: ['1', '2', '3', '4', '5'] },
		creates: { method: 'POST', path: '/api/v2/deals' },
		moves: { method: 'PATCH' },
		stageOf: (deal) => String(deal.stage_id),
		statusOf: (deal) => deal.status as string,
		change: (deal, { stage, status }) =>
			crm.change(deal.id as number, {
				...(stage ? { stage_id: Number(stage) } : {}),
				...(status ? { status } : {}),
				update_time: nextSecond(),
			}),
	};
}

export async function rdStation(): Promise<StandIn> {
	const crm = await startRdStationStandIn();
	const WIN = { won: true, lost: false, open: null };
	return {
		...crm,
		...{ provider: 'rd_station', token: 'rd-token' },
		stages: [11, 12, 13, 14, 15].map((place) => place.toString(16).padStart(24, '0')),
		creates: { method: 'POST', path: '/api/v1/deals' },
		moves: { method: 'PUT' },
		stageOf: (deal) => deal.deal_stage._id as string,
		statusOf: (deal) => (deal.win === true ? 'won' : deal.win === false ? 'lost' : 'open'),
		change: (deal, { stage, status }) =>
			crm.change(deal._id as string, { stage, ...(status ? { win: WIN[status] } : {}), updated_at: nextSecond() }),
	};
}

let seconds = 0;
/** A time after all that were told: the CRMs tell whole seconds, and tests are faster than that. */
const nextSecond = (): string => `${new Date(Date.now() + ++seconds * 1_000).toISOString().slice(0, 19)}Z`;

/** Connects the stand-in as the tenant's CRM. */
export async function connect(
	database: Database,
	tenantId: string,
	crm: StandIn,
	changes: Partial<NewConnection> = {},
): Promise<ConnectedCrm> {
	return await connectCrm(
		database,
		tenantId,
		{ provider: crm.provider, token: crm.token, baseUrl: crm.url, allowLocal: true, ...changes },
		ports,
		'Rui',
	);
}

/** Lets the work run that is due, polls apart; answers status and error of each job. */
export async function work(database: Database, tenantId: string): Promise<Array<[string, string, string | null]>> {
	const runs = await runCrmWork(database, { workerId: 'w', pollEverySeconds: 864_000_000 }, ports);
	return runs
		.filter((run) => run.tenantId === tenantId && run.type !== 'crm.poll')
		.map(({ type, status, error }) => [type, status, error?.split(':')[0] ?? null]);
}

/** Lets time pass: jobs that wait are due, attempts are old. */
export async function pass(admin: Pool, tenantId: string): Promise<void> {
	for (const sql of [
		`update agent_factory.background_jobs set available_at = now() where tenant_id = $1 and finished_at is null`,
		`update agent_factory.crm_links set attempted_at = attempted_at - interval '1 hour' where tenant_id = $1`,
		`update agent_factory.crm_integrations set paused_until = now() where tenant_id = $1 and paused_until is not null`,
	])
		await admin.query(sql, [tenantId]);
}
