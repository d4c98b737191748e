import { runDoctor, toDatabaseError, type Database, type DoctorInput } from '../database';

/** What a new installation needs, in the order in which people come to it. */
export const CHECKS = ['database', 'verifyToken', 'metaApp', 'tenant', 'agent', 'modelKey', 'testMessage'] as const;
export type Check = (typeof CHECKS)[number];

export interface ChecklistItem {
	check: Check;
	done: boolean;
	/** What the database said of it, for who has to mend it. */
	findings: string[];
}

interface Facts {
	verifiedAt: string | null;
	hasEvent: boolean;
	tenants: number;
	channelAccounts: number;
	activeAgents: number;
	hasModelAnswer: boolean;
	hasMessage: boolean;
	hasAnswer: boolean;
	hasWaiting: boolean;
}

const NOTHING: Facts = {
	...{ verifiedAt: null, hasEvent: false, tenants: 0, channelAccounts: 0, activeAgents: 0 },
	...{ hasModelAnswer: false, hasMessage: false, hasAnswer: false, hasWaiting: false },
};

/** How far the installation is. Nothing is set by hand: each line follows from what the database holds. */
export async function readChecklist(database: Database, input: DoctorInput = {}): Promise<ChecklistItem[]> {
	const problems = (await runDoctor(database, input)).filter(({ level }) => level === 'problem');
	const facts = problems.length > 0 ? NOTHING : await readFacts(database);
	const item = (check: Check, done: boolean, findings: string[] = []): ChecklistItem => ({ check, done, findings });
	return [
		item(
			'database',
			problems.length === 0,
			problems.map(({ message, repair }) => (repair ? `${message} ${repair}` : message)),
		),
		item('verifyToken', facts.verifiedAt !== null),
		item('metaApp', facts.hasEvent),
		item('tenant', facts.tenants > 0 && facts.channelAccounts > 0),
		item('agent', facts.activeAgents > 0),
		item('modelKey', facts.hasModelAnswer),
		item('testMessage', facts.hasMessage && facts.hasAnswer, facts.hasMessage && !facts.hasAnswer ? ['waits'] : []),
	];
}

async function readFacts(database: Database): Promise<Facts> {
	try {
		const { rows } = await database.pool.query<{ facts: Facts }>(`select ${database.qualified}setup_facts() as facts`);
		return rows[0].facts;
	} catch (error) {
		throw toDatabaseError(error);
	}
}

/** Meta asked with the right verify token: what turns that line green. */
export async function noteHandshake(database: Database): Promise<void> {
	try {
		await database.pool.query(`select ${database.qualified}note_meta_handshake()`);
	} catch (error) {
		throw toDatabaseError(error);
	}
}
