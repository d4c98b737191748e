/** What reading before a turn may take. Sizes in bytes, times in milliseconds. */
export const MEDIA_LIMITS = {
	/** What WhatsApp itself allows people to send of audio and pictures; a document that long is not read by an agent. */
	audioBytes: 16 * 1024 * 1024,
	imageBytes: 5 * 1024 * 1024,
	documentBytes: 10 * 1024 * 1024,
	/** Messages that one turn reads; people who send more are asked about the rest. */
	perTurn: 5,
	/** From the first download of a turn to the last answer of a model: the customer waits, and so does the lease. */
	turnMs: 25_000,
	/** One file from Meta: 16 MB on a poor line. */
	downloadMs: 10_000,
	/** One answer of a model: a minute of speech takes some three seconds. */
	modelMs: 15_000,
	/** Files that one execution holds in memory at once: 4 of 16 MB. */
	atOnce: 4,
	/** Tokens a picture's description may take. */
	visionTokens: 700,
	/** Of a PDF without text: what a model takes in before the customer stops waiting. A scanned page is some 200 KB. */
	scanBytes: 4 * 1024 * 1024,
	scanPages: 10,
	/** Tokens of what stands on its pages: what the agent sees of a document, and some more. */
	scanTokens: 2_000,
} as const;

/** What the agent sees of a long document or speech: a page and a half. The model's window holds other messages too. */
export const BODY_MAX_CHARS = 4_000;
/** What is kept of a reading. */
export const TEXT_MAX_CHARS = 20_000;
/** Characters of a customer's file name that are shown. */
export const FILE_NAME_CHARS = 80;
/** The default of media_settings.transcription_model; both are of OpenAI. */
export const TRANSCRIPTION_MODEL = 'gpt-4o-mini-transcribe';
/** Rows a list returns at most. */
export const LIST_LIMIT = 100;
