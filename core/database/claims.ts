import type { WorkKind } from './notify';
import type { Database } from './pool';

type Listener = (work: WorkKind) => void;

const listeners = new WeakMap<Database, Set<Listener>>();

/** Says within this process that somebody has just looked for work and taken what there was. */
export function reportClaim(database: Database, work: WorkKind): void {
	for (const listener of listeners.get(database) ?? []) listener(work);
}

/** Hears of claims of this process; those of other processes stay unheard. Answers how to stop. */
export function onClaim(database: Database, listener: Listener): () => void {
	const heard = listeners.get(database) ?? new Set<Listener>();
	listeners.set(database, heard.add(listener));
	return () => void heard.delete(listener);
}
