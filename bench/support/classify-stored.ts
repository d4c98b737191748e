import { randomUUID } from 'node:crypto';
import { applyMigrations, openDatabase, type Database } from '../../core/database';
import {
	classifyByRules,
	createPersonaVersion,
	DEFAULT_THRESHOLDS,
	GENERIC_PERSONA,
	saveClassifiedLead,
	type ClassifiedLead,
	type Persona,
	type RuleResult,
} from '../../core/leads';
import { createTenant, inTenant } from '../../core/tenancy';
import { fitproPersona } from '../../sandbox/demo/fitpro';
import { startPostgres } from '../../sandbox/postgres';
import type { BenchContext } from '../index';
import { leadMessages } from './lead-messages';
import { interleave, load } from './measure';

const CALLS = 1_000;
const ROUNDS = 5;
/** People who write again and again; half of them have no row before the clock starts. */
const PEOPLE = 500;

export const STORED_CONTENDERS = ['bare insert, one statement', 'bare insert', 'rules and stored'] as const;
export type StoredFigures = Record<(typeof STORED_CONTENDERS)[number], Record<string, number>>;

const TEXTS = leadMessages();
const PERSONA: Persona = { ...GENERIC_PERSONA, ...fitproPersona };
const textOf = (n: number): string => TEXTS[n % TEXTS.length];

export const rulesOf = (n: number): RuleResult =>
	classifyByRules(
		{
			platform: 'whatsapp',
			messages: [{ id: '1', text: textOf(n), kind: 'text', referral: null }],
			profile: { name: 'Cliente' },
			known: null,
			history: [],
		},
		PERSONA,
		DEFAULT_THRESHOLDS,
	);

/** One caller, one message a transaction, beside the cheapest thing that could be called storing it. */
export async function classifyStored({ say, quick }: BenchContext): Promise<StoredFigures> {
	const calls = quick ? CALLS / 5 : CALLS;
	const postgres = await startPostgres();
	const connectionString = postgres.connectionString();
	const database = openDatabase({ connectionString });
	try {
		await applyMigrations({ connectionString });
		const seeded = await seed(database);
		let serial = 0;
		const run: Record<keyof StoredFigures, () => ReturnType<typeof load>> = {
			'bare insert, one statement': () => load(1, calls, (n) => insertAlone(database, seeded, n)),
			'bare insert': () => load(1, calls, (n) => insertOfTenant(database, seeded, n)),
			'rules and stored': () => load(1, calls, () => classifyAndStore(database, seeded, (serial += 1))),
		};
		await load(1, PEOPLE / 2, () => classifyAndStore(database, seeded, (serial += 1)));
		await run['bare insert']();
		await database.pool.query('analyze');
		return await interleave(run, quick ? 1 : ROUNDS, (name, { perSecond }) =>
			say(`${name}: ${Math.round(perSecond)}/s`),
		);
	} finally {
		await database.pool.end();
		await postgres.stop();
	}
}

interface Seeded {
	tenantId: string;
	personaId: string;
	contacts: string[];
}

async function seed(database: Database): Promise<Seeded> {
	const tenantId = randomUUID();
	await createTenant(database, { name: 'Bench', slug: 'bench', status: 'active' }, tenantId);
	const { id: personaId } = await createPersonaVersion(database, tenantId, fitproPersona, { activate: true });
	const contacts = Array.from({ length: PEOPLE }, () => randomUUID());
	await inTenant(database, tenantId, async (db) => {
		await db.all('insert into contacts (tenant_id, id) select $1::uuid, c from unnest($2::uuid[]) c', [
			tenantId,
			contacts,
		]);
	});
	await database.pool.query(
		`create table bench_bare (like ${database.qualified}classified_leads including defaults including generated, primary key (tenant_id, id))`,
	);
	await database.pool.query('grant insert on bench_bare to agent_factory_runtime');
	return { tenantId, personaId, contacts };
}

const usernameOf = (n: number): string => `5511900${String(n % PEOPLE).padStart(6, '0')}`;

function leadOf({ contacts, personaId }: Seeded, turnId: number): ClassifiedLead {
	const rules = rulesOf(turnId);
	return {
		turnId,
		conversationId: null,
		contactId: contacts[turnId % PEOPLE],
		personaId,
		personaVersion: 1,
		knownContactId: null,
		platform: 'whatsapp',
		username: usernameOf(turnId),
		fullName: 'Cliente',
		messageText: textOf(turnId),
		messageTimestamp: new Date().toISOString(),
		conversationContext: { messages: ['1'], history: [] },
		profileData: null,
		aiAnalysis: null,
		classification: rules.classification,
		personalReason: rules.personalReason,
		icpScore: rules.score,
		fitScore: rules.fit,
		intentScore: rules.intent,
		confidence: rules.confidence,
		scoreBreakdown: rules.points,
		decidedBy: rules.gate ? 'gate' : 'rules',
		injectionFlagged: rules.injection,
		treatment: 'standard',
		treatPropensity: 1,
		explorationArm: null,
		source: 'organic',
		referral: null,
		usage: [],
	};
}

const classifyAndStore = async (database: Database, seeded: Seeded, turnId: number): Promise<void> =>
	void (await saveClassifiedLead(database, seeded.tenantId, leadOf(seeded, turnId)));

const INSERT = `insert into public.bench_bare (tenant_id, lead_id, turn_id, persona_id, persona_version, platform, username, full_name, message_text,
		message_timestamp, conversation_context, classification, icp_score, fit_score, intent_score, confidence, score_breakdown, decided_by, treatment)
	values ($1, $2, $3, $4, 1, 'whatsapp', $5, 'Cliente', $6, now(), '{"messages": ["1"], "history": []}', 'LEAD_WARM', 50, 20, 30, 0.8, $7, 'rules', 'standard')`;
const POINTS = JSON.stringify([
	{ axis: 'intent', rule: 'price', points: 14, messageId: '1', evidence: 'preço' },
	{ axis: 'fit', rule: 'positive_keyword', points: 10, messageId: '1', evidence: 'plano' },
]);
const values = ({ tenantId, contacts, personaId }: Seeded, n: number): unknown[] => [
	...[tenantId, contacts[n % PEOPLE], n, personaId, usernameOf(n), textOf(n), POINTS],
];

const insertAlone = async (database: Database, seeded: Seeded, n: number): Promise<void> =>
	void (await database.pool.query(INSERT, values(seeded, n)));

const insertOfTenant = async (database: Database, seeded: Seeded, n: number): Promise<void> =>
	await inTenant(database, seeded.tenantId, async (db) => void (await db.one(INSERT, values(seeded, n))));
