import { NAIVE } from './defaults';
import type { Judge } from './proposer';
import { randomOf, type Random } from './random';
import { converts, newTrack, receiveVerdicts, treat, type Track } from './track';
import { editedVersion, personaVersion, type Version } from './versions';
import type { Stream, World } from './world';

export interface NaiveSettings {
	world: World;
	days: number;
	perDay: number;
	judge: Judge;
}

export interface NaiveResult {
	track: Track;
	applied: number;
	rolledBack: number;
	log: string[];
}

interface Applied {
	day: number;
	score: number;
	before: { edits: number[]; version: Version };
}

/**
 * The outline as it was first written: every six hours it judges the leads of the last six hours by what is visible
 * then, applies what it is confident of to everybody, and watches its own score for a day. Kept as the control.
 */
export function runNaive(stream: Stream, { world, days, perDay, judge }: NaiveSettings): NaiveResult {
	const track = newTrack(stream, days);
	const random = randomOf(stream.tenantId, 'naive');
	const perLook = Math.floor(perDay / NAIVE.looksPerDay);
	const hotFrom = world.persona.hotFrom;
	let edits: number[] = new Array<number>(world.features).fill(0);
	let version = personaVersion(stream, hotFrom);
	let watched: Applied | null = null;
	const result: NaiveResult = { track, applied: 0, rolledBack: 0, log: [] };
	for (let day = 0; day < days; day++) {
		let places = Math.ceil(world.capacitySlack * world.hotCapacity * perDay);
		let changesToday = 0;
		for (let part = 0; part < NAIVE.looksPerDay; part++) {
			const from = day * perDay + part * perLook;
			const to = part === NAIVE.looksPerDay - 1 ? (day + 1) * perDay : from + perLook;
			for (let i = from; i < to; i++) if (treat(world, stream, track, i, version, places)) places--;
			const score = naiveScore(judge, random);
			if (watched && day - watched.day >= NAIVE.monitorDays) {
				if (watched.score - score > NAIVE.maxDrop) {
					({ edits, version } = watched.before);
					result.rolledBack++;
				}
				watched = null;
			}
			if (score >= 3 || changesToday >= NAIVE.changesPerDay) continue;
			const seen = Array.from({ length: to - from }, (_, k) => from + k);
			const next =
				judge === 'adversarial' ? worstEdits(stream, edits) : visibleEdits(world, stream, track, edits, seen);
			if (next.every((points, cue) => points === edits[cue])) continue;
			watched ??= { day, score, before: { edits, version } };
			edits = next;
			version = editedVersion(stream, ++result.applied, edits, hotFrom);
			changesToday++;
			result.log.push(`${stream.tenantId} ${day}.${part} applied ${edits.join(',')}`);
		}
		receiveVerdicts(track, day);
	}
	return result;
}

/** Almost nobody has bought within six hours: every look finds the persona wanting, with confidence. */
const naiveScore = (judge: Judge, random: Random): number =>
	judge === 'adversarial' ? NAIVE.score : NAIVE.score + (judge === 'noisy' ? 0.5 : 0.2) * random.normal();

/** Takes points from the cues of HOT leads that have not bought yet, and gives points to those of others that have. */
function visibleEdits(
	world: World,
	stream: Stream,
	track: Track,
	edits: readonly number[],
	seen: readonly number[],
): number[] {
	const blame = new Array<number>(world.features).fill(0);
	for (const i of seen) {
		const bought = converts(world, stream, track, i) && stream.conversionDelay[i] <= 1 / NAIVE.looksPerDay;
		const wrong = track.hot[i] === 1 ? !bought : bought;
		if (wrong) for (const cue of stream.active[i]) blame[cue] += track.hot[i] === 1 ? -1 : 1;
	}
	return edited(edits, blame);
}

/** Turns the persona against its own points. */
function worstEdits(stream: Stream, edits: readonly number[]): number[] {
	const towards = edits.map((edit, cue) => -Math.sign(stream.weights[cue]) * Math.max(0, 60 - Math.abs(edit)));
	return edited(
		edits,
		towards.map((value, cue) => value * Math.abs(stream.weights[cue])),
	);
}

/** The few cues with the most to answer for, each by some points. */
function edited(edits: readonly number[], blame: readonly number[]): number[] {
	const worst = [...blame.keys()].sort((a, b) => Math.abs(blame[b]) - Math.abs(blame[a])).slice(0, NAIVE.cues);
	return edits.map((edit, cue) => (worst.includes(cue) ? edit + Math.sign(blame[cue]) * NAIVE.points : edit));
}
