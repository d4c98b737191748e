export * from './types';
export { classifyByRules } from './classify-by-rules';
export { DEFAULT_THRESHOLDS } from './defaults';
export { GENERIC_PERSONA, parseCases, parsePersona, type BadLine, type EvaluationCase } from './evaluation/cases';
export { evaluate, type CalibrationBin, type ClassFigures, type Evaluation, type Judged } from './evaluation/metrics';
export { normaliseText, type NormalisedText } from './text/normalise';
export { stemKey, type Language } from './text/stem';
