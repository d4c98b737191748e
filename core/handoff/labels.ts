import type { TenantConnection } from '../tenancy';
import { COMPARED_WORDS, TOUCHED_SHARE } from './defaults';

/** What people say of a hand-over. */
export const OUTCOMES = ['needed', 'not_needed', 'bot_right', 'bot_wrong', 'other'] as const;
export type HandoffOutcome = (typeof OUTCOMES)[number];

export interface Label {
	kind: 'answer' | 'draft' | 'outcome';
	label: string;
	/** The person; stored as a hash. */
	person: string;
	key: string;
	messageId?: string | null;
	turnId?: string | null;
	draftId?: string | null;
	editShare?: number | null;
	reason?: string | null;
}

export async function keepLabel(db: TenantConnection, conversationId: string, label: Label): Promise<void> {
	await db.one('select label_handoff($1::uuid, $2::uuid, $3::jsonb)', [
		db.tenantId,
		conversationId,
		JSON.stringify(label),
	]);
}

const wordsOf = (text: string): string[] =>
	text
		.normalize('NFC')
		.split(/\s+/u)
		.filter((word) => word !== '')
		.slice(0, COMPARED_WORDS);

/** Share of words that changed between two texts: 0 the same, 1 another text. Levenshtein over words. */
export function editShare(before: string, after: string): number {
	const [from, to] = [wordsOf(before), wordsOf(after)];
	const longest = Math.max(from.length, to.length);
	if (longest === 0) return 0;
	let row = Array.from({ length: to.length + 1 }, (_, index) => index);
	for (const [i, word] of from.entries()) {
		const next = [i + 1];
		for (const [j, other] of to.entries())
			next.push(Math.min(row[j + 1] + 1, next[j] + 1, row[j] + (word === other ? 0 : 1)));
		row = next;
	}
	return Math.round((row[to.length] / longest) * 1_000) / 1_000;
}

export const editLabel = (share: number): 'unchanged' | 'touched' | 'rewritten' =>
	share === 0 ? 'unchanged' : share <= TOUCHED_SHARE ? 'touched' : 'rewritten';
