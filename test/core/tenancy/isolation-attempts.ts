import type { Pool } from 'pg';
import type { Database } from '../../../core/database';
import { inTenant, type TenantConnection } from '../../../core/tenancy';
import { callOf } from './isolation-arguments';
import { isOf, ownerOf, type LooseReference, type Party, type Relation, type SqlFunction } from './isolation-catalogue';

type Answer = { rows: Array<Record<string, unknown>> } | { refused: string };
type Run = (sql: string, values?: unknown[]) => Promise<Array<Record<string, unknown>>>;
const REFUSED = '42501';
/** Our own triggers may say no before the policy does. */
const SAYS_NO = [REFUSED, 'ZF001', 'ZF003'];

/** Runs one statement and takes it back, whatever it did. */
async function attempt(run: Run, sql: string, values?: unknown[]): Promise<Answer> {
	await run('savepoint attempt');
	try {
		return { rows: await run(sql, values) };
	} catch (error) {
		return { refused: (error as { code?: string }).code ?? String(error) };
	} finally {
		await run('rollback to savepoint attempt');
	}
}

const told = (answer: Answer): string =>
	'refused' in answer ? `refused with ${answer.refused}` : `${answer.rows.length} rows`;
/** By its key, and by what it says: a view may show a text without the id. */
const ofParty =
	(relation: Relation, party: Party) =>
	({ row }: Record<string, unknown>): boolean =>
		(row as Record<string, unknown>)[relation.key] === ownerOf(relation, party) ||
		JSON.stringify(row).includes(party.mark);

/** What a transaction of the attacker gets of the victim through tables and views: empty when the walls hold. */
export async function reachRows(
	run: Run,
	relations: Relation[],
	attacker: Party,
	victim: Party,
	rowsOf: Map<string, unknown>,
): Promise<string[]> {
	const findings: string[] = [];
	for (const relation of relations) {
		const { name, key, columns } = relation;
		const expect = async (
			what: string,
			sql: string,
			holds: (answer: Answer) => boolean,
			values?: unknown[],
		): Promise<void> => {
			const answer = await attempt(run, sql, values);
			if (!holds(answer)) findings.push(`${what} ${name}: ${told(answer)}`);
		};
		const nothing = (answer: Answer): boolean => 'rows' in answer && answer.rows.length === 0;
		await expect(
			'read all of',
			`select to_jsonb(t) as row from agent_factory.${name} t`,
			(answer) => 'rows' in answer && !answer.rows.some(ofParty(relation, victim)),
		);
		await expect(
			'read by key from',
			`select to_jsonb(t) as row from agent_factory.${name} t where ${isOf(relation, victim)}`,
			nothing,
		);
		await expect(
			'find its own rows in',
			`select to_jsonb(t) as row from agent_factory.${name} t`,
			(answer) => 'rows' in answer && answer.rows.some(ofParty(relation, attacker)),
		);
		if (relation.isView) {
			// A simple view could be written through; whether rule or missing grant stops it is all the same.
			for (const sql of [
				`update agent_factory.${name} set ${key} = ${key}`,
				`delete from agent_factory.${name}`,
				`insert into agent_factory.${name} (${key}) values ('${victim.tenantId}')`,
			])
				await expect('write through', sql, (answer) => 'refused' in answer);
			continue;
		}
		await expect(
			'update',
			`update agent_factory.${name} set ${key} = ${key} where ${isOf(relation, victim)} returning 1`,
			nothing,
		);
		await expect(
			'take over',
			`update agent_factory.${name} set ${key} = '${ownerOf(relation, attacker)}' where ${isOf(relation, victim)} returning 1`,
			nothing,
		);
		await expect(
			'delete from',
			`delete from agent_factory.${name} where ${isOf(relation, victim)} returning 1`,
			nothing,
		);
		await expect(
			'give a row away in',
			`update agent_factory.${name} set ${key} = '${ownerOf(relation, victim)}' where ${isOf(relation, attacker)} returning 1`,
			(answer) => nothing(answer) || ('refused' in answer && SAYS_NO.includes(answer.refused)),
		);
		const refused = (answer: Answer): boolean => 'refused' in answer && answer.refused === REFUSED;
		const list = columns.join(', ');
		await expect(
			'insert a copy into',
			`insert into agent_factory.${name} (${list}) overriding system value select ${list} from jsonb_populate_record(null::agent_factory.${name}, $1::jsonb) returning 1`,
			refused,
			[JSON.stringify(rowsOf.get(name))],
		);
		await expect('truncate', `truncate agent_factory.${name} cascade`, refused);
	}
	return findings;
}

/** One row of the victim a table, for the copies; a table without one is named. */
export async function sampleRows(admin: Pool, relations: Relation[], party: Party): Promise<Map<string, unknown>> {
	const found = new Map<string, unknown>();
	for (const relation of relations) {
		const { rows } = await admin.query<{ row: unknown }>(
			`select to_jsonb(t) as row from agent_factory.${relation.name} t where ${isOf(relation, party)} limit 1`,
		);
		if (rows.length > 0) found.set(relation.name, rows[0].row);
	}
	return found;
}

/** Points the attacker's rows at the victim's and looks whether that makes them visible. */
export async function reachByReference(
	run: Run,
	references: LooseReference[],
	relations: Relation[],
	attacker: Party,
	victim: Party,
	rowsOf: Map<string, unknown>,
): Promise<string[]> {
	const findings: string[] = [];
	const named = (name: string): Relation => relations.find((relation) => relation.name === name) as Relation;
	for (const { child, column, parent, parentColumn } of references) {
		const id = (rowsOf.get(parent) as Record<string, unknown>)[parentColumn];
		await run('savepoint reference');
		await run(`update agent_factory.${child} set ${column} = $1 where ${isOf(named(child), attacker)}`, [id]).catch(
			async () => await run('rollback to savepoint reference'),
		);
		const rows = await run(`select to_jsonb(t) as row from agent_factory.${parent} t`);
		if (rows.some(ofParty(named(parent), victim))) findings.push(`${child}.${column} opens ${parent}`);
		await run('rollback to savepoint reference');
	}
	return findings;
}

/** Everything a transaction does is taken back. */
export async function inTenantThenBack<T>(
	database: Database,
	tenantId: string,
	work: (run: Run, db: TenantConnection) => Promise<T>,
): Promise<T> {
	const back = new Error('taken back');
	let result: T | undefined;
	try {
		await inTenant(database, tenantId, async (db) => {
			result = await work(async (sql, values) => await db.all(sql, values), db);
			throw back;
		});
	} catch (error) {
		if ((error as Error).cause !== back) throw error;
	}
	return result as T;
}

/** Doors that open inside a tenant transaction: none should. */
export async function openDoors(run: Run, functions: SqlFunction[]): Promise<string[]> {
	const findings: string[] = [];
	for (const fn of functions) {
		const nulls = fn.parameters.map(() => null);
		const answer = await attempt(run, callOf(fn), nulls.length > 0 ? [JSON.stringify(nulls)] : []);
		if (!('refused' in answer) || answer.refused !== REFUSED) findings.push(`${fn.name}: ${told(answer)}`);
	}
	return findings;
}
