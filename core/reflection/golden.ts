import type { Database } from '../database';
import type { GoldenVerdict } from './calibrate';
import { conversationOf } from './conversation';
import { FRAME } from './defaults';
import type { Judge } from './judge';
import { judgeSample, type JudgedSample } from './judge-many';
import { CRITERIA, overallOf, type Levels } from './rubric';
import { readGolden, readTurns, type GoldenRow } from './store';

/** Two people's levels in one: the mean, where both gave one. */
const settledLabels = ({ labels, secondLabels }: GoldenRow): Levels =>
	Object.fromEntries(
		CRITERIA.map((criterion) => {
			const given = [labels[criterion], secondLabels?.[criterion]].filter((level) => typeof level === 'number');
			return [criterion, given.length === 0 ? null : given.reduce((a, b) => a + b, 0) / given.length];
		}),
	) as Levels;

/**
 * The judge on the conversations that people have scored. Judged apart from the version in service: the same model has judged
 * them already, and only another model, rubric or effort pays again.
 */
export async function goldenVerdicts(
	database: Database,
	tenantId: string,
	judge: Judge,
	asOf: Date,
	ceilingUsd: number,
): Promise<{ verdicts: GoldenVerdict[]; spent: JudgedSample['spent'] }> {
	const rows = await readGolden(database, tenantId, asOf);
	const ids = rows.map(({ conversationId }) => conversationId);
	const turns = await readTurns(database, tenantId, ids, { before: asOf, most: FRAME.turns });
	const conversations = rows
		.map(({ conversationId, leadKey }) => conversationOf(conversationId, leadKey, turns.get(conversationId)!))
		.filter(({ tainted, turns: shown }) => !tainted && shown.some(({ who }) => who === 'agent'));
	const { verdicts, spent } = await judgeSample({ ...judge, candidateSha: 'golden' }, conversations, { ceilingUsd });
	const labels = new Map(rows.map((row) => [row.conversationId, settledLabels(row)]));
	return {
		spent,
		verdicts: verdicts.map((verdict) => {
			const people = labels.get(verdict.conversationId)!;
			return {
				people,
				judge: verdict.levels,
				votes: verdict.voteLevels,
				overall: { people: overallOf(people), judge: verdict.overall },
			};
		}),
	};
}
