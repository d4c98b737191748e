import { downloadMedia, getMediaInfo, type MediaBytes } from '../meta';
import { tokenBinding } from '../tenancy';
import { MEDIA_LIMITS } from './defaults';
import { mediaError, type MediaErrorCode } from './errors';
import type { MediaKind, MediaPorts, TurnMedia } from './types';

export interface MediaFile {
	bytes: Buffer;
	mimeType: string;
}

const MOST: Record<MediaKind, number> = {
	audio: MEDIA_LIMITS.audioBytes,
	image: MEDIA_LIMITS.imageBytes,
	document: MEDIA_LIMITS.documentBytes,
	video: 0,
};
const CODES: Record<Extract<MediaBytes, { ok: false }>['reason'], MediaErrorCode> = {
	gone: 'MEDIA_GONE',
	no_access: 'MEDIA_NO_ACCESS',
	away: 'MEDIA_UNAVAILABLE',
	too_large: 'MEDIA_TOO_LARGE',
	forbidden_host: 'MEDIA_HOST_REFUSED',
};

/** The file of a message. WhatsApp's payload may hold an address already, good for five minutes; after that the id gives a fresh one. */
export async function fetchFile(media: TurnMedia, ports: MediaPorts, signal: AbortSignal): Promise<MediaFile> {
	const place = { ...ports.graph, timeoutMs: MEDIA_LIMITS.downloadMs, signal };
	const token = await tokenOf(media, ports);
	const maxBytes = MOST[media.kind];
	const fetchUrl = async (url: string) => await downloadMedia(place, { url, token, maxBytes });

	let file = media.url === null ? null : await fetchUrl(media.url);
	const outlived = file === null || (!file.ok && file.reason !== 'too_large');
	if (outlived && media.channelKind === 'whatsapp' && media.mediaId !== null) {
		const info = await getMediaInfo(place, token, media.mediaId);
		if (!info.ok) throw mediaError(CODES[info.reason]);
		if (info.bytes !== null && info.bytes > maxBytes) throw mediaError('MEDIA_TOO_LARGE');
		file = await fetchUrl(info.url);
	}
	if (file === null) throw mediaError('MEDIA_GONE');
	if (!file.ok) throw mediaError(CODES[file.reason]);
	if (file.bytes.length === 0) throw mediaError('MEDIA_EMPTY');
	return { bytes: file.bytes, mimeType: (media.mimeType ?? file.mimeType ?? '').toLowerCase() };
}

async function tokenOf(media: TurnMedia, ports: MediaPorts): Promise<string> {
	if (media.accessTokenEncrypted === null) throw mediaError('MEDIA_NO_ACCESS');
	const vault = await ports.vault();
	return vault.decrypt(media.accessTokenEncrypted, tokenBinding(media.tenantId, media.channelAccountId));
}
