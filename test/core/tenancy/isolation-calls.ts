import type { Pool } from 'pg';
import type { Database } from '../../../core/database';
import { inTenant } from '../../../core/tenancy';
import { argumentLists, callOf, type KnownIds } from './isolation-arguments';
import { checksumsOf, type Party, type Relation, type SqlFunction } from './isolation-catalogue';

/**
 * Many calls of one function in one round trip, each in a savepoint of its own. In a schema of its own, so that the
 * catalogue that is tested does not contain it; as its caller, so that policies hold as they would without it.
 */
const PROBE = `create schema isolation_probe;
	grant usage on schema isolation_probe to public;
	create function isolation_probe.told_of_calls(p_call text, p_lists jsonb) returns table (place integer, told text) language plpgsql as $$
	declare
		v_list record;
		v_detail text;
		v_hint text;
		v_whose constant text := current_user || current_setting('agent_factory.tenant_id');
	begin
		for v_list in select value, ordinality from jsonb_array_elements(p_lists) with ordinality loop
			place := v_list.ordinality - 1;
			begin
				for told in execute p_call using v_list.value loop
					return next;
				end loop;
			exception when others then
				get stacked diagnostics v_detail = pg_exception_detail, v_hint = pg_exception_hint;
				told := concat_ws(' ', sqlerrm, v_detail, v_hint);
				return next;
			end;
			if current_user || current_setting('agent_factory.tenant_id') <> v_whose then
				raise exception 'call % left its tenant', place;
			end if;
		end loop;
	end $$;
	create function isolation_probe.acts(p_call text, p_lists jsonb, p_sums text) returns boolean language plpgsql as $$
	declare
		v_list record;
		v_told text;
		v_before text;
		v_after text;
		v_acts boolean := false;
		c_nothing constant text[] := array['', 'f', 'false', '0', '[]', '{}', 'null'];
	begin
		execute p_sums into v_before;
		for v_list in select value from jsonb_array_elements(p_lists) loop
			begin
				for v_told in execute p_call using v_list.value loop
					v_acts := v_acts or (v_told is not null and v_told <> all (c_nothing));
				end loop;
				if not v_acts then
					execute p_sums into v_after;
					v_acts := v_after <> v_before;
				end if;
				raise exception using errcode = 'TB000';
			exception when others then
				exit when v_acts;
			end;
		end loop;
		return v_acts;
	end $$`;

export const installProbe = async (admin: Pool): Promise<void> => void (await admin.query(PROBE));

export interface Targets {
	admin: Pool;
	relations: Relation[];
	ids: KnownIds;
}

/** As the lists go to the probe: an argument is a text, JSON and arrays too. */
const asTexts = (lists: unknown[][]): string => JSON.stringify(lists.map((list) => list.map(asText)));

function asText(value: unknown): string | null {
	if (value === null || value === undefined) return null;
	if (value instanceof Date) return value.toISOString();
	if (Array.isArray(value)) return `{${value.map((one) => JSON.stringify(String(one))).join(',')}}`;
	return String(value);
}

/** Calls every function with the victim's ids, and commits: what came back of the victim, and what changed. */
export async function misuseFunctions(
	database: Database,
	functions: SqlFunction[],
	attacker: Party,
	victim: Party,
	targets: Targets,
): Promise<string[]> {
	const findings: string[] = [];
	// Prepared: its plan spans every table and costs more than its work.
	const sums = { name: `checksums of ${victim.mark}`, text: checksumsOf(targets.relations, victim) };
	const look = async (): Promise<Record<string, string>> =>
		(await targets.admin.query<{ sums: Record<string, string> }>(sums)).rows[0].sums;
	const secrets = [
		victim.mark,
		...[...targets.ids.values()].filter(({ type }) => type === 'uuid').flatMap(({ values }) => values as string[]),
	];
	let before = await look();
	for (const fn of functions) {
		const lists = [...new Set([victim.tenantId, attacker.tenantId])].flatMap((tenantId) =>
			argumentLists(fn, tenantId, targets.ids),
		);
		const { answers, wrote } = await inTenant(database, attacker.tenantId, async (db) => ({
			patience: await db.one(PATIENCE),
			answers: await db.all<Answer>(TOLD, [callOf(fn), asTexts(lists)]),
			// Without a transaction id nothing was written, to no table.
			wrote: (await db.one<{ wrote: boolean }>('select pg_current_xact_id_if_assigned() is not null as wrote'))!.wrote,
		}));
		if (answers.some(({ place, told }) => isNews(told, lists[place], secrets)))
			findings.push(`${fn.name} told something of the victim`);
		if (!wrote) continue;
		const after = await look();
		for (const [table, sum] of Object.entries(before))
			if (after[table] !== sum) findings.push(`${fn.name} changed ${table}`);
		before = after;
	}
	return findings;
}

interface Answer {
	place: number;
	told: string | null;
}
/** A statement here is hundreds of calls. */
const PATIENCE = `select set_config('statement_timeout', '120000', true)`;
const TOLD = 'select * from isolation_probe.told_of_calls($1, $2)';

/** A secret that the caller did not name itself. */
function isNews(told: string | null, said: unknown[], secrets: string[]): boolean {
	const found = secrets.filter((secret) => told?.includes(secret));
	return found.length > 0 && found.some((secret) => !JSON.stringify(said).includes(secret));
}

/** The same calls by the owner of the rows, taken back: functions that did and told nothing were not really tried. */
export async function idleFunctions(
	database: Database,
	functions: SqlFunction[],
	party: Party,
	targets: Targets,
): Promise<string[]> {
	const idle: string[] = [];
	const sums = `select (${checksumsOf(targets.relations, party)})::text`;
	for (const fn of functions) {
		const lists = asTexts(argumentLists(fn, party.tenantId, targets.ids));
		const [answer] = await inTenant(database, party.tenantId, async (db) => {
			await db.one(PATIENCE);
			return await db.all<{ acts: boolean }>('select isolation_probe.acts($1, $2, $3)', [callOf(fn), lists, sums]);
		});
		if (!answer.acts) idle.push(fn.name);
	}
	return idle;
}
