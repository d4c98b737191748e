import { z } from 'zod/v4';
import type { Database } from '../database';
import { FactoryError } from '../errors';
import type { PageLanguage } from '../pages';
import { inTenant } from '../tenancy';
import { CONSENT_TEXT_VERSION, consentTextSha256 } from './consent-texts';
import { SOURCES } from './defaults';

export interface PracticeConsent {
	purpose: unknown;
	/** Of `share`: which source; null for `receive`. */
	source: unknown;
	granted: boolean;
	person: string;
	language: PageLanguage;
	givenOn: 'page' | 'n8n';
}

const consentSchema = z.union([
	z.object({ purpose: z.literal('share'), source: z.enum(SOURCES) }),
	z.object({ purpose: z.literal('receive'), source: z.null() }),
]);

const RECORD = `select record_practice_consent($1::uuid, $2::jsonb) as answer`;

/** Writes a receipt; withdrawing takes effect in the same transaction. What stands already is not written twice. */
export async function recordPracticeConsent(
	database: Database,
	tenantId: string,
	given: PracticeConsent,
): Promise<{ changed: boolean; receiptId: number | null }> {
	const { purpose, source } = given;
	const parsed = consentSchema.safeParse({ purpose, source: source ?? null });
	if (!parsed.success) {
		throw new FactoryError(
			'VALUE_REFUSED',
			`Agree to share from ${SOURCES.join(' or ')}, or to receive. Nothing from WhatsApp can be shared.`,
			{ item: 'source' },
		);
	}
	const what = parsed.data;
	const receipt = {
		...{ ...what, granted: given.granted, person: given.person, language: given.language, givenOn: given.givenOn },
		textVersion: CONSENT_TEXT_VERSION,
		textSha256: consentTextSha256(what.purpose, what.source, given.language),
	};
	return await inTenant(
		database,
		tenantId,
		async (db) => {
			const row = await db.one<{ answer: { changed: boolean; receiptId: number | null } }>(RECORD, [
				tenantId,
				JSON.stringify(receipt),
			]);
			return row!.answer;
		},
		{ actor: given.person },
	);
}
