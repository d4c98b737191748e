export { SENTINEL_CHECKS, type CheckName } from './checks';
export { isOpen, nextOpening, hasOpeningHours } from './opening-times';
export { runChecks, runSentinel } from './run';
export { loadLanguageDetector, type LanguageDetector } from './text/language';
export type {
	Check,
	CheckDefinition,
	CheckFactory,
	CheckOutcome,
	SentinelInput,
	SentinelResult,
	TurnTools,
} from './types';
