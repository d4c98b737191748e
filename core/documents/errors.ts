import { FactoryError } from '../errors';

export type DocumentErrorCode =
	| 'DOCUMENT_EMPTY'
	| 'DOCUMENT_TOO_LARGE'
	| 'DOCUMENT_UNSUPPORTED'
	| 'DOCUMENT_BROKEN'
	| 'DOCUMENT_ENCRYPTED'
	| 'DOCUMENT_NO_TEXT'
	| 'DOCUMENT_TIMEOUT';

const MESSAGES: Record<DocumentErrorCode, string> = {
	DOCUMENT_EMPTY: 'The document is empty. Send one with text in it.',
	DOCUMENT_TOO_LARGE: 'The document is too large, or unpacks to too much. Send a smaller one, or its text.',
	DOCUMENT_UNSUPPORTED: 'This kind of document is not read. Use .txt, .md, .csv, .pdf or .docx.',
	DOCUMENT_BROKEN: 'The document is damaged and cannot be read. Save it again and send the new file.',
	DOCUMENT_ENCRYPTED: 'The document has a password. Save it without one and send that.',
	DOCUMENT_NO_TEXT:
		'The PDF holds pictures of pages and no text. Send it with recognised text, or as pictures of the pages.',
	DOCUMENT_TIMEOUT: 'Reading the document took too long. Send a shorter one.',
};

/** Without the file's name or words: they are a customer's. */
export const documentError = (
	code: DocumentErrorCode,
	cause?: unknown,
	details?: { pages: number | null },
): FactoryError => new FactoryError(code, MESSAGES[code], { cause, details });
