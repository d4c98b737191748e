import type { Database } from '../database';
import { FactoryError } from '../errors';
import type { LlmPort } from '../llm';
import { inTenant } from '../tenancy';
import { testConversation, type TestResult } from './conversation-test';
import { readOnboarding, type Onboarding, type OnboardingRef } from './store';

const SAVE = `select save_onboarding_test($1::uuid, $2::uuid, $3::text, $4::jsonb, $5::boolean)`;
const OVERRIDE = `select override_onboarding_test($1::uuid, $2::uuid, $3::text, $4::text)`;

export interface RunTestPorts {
	/** The model that the bundle names. */
	llmFor(model: { provider: string; api: string; model: string }): Promise<LlmPort>;
	now: Date;
	signal?: AbortSignal;
}

/** Tests the compiled bundle and keeps the result with it. No message is sent and no conversation stored. */
export async function runConversationTest(
	database: Database,
	ref: OnboardingRef,
	ports: RunTestPorts,
	actor?: string,
): Promise<TestResult> {
	const { bundle, answers, persona }: Onboarding = await readOnboarding(database, ref);
	if (!bundle)
		throw new FactoryError('WRONG_STATE', 'Nothing is compiled yet. Compile the answers first.', { item: ref.id });
	const [question, expected] = [answers.testQuestion, answers.testExpected].map((value) =>
		typeof value === 'string' ? value : '',
	);
	const llm = await ports.llmFor(bundle.model);
	const result = await testConversation(
		{ bundle, personaVoice: persona?.brandVoice, question, expected },
		{ llm, now: ports.now, signal: ports.signal },
	);
	await inTenant(
		database,
		ref.tenantId,
		async (db) =>
			await db.one(SAVE, [ref.tenantId, ref.id, result.bundleSha256, JSON.stringify(result), result.passed]),
		{ actor },
	);
	return result;
}

/** A person lets an agent with failed items go on, and says why; both are in the audit log. */
export const overrideTest = async (
	database: Database,
	ref: OnboardingRef,
	person: string,
	reason: string,
): Promise<void> =>
	void (await inTenant(
		database,
		ref.tenantId,
		async (db) => await db.one(OVERRIDE, [ref.tenantId, ref.id, person, reason]),
		{ actor: person },
	));
