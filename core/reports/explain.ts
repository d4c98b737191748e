import { z } from 'zod/v4';
import type { Database } from '../database';
import { FactoryError } from '../errors';
import { inTenant } from '../tenancy';
import { camelKeys } from './camel';

const figure = z.number().nullable();
const text = z.string().nullable();
/** Why a text is not there: its writer took it back, or its time was over. */
const gone = z.enum(['taken_back', 'retention']).nullable();

const version = z.object({ id: z.string(), version: z.number() });
const explanationSchema = z.object({
	reply: z.object({
		...{ messageId: z.number(), outboxId: text, conversationId: z.string(), contactId: z.string(), turnId: figure },
		...{ author: z.string(), kind: z.string(), text, textGone: gone, status: z.string(), statusAt: text },
		...{ errorCode: figure, createdAt: z.string(), timezone: z.string() },
	}),
	asked: z.array(
		z.object({
			...{ messageId: z.number(), at: z.string(), kind: z.string(), text, textGone: gone },
			reading: z.object({ kind: z.string(), status: z.string(), model: text, costUsd: figure }).nullable(),
		}),
	),
	turn: z
		.object({
			...{ outcome: z.string(), handoffReason: text, attempts: z.number(), receivedAt: text },
			...{ claimedAt: z.string(), finishedAt: z.string() },
			checks: z.array(z.looseObject({ check: z.string(), fired: z.boolean() })),
		})
		.nullable(),
	versions: z
		.object({
			agent: z
				.object({
					...{ id: z.string(), name: z.string(), version: z.string(), bundleSha256: z.string() },
					documents: z.array(z.object({ title: text, sha256: text })),
				})
				.nullable(),
			prompt: version.extend({ sha256: z.string(), learnedRules: z.number() }).nullable(),
			persona: version.nullable(),
		})
		.nullable(),
	class: z
		.object({
			...{ classification: z.string(), personalReason: text, icpScore: z.number(), fitScore: z.number() },
			...{ intentScore: z.number(), confidence: z.number(), decidedBy: z.string(), treatment: z.string() },
			...{ personaVersion: figure, at: z.string(), ofThisTurn: z.boolean() },
			scoreBreakdown: z.array(z.looseObject({})),
		})
		.nullable(),
	history: z.array(
		z.object({
			...{ messageId: z.number(), at: z.string(), author: z.string(), kind: z.string(), text, textGone: gone },
		}),
	),
	tools: z.array(
		z.object({
			...{ plugin: z.string(), tool: z.string(), status: z.string(), arguments: z.unknown(), result: z.unknown() },
			...{ errorCode: text, attempts: z.number(), latencyMs: figure, at: z.string() },
		}),
	),
	send: z
		.object({
			...{ status: z.string(), kind: z.string(), author: z.string(), attempts: z.number(), createdAt: z.string() },
			...{ sentAt: text, deliveredAt: text, readAt: text, failedAt: text, unknownSince: text, settledBy: text },
			...{ errorCode: figure, errorMessage: text, templateId: text, providerMessageId: text, category: text },
			...{ costUsd: figure, costBasis: text },
		})
		.nullable(),
	/** The messages of the same turn in order. */
	parts: z.array(z.object({ messageId: z.number(), outboxId: text, status: z.string(), this: z.boolean() })),
	modelCalls: z.array(
		z.object({
			...{ purpose: z.string(), provider: z.string(), model: z.string(), inputTokens: z.number().nullable() },
			...{
				cachedInputTokens: z.number().nullable(),
				outputTokens: z.number().nullable(),
				costUsd: figure,
				latencyMs: z.number(),
			},
			...{ attempts: z.number(), outcome: z.string(), at: z.string() },
		}),
	),
	cost: z.object({ modelUsd: figure, unpricedCalls: z.number() }),
	/** What is no longer known because its time was over. */
	removed: z.array(z.enum(['turn', 'model_calls', 'send', 'texts'])),
});
export type ReplyExplanation = z.infer<typeof explanationSchema>;

/** A reply of ours, by either of its ids. */
export type ReplyId = { outboxId: string } | { messageId: number };

/** Why did it say that? All that is known of one reply, from what was asked to what it cost. */
export async function explainReply(database: Database, tenantId: string, reply: ReplyId): Promise<ReplyExplanation> {
	const [outboxId, messageId] = 'outboxId' in reply ? [reply.outboxId, null] : [null, reply.messageId];
	const row = await inTenant(
		database,
		tenantId,
		async (db) =>
			await db.one<{ found: unknown }>('select explain_reply($1::uuid, $2::uuid, $3::bigint) as found', [
				...[tenantId, outboxId, messageId],
			]),
	);
	if (!row?.found) {
		throw new FactoryError(
			'NOT_FOUND',
			'This tenant has no such reply. Take the outbox id or the id of an outbound message from the conversation.',
			{ item: outboxId ?? String(messageId) },
		);
	}
	return explanationSchema.parse(camelKeys(row.found));
}
