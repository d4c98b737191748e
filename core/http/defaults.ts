/** Bytes of an answer's headers. */
export const MAX_ANSWER_HEADER_BYTES = 16_384;
/** Bytes of an answer that are read unless a caller says otherwise: a page of 500 deals of a CRM is some 1 MB. */
export const MAX_ANSWER_BYTES = 5_000_000;
