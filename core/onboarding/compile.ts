import { compileAgent } from '../agents';
import type { Database } from '../database';
import { FactoryError } from '../errors';
import { inTenant } from '../tenancy';
import { readAnswers, type AnswerIssue } from './answers';
import { CANARY_BYTES } from './defaults';
import { readDocuments, readOnboarding, type OnboardingRef } from './store';

const SAVE = `select save_onboarding_bundle($1::uuid, $2::uuid, $3::jsonb, $4::jsonb, $5::jsonb)`;

/** All that stands in the way, as one error: its details name each field. */
export function answersInvalid(issues: AnswerIssue[]): FactoryError {
	const [first] = issues;
	const more = issues.length > 1 ? ` (and ${issues.length - 1} more, see details.issues)` : '';
	return new FactoryError(
		'ONBOARDING_ANSWERS_INVALID',
		`Field "${first.field}": ${first.message}${more}. Correct it in the form.`,
		{
			item: first.field,
			details: { issues },
		},
	);
}

export interface Compiled {
	bundleSha256: string;
	estimatedTokens: number;
	documents: number;
	promptCharacters: number;
}

/** Answers and documents become the bundle that is tested, shown and, when the client says yes, frozen as v1.0.0. */
export async function compileOnboarding(
	database: Database,
	ref: OnboardingRef,
	randomBytes: (size: number) => Buffer,
	actor?: string,
): Promise<Compiled> {
	const [onboarding, documents] = [await readOnboarding(database, ref), await readDocuments(database, ref)];
	const { spec, persona, issues } = readAnswers(onboarding.answers, documents, onboarding.language);
	if (!spec) throw answersInvalid(issues);
	const bundle = compileAgent({ spec, canary: `cnry-${randomBytes(CANARY_BYTES).toString('hex')}` });
	await inTenant(
		database,
		ref.tenantId,
		async (db) =>
			await db.one(SAVE, [
				ref.tenantId,
				ref.id,
				JSON.stringify(bundle.spec),
				JSON.stringify(persona),
				JSON.stringify(bundle),
			]),
		{ actor },
	);
	return {
		bundleSha256: bundle.sha256,
		estimatedTokens: bundle.estimatedTokens,
		documents: bundle.documents.length,
		promptCharacters: bundle.systemPrompt.length,
	};
}
