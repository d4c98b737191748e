/** What one document may cost. Sizes in bytes, times in milliseconds, texts in characters. */
export const DOCUMENT_LIMITS = {
	/** A long contract is 2 MB; beyond this it is pictures. */
	maxBytes: 10 * 1024 * 1024,
	/** What a .docx, a zip, may hold unpacked: honest ones stay below ten times their size. */
	maxUnpackedBytes: 60 * 1024 * 1024,
	/** Files inside a .docx: honest ones have some dozens, those full of pictures some hundreds. */
	maxEntries: 2_000,
	/** Pages that are read of a PDF; what is cut off is told by `truncated`. */
	maxPages: 200,
	/** About a hundred printed pages. */
	maxCharacters: 300_000,
	/** A PDF of 200 pages takes some two seconds. */
	timeoutMs: 15_000,
	/** Heap of the thread that reads: a document of 10 MB takes some 100 MB. */
	heapMb: 256,
} as const;

export type DocumentLimits = { [K in keyof typeof DOCUMENT_LIMITS]: number };

/** Bytes at the front of a text that are looked at for what no text has. */
export const TEXT_PROBE_BYTES = 4_096;
