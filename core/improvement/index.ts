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
