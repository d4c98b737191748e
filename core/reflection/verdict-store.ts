import { sha256Hex } from '../agents';
import type { Database } from '../database';
import { inTenant } from '../tenancy';
import { JUDGE_SCHEMA_SHA } from './frame';
import { RUBRIC_VERSION } from './rubric';

/** All that a verdict depends on. A fence, a time or an order of calls is no part of it. */
export interface VerdictOf {
	model: string;
	effort: string;
	conversationSha: string;
	/** Of the version that is judged, or of the pair that is compared. */
	candidateSha: string;
	/** From 1. */
	vote: number;
	schemaSha?: string;
}

export const verdictKey = (of: VerdictOf): string =>
	sha256Hex(
		[
			of.model,
			RUBRIC_VERSION,
			of.schemaSha ?? JUDGE_SCHEMA_SHA,
			of.effort,
			of.conversationSha,
			of.candidateSha,
			of.vote,
		].join('|'),
	);

/** A judge's answer, or why there is none that can be used. Enums, numbers and turn numbers only. */
export interface StoredVerdict {
	key: string;
	conversationId: string | null;
	result: Record<string, unknown>;
	model: string;
	inputTokens: number;
	outputTokens: number;
	costUsd: number;
}

/** Where verdicts are kept; the first answer to a question stays its answer. */
export interface VerdictStore {
	read(keys: readonly string[]): Promise<Map<string, StoredVerdict>>;
	write(verdict: StoredVerdict): Promise<void>;
}

/** For trying a judge out without keeping anything. */
export function verdictsInMemory(): VerdictStore {
	const kept = new Map<string, StoredVerdict>();
	return {
		read: async (keys) => new Map(keys.flatMap((key) => (kept.has(key) ? [[key, kept.get(key)!]] : []))),
		write: async (verdict) => {
			if (!kept.has(verdict.key)) kept.set(verdict.key, verdict);
		},
	};
}

interface VerdictRow extends Record<string, unknown> {
	key: string;
	conversationId: string | null;
	result: Record<string, unknown>;
	model: string;
	inputTokens: number;
	outputTokens: number;
	costUsd: string;
}

const READ = `select verdict_key as key, conversation_id as "conversationId", result, model, input_tokens as "inputTokens",
		output_tokens as "outputTokens", cost_usd as "costUsd"
	from judge_verdicts where tenant_id = $1::uuid and verdict_key = any($2::text[])`;
const WRITE = `insert into judge_verdicts (tenant_id, verdict_key, conversation_id, result, model, rubric_version, input_tokens, output_tokens, cost_usd)
	values ($1::uuid, $2::text, $3::uuid, $4::jsonb, $5::text, $6::text, $7::integer, $8::integer, $9::numeric)
	on conflict (tenant_id, verdict_key) do nothing`;

/** A tenant's verdicts in its database: what was judged once is not paid for again. */
export const tenantVerdicts = (database: Database, tenantId: string): VerdictStore => ({
	read: async (keys) => {
		const rows = await inTenant(database, tenantId, async (db) => await db.all<VerdictRow>(READ, [tenantId, keys]));
		return new Map(rows.map((row) => [row.key, { ...row, costUsd: Number(row.costUsd) }]));
	},
	write: async ({ key, conversationId, result, model, inputTokens, outputTokens, costUsd }) => {
		const values = [
			tenantId,
			key,
			conversationId,
			JSON.stringify(result),
			model,
			RUBRIC_VERSION,
			inputTokens,
			outputTokens,
			costUsd,
		];
		await inTenant(database, tenantId, async (db) => await db.all(WRITE, values));
	},
});
