import { randomUUID } from 'node:crypto';
import { applyMigrations, openDatabase, type Database } from '../core/database';
import {
	classifyByRules,
	createPersonaVersion,
	DEFAULT_THRESHOLDS,
	GENERIC_PERSONA,
	saveClassifiedLead,
	type ClassifiedLead,
	type LeadInput,
} from '../core/leads';
import { createTenant, inTenant } from '../core/tenancy';
import { fitproPersona } from '../sandbox/demo/fitpro';
import { startPostgres } from '../sandbox/postgres';
import { interleave, load } from './support/measure';
import type { Report } from './support/report';
import type { BenchContext } from './index';

const IN_MEMORY = 20_000;
const STORED = 2_000;
const ROUNDS = 5;
/** People who write again and again. */
const PEOPLE = 500;
const TEXTS = [
	'Oi, tudo bem? Queria saber o preço do plano mensal',
	'Quero fazer a matrícula hoje, como faço o pagamento?',
	'oi mãe, hoje vou almoçar aí, beijo',
	'PROMOÇÃO IMPERDÍVEL: ganhe dinheiro sem sair de casa, clique no link',
	'boa tarde, vocês estão contratando? posso mandar meu currículo?',
	'meu boleto venceu ontem, podem mandar a segunda via?',
];

/** What a class costs in memory, and with its row against the cheapest thing that could be called storing it. */
export async function classifyBench({ say, quick }: BenchContext): Promise<Report> {
	const memory = await load(1, quick ? IN_MEMORY / 10 : IN_MEMORY, async (n) => void rulesOf(n));
	say(`rules in memory: ${Math.round(memory.perSecond)}/s`);
	const calls = quick ? STORED / 10 : STORED;
	const postgres = await startPostgres();
	const connectionString = postgres.connectionString();
	await applyMigrations({ connectionString });
	const database = openDatabase({ connectionString });
	try {
		const seeded = await seed(database);
		let turnId = 0;
		const classify = async (n: number): Promise<void> => await classifyAndStore(database, seeded, n, (turnId += 1));
		await load(1, PEOPLE, classify);
		const figures = await interleave(
			{
				'bare insert': () => load(1, calls, (n) => bareInsert(database, seeded, n)),
				'insert in a tenant transaction': () => load(1, calls, (n) => tenantInsert(database, seeded, n)),
				'rules and stored': () => load(1, calls, classify),
			},
			quick ? 1 : ROUNDS,
			(name, { perSecond }) => say(`${name}: ${Math.round(perSecond)}/s`),
		);
		const bare = figures['bare insert'];
		return {
			tables: [
				{
					title: 'Rules in memory, one caller',
					columns: ['messages /s', 'p50 ms', 'p99 ms'],
					rows: [{ label: 'rules', figures: [memory.perSecond, memory.p50, memory.p99] }],
				},
				{
					title: 'Stored one by one, one caller',
					columns: ['messages /s', 'p50 ms', 'p99 ms', 'time of a bare insert'],
					rows: Object.entries(figures).map(([label, { perSecond, p50, p99 }]) => ({
						label,
						figures: [perSecond, p50, p99, bare.perSecond / perSecond],
					})),
				},
			],
			targets: [
				{
					name: 'rules and stored, time of a bare insert',
					figure: bare.perSecond / figures['rules and stored'].perSecond,
					atMost: 3,
					gate: true,
				},
			],
			notes: [
				'Bare insert: one row with the same columns of text and JSON, one statement, one commit, no tenant role, no person, no counter. Rules and stored: the class of the message, the person’s row, the plan’s counter, row level security.',
			],
		};
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
	await inTenant(
		database,
		tenantId,
		async (db) =>
			await db.all('insert into contacts (tenant_id, id) select $1::uuid, c from unnest($2::uuid[]) c', [
				tenantId,
				contacts,
			]),
	);
	await database.pool.query(
		'create table bench_bare (id bigint generated always as identity primary key, tenant_id uuid, username text, message_text text, classification text, score integer, breakdown jsonb, created_at timestamptz not null default now())',
	);
	await database.pool.query('grant insert on bench_bare to agent_factory_runtime');
	return { tenantId, personaId, contacts };
}

const inputOf = (n: number): LeadInput => ({
	platform: 'whatsapp',
	messages: [{ id: '1', text: TEXTS[n % TEXTS.length], kind: 'text', referral: null }],
	profile: { name: 'Cliente' },
	known: null,
	history: [],
});

const rulesOf = (n: number) => classifyByRules(inputOf(n), GENERIC_PERSONA, DEFAULT_THRESHOLDS);

async function classifyAndStore(database: Database, seeded: Seeded, n: number, turnId: number): Promise<void> {
	const rules = rulesOf(n);
	const lead: ClassifiedLead = {
		turnId,
		conversationId: null,
		contactId: seeded.contacts[n % PEOPLE],
		personaId: seeded.personaId,
		personaVersion: 1,
		knownContactId: null,
		platform: 'whatsapp',
		username: `5511900${String(n % PEOPLE).padStart(6, '0')}`,
		fullName: 'Cliente',
		messageText: TEXTS[n % TEXTS.length],
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
	await saveClassifiedLead(database, seeded.tenantId, lead);
}

const INSERT =
	'insert into bench_bare (tenant_id, username, message_text, classification, score, breakdown) values ($1, $2, $3, $4, $5, $6)';
const bareValues = ({ tenantId }: Seeded, n: number): unknown[] => [
	tenantId,
	`5511900${n % PEOPLE}`,
	TEXTS[n % TEXTS.length],
	'LEAD_WARM',
	50,
	'[{"axis":"intent","rule":"price","points":14,"messageId":"1","evidence":"preço"}]',
];

async function bareInsert(database: Database, seeded: Seeded, n: number): Promise<void> {
	await database.pool.query(INSERT, bareValues(seeded, n));
}

const tenantInsert = async (database: Database, seeded: Seeded, n: number): Promise<void> =>
	await inTenant(database, seeded.tenantId, async (db) => {
		await db.one(INSERT.replace('bench_bare', 'public.bench_bare'), bareValues(seeded, n));
	});
