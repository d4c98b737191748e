import { decide } from '../core/reflection';
import {
	armOf,
	breakerState,
	mayStart,
	noEvidence,
	sampleRatio,
	STAGE_SHARES,
	versionToRestore,
	type Arm,
	type OutcomeEvidence,
	type RolloutEvent,
	type RolloutEventKind,
	type RunningStage,
	type StageDecision,
	type VersionHistory,
} from '../core/rollouts';
import { BANDS, LOOK_AFTER_GROWTH, LOOK_EVERY_DAYS } from './defaults';
import { dateOf, judgedPairs, knownLeads } from './evidence';
import { judgeScore, type Judge, type propose } from './proposer';
import { randomOf, type Random } from './random';
import type { Safeguards } from './safeguards';
import { CANDIDATE, INCUMBENT, newTrack, receiveVerdicts, treat, type Track } from './track';
import { personaVersion, type Version } from './versions';
import type { Stream, World } from './world';

export interface LoopSettings {
	world: World;
	days: number;
	perDay: number;
	judge: Judge;
	/** Every proposal goes into a rollout, whatever the gate says of it. */
	injectPastGate: boolean;
	/** The candidate is the incumbent under another name, past the gate. */
	aa: boolean;
	safeguards: Safeguards;
	propose: typeof propose;
}

interface Rollout {
	number: number;
	candidate: Version;
	stage: RunningStage;
	startedAt: number;
	stageSince: number;
	heldUntil?: Date;
	gainShown: boolean;
	approvedByPerson: boolean;
	outcomes: OutcomeEvidence;
	people: Record<RunningStage, { incumbent: number; candidate: number }>;
	hot: { incumbent: number; candidate: number };
	/** Persons whose outcome has counted. */
	counted: Set<string>;
}

export interface Counts {
	proposals: number;
	rollouts: number;
	promoted: number;
	rolledBack: number;
	expired: number;
	halted: number;
}

/** One tenant's loop as it stands on a day. */
interface Loop {
	settings: LoopSettings;
	stream: Stream;
	track: Track;
	random: Random;
	active: Version;
	versions: Map<string, Version>;
	history: VersionHistory[];
	rollout: Rollout | null;
	events: RolloutEvent[];
	/** Verdicts known at the last proposal. */
	knownAtLook: number;
	/** Days of the gate's queries. */
	queries: number[];
	counts: Counts;
	log: string[];
}

export interface LoopResult {
	track: Track;
	counts: Counts;
	breakerOpen: boolean;
	log: string[];
}

export function runLoop(stream: Stream, settings: LoopSettings): LoopResult {
	const persona = personaVersion(stream, settings.world.persona.hotFrom);
	const loop: Loop = {
		settings,
		stream,
		track: newTrack(stream, settings.days),
		random: randomOf(stream.tenantId, 'loop'),
		active: persona,
		versions: new Map([['0', persona]]),
		history: [{ versionId: '0', activatedAt: dateOf(-1), approvedByPerson: true, rolledBack: false }],
		rollout: null,
		events: [],
		knownAtLook: 0,
		queries: [],
		counts: { proposals: 0, rollouts: 0, promoted: 0, rolledBack: 0, expired: 0, halted: 0 },
		log: [],
	};
	for (let day = 0; day < settings.days; day++) {
		workDay(loop, day);
		takeVerdicts(loop, day);
		if (loop.rollout) monitor(loop, loop.rollout, day + 1);
		watchBreaker(loop, day + 1);
		if ((day + 1) % LOOK_EVERY_DAYS === 0 && !loop.rollout) look(loop, day + 1);
	}
	const { track, counts, log, events } = loop;
	return { track, counts, log, breakerOpen: breakerState(events) === 'open' };
}

