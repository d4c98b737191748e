export * from './types';
export { classifyByRules } from './classify-by-rules';
export { DEFAULT_THRESHOLDS } from './defaults';
export { GENERIC_PERSONA, parseCases, parsePersona, type BadLine, type EvaluationCase } from './evaluation/cases';
export { evaluateCases, type CaseEvaluation } from './evaluate-cases';
export { evaluate, type CalibrationBin, type ClassFigures, type Evaluation, type Judged } from './evaluation/metrics';
export { givesOrders } from './rules/reading';
export { plain as plainText } from './text/fold';
export { normaliseText, type NormalisedText } from './text/normalise';
export { stemKey, type Language } from './text/stem';
export { classifyText, readMeasures, type TriedLead, type TriedText } from './classify-text';
export { classifyTurns, type TurnClassification, type TurnLead } from './classify';
export { scorePointText, type ShownPoint } from './score-words';
export { judgeLeads, type ClassifyPorts, type JudgedLead, type LeadCase } from './judge';
export { personaOf, thresholdsUnder, type PersonaRow } from './persona';
export { isEmptyStem, keywordKey } from './rules/fit';
export { loadLeadContexts, profileOf, type LeadContext, type PreviousLead, type TurnRef } from './context';
export {
	addKnownContact,
	CONTACT_TYPES,
	importKnownContacts,
	KNOWN_CLASSES,
	listKnownContacts,
	PLATFORMS,
	removeKnownContact,
	updateKnownContact,
	type ImportReport,
	type KnownContactChange,
	type KnownContactRow,
	type NewKnownContact,
} from './known-contacts';
export { LEAD_SCHEMA_NAME, type AiAnalysis, type AnalysisLanguage } from './model';
export {
	activatePersona,
	createPersonaVersion,
	listPersonas,
	personaIssues,
	readPersona,
	type NewPersona,
	type PersonaVersion,
} from './personas';
export { routeLead, turnRouteOf, type LeadRoute, type RouteInput, type RouteReason } from './route';
export { readLeadSettings, updateLeadSettings, type LeadSettings } from './settings';
export {
	saveClassifiedLead,
	type ClassifiedLead,
	type DecidedBy,
	type SavedLead,
	type StoredLead,
	type Treatment,
} from './store';
export {
	importLeads,
	listInstagramLeads,
	RUN_DEFAULTS,
	runStatus,
	sendNextBatch,
	sendOpenRuns,
	startRun,
	stopRun,
	type ImportedRow,
	type NewRun,
	type RunReport,
} from './outreach';
export { chooseTreatment, explorationDraw, type TreatmentChoice, type TreatmentInput } from './exploration';
export * from './learning';
export * from './outcomes';
