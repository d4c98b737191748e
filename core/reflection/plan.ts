import { canonicalSha256 } from '../agents';
import type { Database } from '../database';
import { FactoryError } from '../errors';
import { readConfig, type LoopConfig } from './cycle-log';
import { LOW_MARGIN_POINTS, MATURED_MINIMUM, WINDOW_DAYS } from './defaults';
import { horizonOf } from './horizon';
import { RUBRIC_VERSION } from './rubric';
import { drawSample, type Sample } from './sample';
import {
	readDelays,
	readMatured,
	readTarget,
	readWindow,
	type MaturedRow,
	type Target,
	type TargetVersion,
	type Window,
	type WindowConversation,
} from './store';

/** What a cycle will look at, before a token is spent. */
export interface Plan {
	target: Target;
	version: TargetVersion;
	config: LoopConfig;
	window: Window;
	horizonDays: number;
	sample: Sample;
	/** Conversations that speak to the machine, by what the classifier flagged. */
	flagged: number;
	population: number;
	matured: MaturedRow[];
	seed: string;
	cycleKey: string;
}

export type Refusal = 'no_active_version' | 'too_few' | 'no_matured_data';

const DAY = 86_400_000;

export function checkWindow({ start, end }: Window, now: Date): void {
	const problem =
		Number.isNaN(start.getTime()) || Number.isNaN(end.getTime())
			? 'is no pair of times'
			: start >= end
				? 'ends before it begins'
				: end > now
					? 'ends in the future'
					: end.getTime() - start.getTime() > WINDOW_DAYS * DAY
						? `is longer than ${WINDOW_DAYS} days`
						: null;
	if (problem)
		throw new FactoryError(
			'REFLECTION_WINDOW_INVALID',
			`The window to judge ${problem}. Give a start and an end in the past.`,
		);
}

/** HOT and lost, or not HOT and won. */
const isDiscordant = ({ isHot, y }: WindowConversation): boolean => y !== null && isHot !== null && isHot !== (y === 1);
const isLowMargin = ({ score, isHot }: WindowConversation, hot: number): boolean =>
	isHot !== null && score !== null && Math.abs(score - hot) <= LOW_MARGIN_POINTS;

export async function planCycle(
	database: Database,
	tenantId: string,
	target: Target,
	window: Window,
	hotThreshold: number,
): Promise<Plan | { refused: Refusal; have: number; needed: number }> {
	const version = await readTarget(database, tenantId, target);
	if (!version) return { refused: 'no_active_version', have: 0, needed: 0 };
	const config = await readConfig(database, tenantId, target);
	const horizonDays = config.horizon_days ?? horizonOf(await readDelays(database, tenantId, window.end));
	const found = await readWindow(database, tenantId, target.target, version.versionId, window, horizonDays);
	const eligible = found.filter(({ flagged, learnable }) => !flagged && learnable);
	const needed = config.min_conversations_for_reflection;
	const matured =
		target.target === 'persona' ? await readMatured(database, tenantId, version.versionId, window, horizonDays) : [];
	if (target.target === 'prompt' && eligible.length < needed)
		return { refused: 'too_few', have: eligible.length, needed };
	if (target.target === 'persona' && matured.length === 0) return { refused: 'no_matured_data', have: 0, needed };
	if (
		target.target === 'persona' &&
		(matured.length < needed || matured.filter(({ isHot }) => isHot).length < MATURED_MINIMUM.hot)
	)
		return { refused: 'too_few', have: matured.length, needed };
	const what = {
		tenantId,
		target,
		version: version.versionId,
		window: [window.start.toISOString(), window.end.toISOString()],
	};
	const seed = canonicalSha256({ ...what, rubric: RUBRIC_VERSION });
	const candidates = eligible.map((one) => ({
		id: one.id,
		leadKey: one.leadKey,
		discordant: isDiscordant(one),
		lowMargin: isLowMargin(one, hotThreshold),
	}));
	const sample = drawSample(candidates, [], { seed, size: config.sample_size });
	return {
		target,
		version,
		config,
		window,
		horizonDays,
		sample,
		flagged: found.filter(({ flagged }) => flagged).length,
		population: eligible.length,
		matured,
		seed,
		cycleKey: canonicalSha256({ ...what, rubric: RUBRIC_VERSION, sample: sample.drawn }),
	};
}
