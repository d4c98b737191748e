export { armOf, type Arm, type ArmInput } from './arms';
export {
	addBlock,
	addOutcome,
	countsOf,
	eValues,
	noEvidence,
	type Block,
	type Evidence as OutcomeEvidence,
} from './sequential';
export { describeArms, differenceLow80, type ArmDescription, type Counts } from './statistics';
export { sampleRatio, type SampleRatio } from './sample-ratio';
export { guardrailsHit, type ArmHealth, type Guardrail } from './guardrails';
export {
	decideStage,
	whyStop,
	type RolloutEvidence,
	type RolloutState,
	type RunningStage,
	type StageDecision,
	type StageReason,
} from './stages';
export {
	breakerState,
	consecutiveRollbacks,
	mayAct,
	mayCloseAgain,
	mayStart,
	versionToRestore,
	whyOpen,
	type Alarm,
	type BreakerState,
	type OpenReason,
	type RolloutAct,
	type RolloutEvent,
	type RolloutEventKind,
	type StartAnswer,
	type VersionHistory,
} from './breaker';
export { volumeReport, type Detectable, type VolumeInput, type VolumeReport } from './low-volume';
export { STAGE_SHARES, TOLD_DROPS } from './defaults';
export { evidenceOf, nextStep, type CountedRollout, type NextStep, type RolloutStage, type Target } from './evidence';
export {
	listRollouts,
	lookAtRollout,
	monitorRollouts,
	moveRollout,
	readRollout,
	restoreVersion,
	setBreaker,
	startRollout,
	startRolloutWithin,
	type Actor,
	type BreakerChange,
	type ListedRollout,
	type NewRollout,
	type PersonsMove,
	type Restored,
	type RolloutReport,
	type StartedRollout,
} from './store';
