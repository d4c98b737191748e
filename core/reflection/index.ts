export { aggregate, type Aggregate, type CheckFailures, type Score } from './aggregate';
export {
	calibrate,
	correctedPassRate,
	weightedKappa,
	type Calibration,
	type Distrust,
	type GoldenVerdict,
	type PassRate,
} from './calibrate';
export { CHECK_CODES, CHECKS, type Check, type CheckCode, type Criterion } from './checks';
export { compareAll, comparePair, type Comparison, type Outcome, type Pair, type PairVerdict } from './compare';
export { addressesMachine, conversationOf, type Conversation, type RawTurn, type Turn } from './conversation';
export { decide, type ActionReason, type Bands, type Decision, type Doubts, type ReflectionAction } from './decide';
export { CRITERION_WEIGHTS, HORIZON, MATURED_MINIMUM, SAMPLE, STEM_SUPPORT } from './defaults';
export { factsOf, type ConversationFacts } from './facts';
export {
	findingsSchema,
	stemFindings,
	type ReflectionFindings,
	type StemFinding,
	type WrittenByLead,
} from './findings';
export { briefOf } from './frame';
export { delayCurve, horizonOf, type Delay } from './horizon';
export { judgeConversation, type ConversationVerdict, type Judge, type JudgedConversation } from './judge';
export { judgeSample, saysNothing, type JudgedSample } from './judge-many';
export {
	atEqualVolume,
	atHotVolume,
	personaMetrics,
	personaScore,
	type Estimate,
	type MaturedLead,
	type PersonaMetrics,
	type PersonaScore,
} from './metrics';
export { CRITERIA, levelOf, levelsOf, overallOf, RUBRIC_VERSION, type Answers, type Levels } from './rubric';
export { drawSample, type Candidate, type Drawn, type Sample } from './sample';
export { readLoopSettings, updateLoopSettings, type LoopSettings, type LoopSettingsChange } from './settings';
export { readLoopSummary } from './summary';
export { scoreConversation, type ScoredByPeople } from './score-by-people';
export { ratioBootstrap, wilson, type Interval, type RatioPart } from './statistics';
export { customerText, instructions, sellerText, systemText, tenantText, type Origin, type TextOf } from './taint';
export { tenantVerdicts, verdictKey, verdictsInMemory, type StoredVerdict, type VerdictStore } from './verdict-store';
export type { JudgedCycle, ReflectionPorts } from './cycle';
export { canRunReflection, type CycleRow, type LoopConfig, type MayRun } from './cycle-log';
export { readFindings, replayReflection, runReflection, type ReflectionResult } from './run';
export type { Target, Window } from './store';
export { dueTargets, judgeDue, type DueTarget } from './due';
export { calibrateJudge, compareReplies, judgeOne, type JudgedOne, type ReplyPair } from './one';