function workDay({ settings, stream, track, active, rollout }: Loop, day: number): void {
	const { world, perDay } = settings;
	let places = Math.ceil(world.capacitySlack * world.hotCapacity * perDay);
	for (let i = day * perDay; i < (day + 1) * perDay; i++) {
		let version = active;
		if (rollout) {
			const { tenantId } = stream;
			const share = STAGE_SHARES[rollout.stage];
			const arm = armOf({ salt: `r${rollout.number}`, tenantId, leadKey: stream.leadKey[i], share });
			rollout.people[rollout.stage][arm]++;
			track.rollout[i] = rollout.number;
			track.arm[i] = arm === 'candidate' ? CANDIDATE : INCUMBENT;
			if (arm === 'candidate') version = rollout.candidate;
		}
		if (treat(world, stream, track, i, version, places)) places--;
		if (rollout && track.hot[i] === 1) rollout.hot[track.arm[i] === CANDIDATE ? 'candidate' : 'incumbent']++;
	}
}

function takeVerdicts({ settings, stream, track, rollout }: Loop, day: number): void {
	for (const i of receiveVerdicts(track, day)) {
		if (!rollout || track.rollout[i] !== rollout.number || track.hot[i] === 0) continue;
		if (settings.safeguards.onePerPerson && rollout.counted.has(stream.leadKey[i])) continue;
		rollout.counted.add(stream.leadKey[i]);
		const arm = track.arm[i] === CANDIDATE ? 'candidate' : 'incumbent';
		rollout.outcomes = settings.safeguards.addOutcome(rollout.outcomes, arm, stream.verdict[i] === 1);
	}
}

function write(loop: Loop, kind: RolloutEventKind, day: number, rollout: number, reason?: string): void {
	loop.events.push({ kind, at: dateOf(day), rolloutId: String(rollout), isPerson: false, reason });
	loop.log.push(`${loop.stream.tenantId} ${day} ${kind} ${rollout} ${reason ?? ''}`);
}

/** HOT leads of the last seven days. */
function hotLastWeek({ settings, track }: Loop, day: number): number {
	let hot = 0;
	for (let i = Math.max(0, day - 7) * settings.perDay; i < day * settings.perDay; i++) hot += track.hot[i];
	return hot;
}

const hotShare = ({ hot, people }: Rollout, arm: Arm): number =>
	hot[arm] / Math.max(1, people.canary10[arm] + people.canary50[arm]);

function monitor(loop: Loop, rollout: Rollout, day: number): void {
	const { stage, heldUntil, gainShown, outcomes, people } = rollout;
	const { mismatch } = sampleRatio(
		(Object.keys(people) as RunningStage[]).map((name) => ({ share: STAGE_SHARES[name], ...people[name] })),
	);
	const decision = loop.settings.safeguards.decideStage(
		{ stage, startedAt: dateOf(rollout.startedAt), stageSince: dateOf(rollout.stageSince), heldUntil, gainShown },
		{
			outcomes,
			guardrails: [],
			sampleRatioMismatch: mismatch,
			breakerOpen: breakerState(loop.events) === 'open',
			hotPerWeek: hotLastWeek(loop, day),
			hotShare: { incumbent: hotShare(rollout, 'incumbent'), candidate: hotShare(rollout, 'candidate') },
		},
		dateOf(day),
	);
	carryOut(loop, rollout, decision, day);
}

function carryOut(loop: Loop, rollout: Rollout, { action, reason }: StageDecision, day: number): void {
	const { counts } = loop;
	if (action === 'stay') return;
	if (action === 'advance') {
		rollout.stage = 'canary50';
		rollout.stageSince = day;
		return write(loop, 'advanced', day, rollout.number, reason);
	}
	loop.rollout = null;
	if (action === 'promote') {
		counts.promoted++;
		activate(loop, rollout.candidate, rollout.approvedByPerson, day);
		return write(loop, 'promoted', day, rollout.number, reason);
	}
	if (action === 'rollback') counts.rolledBack++;
	else if (action === 'expire') counts.expired++;
	else counts.halted++;
	const kind = ({ rollback: 'rolled_back', expire: 'expired', halt: 'halted' } as const)[action];
	write(loop, kind, day, rollout.number, reason);
}

