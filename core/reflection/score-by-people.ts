import { z } from 'zod/v4';
import type { Database } from '../database';
import { FactoryError } from '../errors';
import { inTenant } from '../tenancy';
import { CRITERIA, type Levels } from './rubric';

const level = z.int().min(1).max(5).nullable();
const levels = z.strictObject(Object.fromEntries(CRITERIA.map((criterion) => [criterion, level.optional()])));

// The first two people count, each their latest word; a third finds the places taken.
const SAVE = `insert into golden_items as g (tenant_id, conversation_id, labels, labelled_by)
	select $1::uuid, c.id, $3::jsonb, $4::text from conversations c where c.tenant_id = $1::uuid and c.id = $2::uuid
	on conflict (tenant_id, conversation_id) do update set retired_at = null,
		labels = case when g.labelled_by = excluded.labelled_by then excluded.labels else g.labels end,
		second_labels = case when g.labelled_by = excluded.labelled_by then g.second_labels else excluded.labels end,
		second_by = case when g.labelled_by = excluded.labelled_by then g.second_by else excluded.labelled_by end
		where g.labelled_by = excluded.labelled_by or g.second_by is null or g.second_by = excluded.labelled_by
	returning g.id, g.labelled_by as first, g.second_by as second`;
const EXISTS = 'select 1 as found from conversations where tenant_id = $1::uuid and id = $2::uuid';

export interface ScoredByPeople {
	conversationId: string;
	first: string;
	second: string | null;
}

/** What a person thinks of a conversation, a level of 1 to 5 a criterion or null for "does not apply": what the judge is held against. */
export async function scoreConversation(
	database: Database,
	tenantId: string,
	given: { conversationId: string; person: string; levels: Partial<Levels> },
): Promise<ScoredByPeople> {
	const parsed = levels.safeParse(given.levels);
	const scored = parsed.success && Object.values(parsed.data).some((value) => typeof value === 'number');
	if (!scored || given.person.trim() === '')
		throw new FactoryError(
			'VALUE_REFUSED',
			given.person.trim() === ''
				? 'Field "person" is empty. Say who scores.'
				: 'Give at least one criterion a level from 1 to 5, and no level outside.',
			{ item: given.conversationId },
		);
	return await inTenant(
		database,
		tenantId,
		async (db) => {
			const row = await db.one<{ first: string; second: string | null }>(SAVE, [
				tenantId,
				given.conversationId,
				JSON.stringify(parsed.data),
				given.person.trim(),
			]);
			if (row) return { conversationId: given.conversationId, first: row.first, second: row.second };
			const known = await db.one(EXISTS, [tenantId, given.conversationId]);
			throw known
				? new FactoryError('WRONG_STATE', 'Two people have scored this conversation already. Score another one.', {
						item: given.conversationId,
					})
				: new FactoryError(
						'NOT_FOUND',
						`The tenant has no conversation ${given.conversationId}. Pick one from the list.`,
						{
							item: given.conversationId,
						},
					);
		},
		{ actor: given.person.trim() },
	);
}
