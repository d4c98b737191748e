export { askModel, type ModelOutcome } from './ask';
export { CLASSIFIER_FRAME, type AnalysisLanguage } from './frame';
export { modelRequest, type ModelQuestion } from './request';
export { LEAD_SCHEMA_NAME, leadAnswersSchema, type AiAnalysis, type LeadAnswers, type ModelAnswer } from './schema';
