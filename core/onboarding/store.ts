import type { CompiledAgentBundle, AgentSpec, SpecDocument } from '../agents';
import type { Database } from '../database';
import { FactoryError } from '../errors';
import type { NewPersona } from '../leads';
import { createTenant, inTenant, type TenantConnection } from '../tenancy';
import { keptAnswers, type Answers } from './answers';
import type { ConnectStep } from './connect';
import type { TestResult } from './conversation-test';
import type { OnboardingLanguage } from './fields';

export type OnboardingState =
	'draft' | 'compiled' | 'tested' | 'sent_for_approval' | 'approved' | 'rejected' | 'active';

export interface KeptDocument {
	title: string;
	fileName: string | null;
	mimeType: string | null;
	pages: number | null;
	truncated: boolean;
	characters: number;
}

export interface Onboarding {
	tenantId: string;
	id: string;
	business: string;
	state: OnboardingState;
	language: OnboardingLanguage;
	answers: Answers;
	spec: AgentSpec | null;
	persona: NewPersona | null;
	bundle: CompiledAgentBundle | null;
	bundleSha256: string | null;
	/** By channel account. */
	channels: Record<string, { kind: string; externalId: string; steps: ConnectStep[] }>;
	testResult: TestResult | null;
	testPassed: boolean | null;
	testOverride: string | null;
	testOverrideBy: string | null;
	approvedBy: string | null;
	approvedAt: Date | null;
	decisionNote: string | null;
	agentId: string | null;
	agentVersionId: string | null;
	personaVersion: number | null;
	clonedFrom: { placeholders?: string[] } | null;
	createdBy: string;
	documents: KeptDocument[];
}

/** Names an onboarding: what the code to go on later says. */
export interface OnboardingRef {
	tenantId: string;
	id: string;
}

const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const CODE = new RegExp(`^(${UUID})/(${UUID})$`, 'i');
export const codeOf = ({ tenantId, id }: OnboardingRef): string => `${tenantId}/${id}`;

export function refOf(code: string): OnboardingRef {
	const [, tenantId, id] = CODE.exec(code.trim()) ?? [];
	if (!tenantId || !id) {
		throw new FactoryError(
			'ONBOARDING_NOT_FOUND',
			'This is no code of an onboarding. Copy the whole code that the form showed.',
			{ item: 'code' },
		);
	}
	return { tenantId, id };
}

const START = `select start_onboarding($1::uuid, $2::jsonb, $3::text, $4::text, $5::jsonb) as id`;
const SAVE = `select save_onboarding_answers($1::uuid, $2::uuid, $3::jsonb) as state`;
const READ = `select o.tenant_id as "tenantId", o.id, t.name as business, o.state, o.language, o.answers, o.spec, o.persona, o.bundle, o.bundle_sha256 as "bundleSha256",
		o.channels, o.test_result as "testResult", o.test_passed as "testPassed", o.test_override as "testOverride", o.test_override_by as "testOverrideBy",
		o.approved_by as "approvedBy", o.approved_at as "approvedAt", o.decision_note as "decisionNote", o.agent_id as "agentId",
		o.agent_version_id as "agentVersionId", o.persona_version as "personaVersion", o.cloned_from as "clonedFrom", o.created_by as "createdBy",
		coalesce((select jsonb_agg(jsonb_build_object('title', d.title, 'fileName', d.file_name, 'mimeType', d.mime_type, 'pages', d.pages, 'truncated', d.truncated,
				'characters', length(d.content)) order by d.created_at, d.title)
			from onboarding_documents d where d.tenant_id = o.tenant_id and d.onboarding_id = o.id), '[]') as documents
	from onboardings o join tenants t on t.id = o.tenant_id where o.tenant_id = $1::uuid and o.id = $2::uuid`;
const DOCUMENTS = `select title, content from onboarding_documents where tenant_id = $1::uuid and onboarding_id = $2::uuid order by created_at, title`;

const textOf = (answer: unknown): string => (typeof answer === 'string' ? answer : '');

/** A name as part of an address: "Padaria São João" is padaria-sao-joao. */
export const slugOf = (name: string, suffix: string): string =>
	`${name
		.normalize('NFD')
		.replace(/\p{M}/gu, '')
		.toLowerCase()
		.replace(/[^a-z0-9]+/g, '-')
		.slice(0, 48)
		.replace(/^-+|-+$/g, '')}-${suffix}`.replace(/^-+/, '');

export interface StartInput {
	answers: Answers;
	language: OnboardingLanguage;
	person: string;
	/** Fresh uuid and random letters, passed in. */
	newId: string;
	slugSuffix: string;
	clonedFrom?: { placeholders: string[]; tenantId: string; agentVersionId: string };
}

/** A new client: the tenant is made with the first answers, so that all that follows is its own. */
export async function startOnboarding(database: Database, input: StartInput, actor?: string): Promise<OnboardingRef> {
	const answers = keptAnswers(input.answers);
	const name = textOf(answers.businessName);
	if (name === '')
		throw new FactoryError('VALUE_REFUSED', 'Field "businessName" is empty. A client needs a name.', {
			item: 'businessName',
		});
	await createTenant(
		database,
		{
			name: name.slice(0, 200),
			slug: slugOf(name, input.slugSuffix),
			businessType: textOf(answers.businessType) || undefined,
		},
		input.newId,
		actor,
	);
	return await inTenant(
		database,
		input.newId,
		async (db) => {
			const row = await db.one<{ id: string }>(START, [
				input.newId,
				JSON.stringify(answers),
				input.language,
				input.person,
				input.clonedFrom ? JSON.stringify(input.clonedFrom) : null,
			]);
			return { tenantId: input.newId, id: row!.id };
		},
		{ actor },
	);
}

export const saveAnswers = async (
	database: Database,
	ref: OnboardingRef,
	given: Answers,
	actor?: string,
): Promise<void> =>
	void (await inTenant(
		database,
		ref.tenantId,
		async (db) => await db.one(SAVE, [ref.tenantId, ref.id, JSON.stringify(keptAnswers(given))]),
		{ actor },
	));

export async function readOnboarding(database: Database, ref: OnboardingRef): Promise<Onboarding> {
	return await inTenant(database, ref.tenantId, async (db) => await readIn(db, ref));
}

export async function readIn(db: TenantConnection, ref: OnboardingRef): Promise<Onboarding> {
	const row = await db.one<Onboarding & Record<string, unknown>>(READ, [ref.tenantId, ref.id]);
	if (!row)
		throw new FactoryError(
			'ONBOARDING_NOT_FOUND',
			'There is no onboarding of this code. Start a new one, or check the code.',
			{ item: ref.id },
		);
	return row;
}

export const readDocuments = async (database: Database, ref: OnboardingRef): Promise<SpecDocument[]> =>
	await inTenant(
		database,
		ref.tenantId,
		async (db) => await db.all<SpecDocument & Record<string, unknown>>(DOCUMENTS, [ref.tenantId, ref.id]),
	);
