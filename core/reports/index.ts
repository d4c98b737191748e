export {
	ANSWER_BOUNDS,
	DASHBOARD_DAYS,
	FRESH_MINUTES,
	MOST_DASHBOARD_DAYS,
	OPERATOR_DAYS,
	ROLL_UP_SECONDS,
	VIEW_ROWS,
} from './defaults';
export { dashboard, operatorDashboard } from './dashboard';
export type { Dashboard, OperatorDashboard } from './dashboard-schema';
export { explainReply, type ReplyExplanation, type ReplyId } from './explain';
export {
	adviceOf,
	HEALTH_ADVICE,
	ingestHealth,
	type HealthFinding,
	type HealthLevel,
	type PageLanguage,
} from './health';
export { diffText, type DiffLine, type TextDiff } from './line-diff';
export { rollUpDays, type RollUpOptions, type RollUpReport } from './roll-up';
export {
	compareVersions,
	rollbackEffect,
	type RollbackEffect,
	type VersionComparison,
	type VersionFigures,
	type VersionTarget,
} from './versions';
export { answerConversation, answerOverview, answerPeople, answerWaiting, LEAD_CLASSES } from './answers';
export { readView, VIEW_NAMES, type ViewName } from './views';
