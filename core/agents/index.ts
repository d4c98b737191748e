export type { BundleDocument, CompiledAgentBundle, SentinelPolicy } from './bundle';
export { canonicalJson, canonicalSha256, canonicalValue, sha256Hex } from './canonical';
export {
	bundleSha256,
	compileAgent,
	estimateTokens,
	renderPrompt,
	type CompileInput,
	type PromptAdditions,
} from './compile';
export { diffBundles, type BundleChange } from './diff';
export { apologyDecision, mutedDecision, replyToTurn, transferLimitDecision, type ReplyInput } from './reply';
export { chooseRoute, type RouteChoice } from './routing';
export { agentUsage, setTransfers, switchAgent, type AgentSwitches } from './live';
export { wellFormed } from './well-formed';
export { REPLY_SCHEMA_NAME, replySchema, replySchemaFor, type AgentReply, type ReplyOffers } from './reply-schema';
export {
	isOpen,
	loadLanguageDetector,
	nextOpening,
	runSentinel,
	SENTINEL_CHECKS,
	type CheckName,
	type SentinelInput,
	type SentinelResult,
} from './sentinel';
export { findPrices, type PriceFacts } from './sentinel/text/money';
export { subjectStems } from './sentinel/text/scope';
export {
	agentSpecJsonSchema,
	agentSpecSchema,
	parseAgentSpec,
	type AgentLanguage,
	type AgentSpec,
	type AgentSpecInput,
	type SpecDocument,
	type SpecIssue,
} from './spec';
export type {
	HandoffReason,
	HistoryEntry,
	IncomingEntry,
	PastToolCall,
	Route,
	Routing,
	SentinelAction,
	SentinelStage,
	SentinelVerdict,
	TransferTarget,
	TurnContext,
	TurnDecision,
	TurnRoute,
} from './types';
export {
	compareVersions,
	FIRST_VERSION,
	formatVersion,
	nextVersion,
	parseVersion,
	type SemanticVersion,
	type VersionStep,
} from './versions';
export {
	activateVersion,
	createAgent,
	listAgents,
	listVersions,
	loadAnsweringAgent,
	loadBundle,
	rollBack,
	saveVersion,
	type AnsweringAgent,
	type StoredVersion,
	type VersionBump,
} from './store';
