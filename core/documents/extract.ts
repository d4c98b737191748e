import { Worker } from 'node:worker_threads';
import { DOCUMENT_LIMITS, TEXT_PROBE_BYTES, type DocumentLimits } from './defaults';
import { documentError, type DocumentErrorCode } from './errors';
import { WORKER_SOURCE } from './worker-source';

export interface DocumentFile {
	bytes: Uint8Array;
	/** As the sender named it; only a hint, the bytes decide. */
	mimeType?: string | null;
	fileName?: string | null;
}

export interface ExtractedText {
	kind: 'text' | 'pdf' | 'docx';
	text: string;
	/** Of a PDF; other files have none. */
	pages: number | null;
	/** The end is missing: the document is longer than the limits. */
	truncated: boolean;
}

/** The text of a txt, md, csv, pdf or docx file. Throws FactoryErrors DOCUMENT_…; never takes longer than `timeoutMs`. */
export async function extractText(file: DocumentFile, limits: Partial<DocumentLimits> = {}): Promise<ExtractedText> {
	const bounds = { ...DOCUMENT_LIMITS, ...limits };
	const { bytes } = file;
	if (bytes.length === 0) throw documentError('DOCUMENT_EMPTY');
	if (bytes.length > bounds.maxBytes) throw documentError('DOCUMENT_TOO_LARGE');
	const kind = kindOf(file);
	const read = kind === 'text' ? readText(bytes, bounds) : await readApart(kind, bytes, bounds);
	const text = tidy(read.text);
	if (text === '')
		throw documentError(kind === 'pdf' ? 'DOCUMENT_NO_TEXT' : 'DOCUMENT_EMPTY', undefined, { pages: read.pages });
	return { kind, text, pages: read.pages, truncated: read.truncated };
}

type RawText = Omit<ExtractedText, 'kind'>;

const TEXT_NAMES = /\.(txt|md|markdown|csv|text)$/i;
const TEXT_TYPES = /^(text\/(plain|markdown|csv)|application\/csv)\b/i;
const startsWith = (bytes: Uint8Array, mark: string): boolean =>
	Buffer.from(bytes.subarray(0, mark.length)).toString('latin1') === mark;

function kindOf({ bytes, mimeType, fileName }: DocumentFile): ExtractedText['kind'] {
	// Readers look for the mark in the first kilobyte; mailers put lines before it.
	if (Buffer.from(bytes.subarray(0, 1_024)).includes('%PDF-')) return 'pdf';
	if (startsWith(bytes, 'PK\u0003\u0004')) return 'docx';
	const type = mimeType ?? '';
	const name = fileName ?? '';
	if (/pdf/i.test(type) || /\.pdf$/i.test(name)) throw documentError('DOCUMENT_BROKEN');
	if (TEXT_TYPES.test(type) || TEXT_NAMES.test(name)) return 'text';
	throw documentError('DOCUMENT_UNSUPPORTED');
}

const UTF16 = { '\u00ff\u00fe': 'utf-16le', '\u00fe\u00ff': 'utf-16be' } as const;

function readText(bytes: Uint8Array, { maxCharacters }: DocumentLimits): RawText {
	const mark = Buffer.from(bytes.subarray(0, 2)).toString('latin1') as keyof typeof UTF16;
	const encoding = UTF16[mark];
	if (!encoding && bytes.subarray(0, TEXT_PROBE_BYTES).includes(0)) throw documentError('DOCUMENT_UNSUPPORTED');
	let text: string;
	try {
		text = new TextDecoder(encoding ?? 'utf-8', { fatal: true }).decode(bytes);
	} catch {
		// What old Windows programs write.
		text = new TextDecoder('windows-1252').decode(bytes);
	}
	return { text: text.slice(0, maxCharacters), pages: null, truncated: text.length > maxCharacters };
}

/** In a thread that is ended when it takes too long: a parser that hangs cannot be stopped otherwise. */
async function readApart(kind: 'pdf' | 'docx', bytes: Uint8Array, limits: DocumentLimits): Promise<RawText> {
	const worker = new Worker(WORKER_SOURCE, {
		eval: true,
		env: {},
		// Not what the process was started with: loaders and inspectors have no business here.
		execArgv: [],
		stdout: true,
		stderr: true,
		workerData: {
			kind,
			bytes,
			limits,
			modules: { unpdf: require.resolve('unpdf'), xmldom: require.resolve('@xmldom/xmldom') },
		},
		resourceLimits: { maxOldGenerationSizeMb: limits.heapMb },
	});
	let timer: NodeJS.Timeout | undefined;
	try {
		return await new Promise<RawText>((resolve, reject) => {
			timer = setTimeout(() => reject(documentError('DOCUMENT_TIMEOUT')), limits.timeoutMs);
			worker.once('message', (said: RawText | { failed: DocumentErrorCode }) =>
				'failed' in said ? reject(documentError(said.failed)) : resolve(said),
			);
			worker.once('error', (error: NodeJS.ErrnoException) =>
				reject(
					documentError(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'DOCUMENT_TOO_LARGE' : 'DOCUMENT_BROKEN', error),
				),
			);
			worker.once('exit', () => reject(documentError('DOCUMENT_BROKEN')));
		});
	} finally {
		clearTimeout(timer);
		await worker.terminate();
	}
}

/** Without control characters and the blank runs that layout leaves; half an emoji goes too. */
const tidy = (text: string): string =>
	text
		.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '')
		.replace(/\r\n?/g, '\n')
		// eslint-disable-next-line no-control-regex
		.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufeff\ufffd]/g, '')
		.replace(/[^\S\n]+/g, ' ')
		.replace(/ ?\n ?/g, '\n')
		.replace(/\n{3,}/g, '\n\n')
		.trim();
