import type { Pool } from 'pg';

type Undo = () => Promise<void>;

export interface Mechanism<T> {
	/** What a reader sees of the promise; runs twice, so it makes its own persons and messages. */
	check(): Promise<T>;
	holds: T;
	/** Takes the mechanism away and gives it back. */
	remove(): Promise<Undo>;
	breaks: T;
}

/** A test that cannot fail proves nothing: with the mechanism the check holds, without it the same check shows the break. */
export async function showsTheBreak<T>({ check, holds, remove, breaks }: Mechanism<T>): Promise<void> {
	expect(await check()).toEqual(holds);
	const undo = await remove();
	try {
		expect(await check()).toEqual(breaks);
	} finally {
		await undo();
	}
}

/** Several at once: a promise that two ways keep breaks only without both. */
export async function allOf(...removals: Array<() => Promise<Undo>>): Promise<Undo> {
	const undos: Undo[] = [];
	for (const remove of removals) undos.unshift(await remove());
	return async () => {
		for (const undo of undos) await undo();
	};
}

/** Replaces one piece of a shipped function in the test database; a piece that is not there exactly once fails the test. */
export async function weakenFunction(admin: Pool, name: string, piece: string, by: string): Promise<Undo> {
	const { rows } = await admin.query<{ definition: string }>(
		`select pg_get_functiondef(('agent_factory.' || $1)::regproc) as definition`,
		[name],
	);
	const { definition } = rows[0];
	const found = definition.split(piece).length - 1;
	if (found !== 1) throw new Error(`${name} holds the piece ${found} times, not once: ${piece}`);
	await admin.query(definition.replace(piece, () => by));
	return async () => void (await admin.query(definition));
}

/** A unique constraint or index that keeps its name and lets everything through: `id` makes each row another. */
export async function loosenUnique(admin: Pool, table: string, name: string): Promise<Undo> {
	const { rows } = await admin.query<{ index: string; key: string | null }>(
		`select pg_get_indexdef(i.indexrelid) as index, pg_get_constraintdef(k.oid) as key
			from pg_index i left join pg_constraint k on k.conindid = i.indexrelid and k.conrelid = i.indrelid
			where i.indexrelid = ('agent_factory.' || $1)::regclass`,
		[name],
	);
	const [{ index, key }] = rows;
	const apply = async (definition: string): Promise<void> => {
		await admin.query(
			key ? `alter table agent_factory.${table} drop constraint ${name}` : `drop index agent_factory.${name}`,
		);
		await admin.query(key ? `alter table agent_factory.${table} add constraint ${name} ${definition}` : definition);
	};
	const loose = (key ?? index).replace(/^(.*?\([^)]*)\)/, '$1, id)');
	await apply(loose);
	return async () => {
		// What came in twice meanwhile would not fit under the key again.
		await admin.query(`truncate agent_factory.${table} cascade`);
		await apply(key ?? index);
	};
}

export async function withoutTrigger(admin: Pool, table: string, trigger: string): Promise<Undo> {
	await admin.query(`alter table agent_factory.${table} disable trigger ${trigger}`);
	return async () => void (await admin.query(`alter table agent_factory.${table} enable trigger ${trigger}`));
}
