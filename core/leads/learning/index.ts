export { featuresOf, SCORER_RULE, type LeadFacts } from './features';
export { scoreLead, scoreMeaning, type LearnedScore, type ScoreMeaning, type ScoreResult } from './score';
export { activeScorer, tenantScoreMeaning, trainTenantScorer, type ActiveScorer, type TrainedScorer } from './store';
export { trainScorer, type LabelledLead, type ScoringModel, type Training } from './train';
export { MIN_LABELS, MIN_PER_CLASS } from './defaults';
