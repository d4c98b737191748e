export { extractText, type DocumentFile, type ExtractedText } from './extract';
export { DOCUMENT_LIMITS, type DocumentLimits } from './defaults';
export type { DocumentErrorCode } from './errors';
