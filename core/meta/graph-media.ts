import { callGraph, type FetchLike } from './graph-http';
import { MEDIA_HOSTS } from './defaults';
import { readId, readText } from './read';

export interface MediaPlace {
	fetch: FetchLike;
	/** The Graph API; its own host is trusted for media too, which a local stand-in needs. */
	baseUrl: string;
	version: string;
	timeoutMs: number;
	signal?: AbortSignal;
}

/** What Meta says of a file, or why it says nothing: `gone` ids and URLs have run out, `away` may work later. */
export type MediaInfo =
	| { ok: true; url: string; mimeType: string | null; bytes: number | null }
	| { ok: false; reason: 'gone' | 'no_access' | 'away' };

export type MediaBytes =
	| { ok: true; bytes: Buffer; mimeType: string | null }
	| { ok: false; reason: 'gone' | 'no_access' | 'away' | 'too_large' | 'forbidden_host' };

/** `GET /{media-id}`: an address for five minutes. An id is valid for seven days. */
export async function getMediaInfo(place: MediaPlace, token: string, mediaId: string): Promise<MediaInfo> {
	const root = `${place.baseUrl.replace(/\/+$/, '')}/${place.version}`;
	const url = `${root}/${encodeURIComponent(mediaId)}`;
	const result = await callGraph(place.fetch, place.timeoutMs, { method: 'GET', url, token, signal: place.signal });
	if (!result.ok) {
		const { code, httpStatus, networkError } = result.failure;
		if (networkError !== null || (httpStatus ?? 500) >= 500 || httpStatus === 429) return { ok: false, reason: 'away' };
		return { ok: false, reason: code === 190 || code === 10 || httpStatus === 401 ? 'no_access' : 'gone' };
	}
	const address = readText(result.data.url);
	if (address === null) return { ok: false, reason: 'gone' };
	const bytes = Number(result.data.file_size);
	return {
		ok: true,
		url: address,
		mimeType: readId(result.data.mime_type),
		bytes: Number.isFinite(bytes) ? bytes : null,
	};
}

/**
 * The bytes behind a media URL, never more than `maxBytes`. Only from Meta's own hosts and without redirects: the URL stands in
 * a webhook, and the token goes along only to the host that asks for it.
 */
export async function downloadMedia(
	place: MediaPlace,
	{ url, token, maxBytes }: { url: string; token: string; maxBytes: number },
): Promise<MediaBytes> {
	const host = mediaHost(url, place.baseUrl);
	if (host === null) return { ok: false, reason: 'forbidden_host' };
	const timeout = AbortSignal.timeout(place.timeoutMs);
	const signal = place.signal ? AbortSignal.any([timeout, place.signal]) : timeout;
	try {
		const response = await place.fetch(url, {
			headers: host.wantsToken ? { authorization: `Bearer ${token}` } : {},
			redirect: 'manual',
			signal,
		});
		if (!response.ok) {
			await response.body?.cancel();
			return { ok: false, reason: reasonOf(response.status) };
		}
		if (Number(response.headers.get('content-length') ?? 0) > maxBytes) {
			await response.body?.cancel();
			return { ok: false, reason: 'too_large' };
		}
		const bytes = await readBounded(response, maxBytes);
		if (bytes === null) return { ok: false, reason: 'too_large' };
		return { ok: true, bytes, mimeType: response.headers.get('content-type') };
	} catch {
		// A fault of the network, or the time is over: either may pass.
		return { ok: false, reason: 'away' };
	}
}

function reasonOf(status: number): 'gone' | 'no_access' | 'away' {
	if (status === 401 || status === 403) return 'no_access';
	return status === 429 || status >= 500 ? 'away' : 'gone';
}

/** Counted while it streams: a length in a header may be missing or wrong. */
async function readBounded(response: Response, maxBytes: number): Promise<Buffer | null> {
	const chunks: Uint8Array[] = [];
	let length = 0;
	for await (const chunk of response.body ?? []) {
		length += (chunk as Uint8Array).length;
		if (length > maxBytes) return null;
		chunks.push(chunk as Uint8Array);
	}
	return Buffer.concat(chunks);
}

function mediaHost(url: string, baseUrl: string): { wantsToken: boolean } | null {
	const target = parsed(url);
	if (target === null || target.username !== '' || target.password !== '') return null;
	if (target.origin === parsed(baseUrl)?.origin) return { wantsToken: true };
	if (target.protocol !== 'https:' || target.port !== '') return null;
	const host = MEDIA_HOSTS.find(({ name }) => target.hostname === name || target.hostname.endsWith(`.${name}`));
	return host ?? null;
}

function parsed(url: string): URL | null {
	try {
		return new URL(url);
	} catch {
		return null;
	}
}
