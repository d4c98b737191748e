import { z } from 'zod/v4';
import type { Database } from '../../database';
import { inTenant, type TenantConnection } from '../../tenancy';
import { HORIZON_DAYS } from '../outcomes';
import type { ScorePoint } from '../types';
import { MAX_EXAMPLES } from './defaults';
import { SCORER_RULE } from './features';
import { scoreMeaning, type ScoreMeaning, type ScoreResult } from './score';
import { trainScorer, type LabelledLead, type ScoringModel, type Training } from './train';

const MODEL_NAME = 'logistic';

interface ExampleRow {
	y: 0 | 1;
	score: number;
	is_hot: boolean;
	propensity: string;
	platform: string;
	from_ad: boolean;
	points: ScorePoint[];
}

/** The score that stood there before a learned scorer changed it. */
const ruleScore = ({ score, points }: ExampleRow): number =>
	score - points.filter(({ rule }) => rule === SCORER_RULE).reduce((sum, { points: value }) => sum + value, 0);

const toLead = (row: ExampleRow): LabelledLead => ({
	y: row.y,
	score: ruleScore(row),
	points: row.points,
	platform: row.platform,
	fromAd: row.from_ad,
	isHot: row.is_hot,
	propensity: Number(row.propensity),
});

/** What a training came to; `active`: the new scorer is at work. */
export interface TrainedScorer {
	training: Training;
	id: string | null;
	version: string | null;
	active: boolean;
}

/** Trains on a tenant's matured outcomes, stores the version with what it was worth, and puts it to work if it beats the rules. */
export async function trainTenantScorer(
	database: Database,
	tenantId: string,
	options: { horizonDays?: number; actor?: string } = {},
): Promise<TrainedScorer> {
	const horizonDays = options.horizonDays ?? HORIZON_DAYS;
	const rows = await inTenant(
		database,
		tenantId,
		async (db) =>
			await db.all<ExampleRow>('select * from scorer_examples($1::uuid, $2::integer, $3::integer)', [
				tenantId,
				horizonDays,
				MAX_EXAMPLES,
			]),
	);
	const training = trainScorer(rows.reverse().map(toLead));
	if (!training.trained) return { training, id: null, version: null, active: false };
	return await inTenant(
		database,
		tenantId,
		async (db) => {
			const saved = await db.one<{ model: { id: string; version: string } }>(
				'select save_scoring_model($1::uuid, $2::jsonb) as model',
				[tenantId, JSON.stringify(toStored(training, horizonDays))],
			);
			const { id, version } = saved!.model;
			const active = await db.one<{ done: boolean }>('select activate_scoring_model($1::uuid, $2::uuid) as done', [
				tenantId,
				id,
			]);
			return { training, id, version, active: active!.done };
		},
		{ actor: options.actor },
	);
}

const toStored = (training: Training & { trained: true }, horizonDays: number): object => ({
	name: MODEL_NAME,
	config: {
		horizonDays,
		knots: training.model.knots,
		gain: training.held.gain,
		z: training.held.z,
		winsAtHotVolume: training.held.winsAtHotVolume,
	},
	count: training.n,
	accuracy: Number(training.held.model.accuracy.toFixed(4)),
	weights: training.model.linear,
	calibration: training.model.calibration,
	modelMetrics: training.held.model,
	ruleMetrics: training.held.rules,
	beatsRules: training.beatsRules,
});

const number = z.number().refine(Number.isFinite);
const storedSchema = z.object({
	id: z.uuid(),
	version: z.string(),
	config: z.object({ knots: z.array(z.object({ z: number, score: number })).min(2) }),
	weights: z.object({ intercept: number, weights: z.record(z.string(), number) }),
	calibration: z.object({ slope: number, shift: number }),
});

export interface ActiveScorer {
	id: string;
	version: string;
	model: ScoringModel;
}

/** The scorer at work for a tenant, or null while the rules alone decide; or the one of that id. Read inside the caller's transaction. */
export async function activeScorer(db: TenantConnection, modelId: string | null = null): Promise<ActiveScorer | null> {
	const row = await db.one<{ model: unknown }>('select scoring_model_for($1::uuid, $2::uuid) as model', [
		db.tenantId,
		modelId,
	]);
	const parsed = storedSchema.safeParse(row?.model);
	// A row that somebody wrote by hand decides nothing.
	if (!parsed.success) return null;
	const { id, version, config, weights, calibration } = parsed.data;
	return { id, version, model: { linear: weights, calibration, knots: config.knots } };
}

/** What a score has meant at this tenant. */
export async function tenantScoreMeaning(
	database: Database,
	tenantId: string,
	scores: readonly number[],
	horizonDays = HORIZON_DAYS,
): Promise<ScoreMeaning[]> {
	const results = await inTenant(
		database,
		tenantId,
		async (db) =>
			await db.all<ScoreResult & Record<string, unknown>>('select * from score_results($1::uuid, $2::integer)', [
				tenantId,
				horizonDays,
			]),
	);
	return scores.map((score) => scoreMeaning(score, results));
}
