export { applyOperations, applyToPersona, applyToPrompt } from './apply';
export { diffLines, jsonPatch, type PatchStep } from './diff';
export { REJECT_REASONS, type Findings, type RejectReason, type StemEvidence } from './findings';
export { keepsProtected, lintSuggestion, type LintBase, type LintCode, type LintIssue, type LintResult } from './lint';
export { offersOf, type Offer, type OfferInput, type Rejection } from './offers';
export {
	operationKey,
	parseOperations,
	PROTECTED_SECTIONS,
	readOperations,
	suggestionOperation,
	TARGETS,
	type PersonaOperation,
	type PromptOperation,
	type SuggestionOperation,
	type Target,
} from './operations';
export { propose, suggestionSha256, type Candidate, type Proposal, type SuggestionType } from './propose';
export { aliasFaults, ruleFaults, type TextFault } from './rule-lint';
export { RULE_TEMPLATES, ruleText, TEMPLATE_IDS, type RuleLanguage, type TemplateId } from './rule-templates';
export type { LearnedRule, PersonaState, PromptConfig, PromptState, Versioned } from './state';
export { describeEvidence, describeOperation, type CardLanguage, type Evidence } from './texts';
export {
	approveAndStart,
	decideByLink,
	DECISIONS,
	openApproval,
	type DecidedSuggestion,
	type DecisionKind,
	type PersonsDecision,
} from './approval';
export { createApprovalLink, type ApprovalPorts, type LinkUse } from './approval-links';
export { approvalFailurePage, approvalPage, decidedPage } from './approval-page';
export { APPROVAL_LINK_HOURS, BREAK_EVEN_PRECISION, MAX_OPERATIONS, SUGGESTION_DAYS } from './defaults';
export { offlineGate, splitOf, type GateInput, type GatePair, type GateResult } from './gate';
export { dryRun, dryRunSuggestion, gateSuggestion, type DryRun } from './measure';
export { affectedBy, measureOf, replay, seenBy, type Affected, type ChangedLead, type Measure } from './replay';
export { applySuggestion, approveSuggestion, lintSuggestionStored, rejectSuggestion } from './decide';
export {
	addSuggestion,
	candidateByHand,
	expireSuggestions,
	listSuggestions,
	proposeByHand,
	readSuggestion,
	type Actor,
} from './store';
export { OPEN_STATES, STATES, type Answer, type StoredSuggestion, type SuggestionState } from './suggestions';
export { readBase, type Base } from './versions';
export { improveFrom, type Improvement } from './improve';
export { proposeFrom, type StoredProposal } from './propose-stored';
