import { createHash } from 'node:crypto';
import { type FactoryError, isFactoryError } from '../errors';
import type { LlmUsage } from '../llm';
import { TEXT_MAX_CHARS } from './defaults';
import { mediaError } from './errors';
import { fetchFile, type MediaFile } from './fetch-file';
import { READERS } from './read-file';
import type { MediaPorts, MediaSettings, Reading, ReadingStatus, TurnMedia } from './types';

/** Which setting says whether a kind is read at all. */
const SWITCHES: Record<'audio' | 'image' | 'document', keyof MediaSettings> = {
	audio: 'audio',
	image: 'images',
	document: 'documents',
};

const STATUS_OF: Record<string, ReadingStatus> = {
	MEDIA_TOO_LARGE: 'too_large',
	DOCUMENT_TOO_LARGE: 'too_large',
	MEDIA_UNSUPPORTED: 'unsupported',
	DOCUMENT_UNSUPPORTED: 'unsupported',
	MEDIA_OFF: 'refused',
	MEDIA_HOST_REFUSED: 'refused',
	LLM_REFUSED: 'refused',
};

/** Reads one file. Never throws: whatever goes wrong, the turn goes on and the agent asks the customer to write. */
export async function readMedia(media: TurnMedia, ports: MediaPorts, signal: AbortSignal): Promise<Reading> {
	let file: MediaFile | null = null;
	try {
		if (media.beyond) throw mediaError('MEDIA_TOO_MANY');
		if (media.kind === 'video') throw mediaError('MEDIA_UNSUPPORTED');
		if (!media.settings[SWITCHES[media.kind]]) throw mediaError('MEDIA_OFF');
		if (signal.aborted) throw mediaError('MEDIA_TIMEOUT');
		file = await fetchFile(media, ports, signal);
		const { text: said, model, usage } = await READERS[media.kind](media, file, ports, signal);
		const text = storable(said.slice(0, TEXT_MAX_CHARS));
		const known = text === '' ? { status: 'failed' as const, text: null, errorCode: 'MEDIA_NOTHING_READ' } : null;
		return {
			...factsOf(media, file),
			status: 'read',
			text,
			errorCode: null,
			...known,
			model,
			usage,
		};
	} catch (error) {
		const errorCode = signal.aborted ? 'MEDIA_TIMEOUT' : isFactoryError(error) ? error.code : 'INTERNAL';
		return {
			...factsOf(media, file),
			status: STATUS_OF[errorCode] ?? 'failed',
			text: null,
			errorCode,
			model: null,
			usage: isFactoryError(error) ? usageOf(error) : [],
		};
	}
}

/** Postgres takes neither NUL nor half a pair. */
const storable = (text: string): string =>
	text
		.replaceAll('\0', '')
		.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '')
		.trim();

const factsOf = (media: TurnMedia, file: MediaFile | null) => ({
	kind: media.kind,
	mimeType: file?.mimeType ?? media.mimeType,
	bytes: file?.bytes.length ?? null,
	sha256: file ? createHash('sha256').update(file.bytes).digest('hex') : null,
});

const usageOf = (error: FactoryError): LlmUsage[] => {
	const usage = (error.details as { usage?: LlmUsage } | undefined)?.usage;
	return usage ? [usage] : [];
};
