import { createHash } from 'node:crypto';
import { graphError } from './graph-errors';
import type { HttpReply, HttpRequest } from './http';
import { z } from 'zod/v4';

interface StoredMedia {
	id: string;
	mimeType: string;
	bytes: Buffer;
	/** The id is older than its seven days. */
	expired: boolean;
	/** Milliseconds over which the bytes go out. */
	dripMs?: number;
	/** Where the bytes are said to be, in place of this server. */
	url?: string;
	/** Bytes that the description claims. */
	claimedSize?: number;
}

export interface MediaStore {
	files: Map<string, StoredMedia>;
	/** Downloads of bytes by id, oldest first. */
	downloads: string[];
}

export const createMediaStore = (): MediaStore => ({ files: new Map(), downloads: [] });

const mediaSchema = z.object({
	id: z.string().optional(),
	mimeType: z.string(),
	base64: z.string(),
	expired: z.boolean().default(false),
	dripMs: z.number().optional(),
	url: z.string().optional(),
	claimedSize: z.number().optional(),
});

/** `POST /_sandbox/media`: a file as a customer would have sent it; answers the id for a webhook. */
export function storeMedia(store: MediaStore, body: unknown): HttpReply {
	const parsed = mediaSchema.safeParse(body);
	if (!parsed.success) return { status: 400, body: { error: z.prettifyError(parsed.error) } };
	const { base64, id = String(900_000_000_000 + store.files.size), ...media } = parsed.data;
	store.files.set(id, { ...media, id, bytes: Buffer.from(base64, 'base64') });
	return { status: 200, body: { id } };
}

/** `GET /{media-id}`; null where the id is no medium. */
export function readMedia(store: MediaStore, request: HttpRequest): HttpReply | null {
	const media = store.files.get(request.params.id ?? '');
	if (!media) return null;
	if (media.expired)
		return graphError({
			code: 100,
			subcode: 33,
			message: `Unsupported get request. Object with ID '${media.id}' does not exist.`,
			product: 'page',
		});
	return {
		status: 200,
		body: {
			messaging_product: 'whatsapp',
			url: media.url ?? `http://${request.headers.host}/_media/${media.id}`,
			mime_type: media.mimeType,
			sha256: createHash('sha256').update(media.bytes).digest('hex'),
			file_size: media.claimedSize ?? media.bytes.length,
			id: media.id,
		},
	};
}

/** The bytes: with the token of the number, as at lookaside.fbsbx.com, which answers 404 to a URL older than five minutes. */
export function sendMedia(store: MediaStore, request: HttpRequest): HttpReply {
	const media = store.files.get(request.params.id ?? '');
	if (!/^Bearer\s+\S+$/i.test(request.headers.authorization ?? '')) return { status: 401, body: '' };
	if (!media || media.expired) return { status: 404, body: '' };
	store.downloads.push(media.id);
	return { status: 200, headers: { 'content-type': media.mimeType }, body: media.bytes, dripMs: media.dripMs };
}