function activate(loop: Loop, version: Version, approvedByPerson: boolean, day: number): void {
	loop.active = version;
	loop.versions.set(String(version.id), version);
	const entry = { versionId: String(version.id), activatedAt: dateOf(day), approvedByPerson, rolledBack: false };
	loop.history.push(entry);
}

/** An open breaker brings back what a person last approved. Nobody closes it here: that is a person's word. */
function watchBreaker(loop: Loop, day: number): void {
	const reason = loop.settings.safeguards.whyOpen(loop.events, dateOf(day));
	if (!reason) return;
	write(loop, 'breaker_opened', day, 0, reason);
	const restored = versionToRestore(loop.history);
	if (restored !== null) loop.active = loop.versions.get(restored)!;
}

/** The judge looks; what it proposes passes the gate or goes no further. */
function look(loop: Loop, day: number): void {
	const { settings, stream, track, active, random } = loop;
	const { safeguards, judge, aa, world } = settings;
	const start = mayStart(loop.events, dateOf(day));
	if (!start.allowed || track.known.length < LOOK_AFTER_GROWTH * loop.knownAtLook) return;
	loop.knownAtLook = track.known.length;
	const leads = knownLeads(stream, track, safeguards, 'propose', day);
	const hot = leads.filter(({ i }) => active.scoreOf(i) >= active.threshold);
	const score = judgeScore(judge, hot, random);
	// An escalation ends in a proposal too: the person who is called asks for one.
	if (decide({ low: score, high: score }, BANDS).action === 'none') return;
	const id = loop.counts.proposals + 1;
	const candidate = aa
		? { ...active, id }
		: settings.propose({ world, stream, judge, leads, incumbent: active, id, random, safeguards });
	if (!candidate) return;
	loop.counts.proposals++;
	const passed = !aa && gatePasses(loop, candidate, day);
	if (!passed && !settings.injectPastGate && !aa) return;
	begin(loop, candidate, { day, passed, heldUntil: start.heldUntil });
}

function gatePasses(loop: Loop, candidate: Version, day: number): boolean {
	const { settings, stream, track, active, queries } = loop;
	const { safeguards, world } = settings;
	const leads = knownLeads(stream, track, safeguards, 'gate', day);
	queries.push(day);
	const result = safeguards.offlineGate({
		pairs: judgedPairs(stream, leads, active, candidate, safeguards.onePerPerson),
		breakEvenPrecision: world.breakEvenPrecision,
		queryThisYear: queries.filter((query) => query > day - 365).length,
	});
	// As many HOT leads as now, whatever scale the candidate scores on; a handful of leads does not say where that is.
	if (result.verdict !== 'needs_data' && result.candidateThreshold !== null)
		candidate.threshold = result.candidateThreshold;
	loop.log.push(`${stream.tenantId} ${day} gate ${result.verdict} ${result.reasons.join(',')} ${result.z.toFixed(6)}`);
	return result.verdict === 'pass';
}

function begin(loop: Loop, candidate: Version, start: { day: number; passed: boolean; heldUntil?: Date }): void {
	const { settings, counts } = loop;
	const { day, passed, heldUntil } = start;
	const number = ++counts.rollouts;
	write(loop, 'started', day, number);
	// A person is asked about what the gate has passed, and follows it; nobody is asked about what came past it.
	if (!settings.safeguards.canary) {
		counts.promoted++;
		activate(loop, candidate, passed, day);
		return write(loop, 'promoted', day, number, 'no_canary');
	}
	loop.rollout = {
		number,
		candidate,
		stage: 'canary10',
		startedAt: day,
		stageSince: day,
		heldUntil,
		gainShown: passed,
		approvedByPerson: passed,
		outcomes: noEvidence(),
		hot: { incumbent: 0, candidate: 0 },
		counted: new Set(),
		people: { canary10: { incumbent: 0, candidate: 0 }, canary50: { incumbent: 0, candidate: 0 } },
	};
}
