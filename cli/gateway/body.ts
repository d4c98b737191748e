import type { IncomingMessage } from 'node:http';

export type ReadBody = { ok: true; body: Buffer } | { ok: false; reason: 'too_large' | 'no_room' | 'aborted' };

/** Bytes that all requests together hold. */
export interface Held {
	bytes: number;
	readonly maxBytes: number;
}

/** Length that the header announces; null without one (chunked). */
export const announcedLength = (request: IncomingMessage): number | null => {
	const length = request.headers['content-length'];
	return length === undefined ? null : Number(length);
};

/** Reads the body as it came, and stops reading at the limits. The caller gives back the bytes of a body it got. */
export async function readBody(request: IncomingMessage, maxBytes: number, held: Held): Promise<ReadBody> {
	const chunks: Buffer[] = [];
	let size = 0;
	return await new Promise<ReadBody>((resolve) => {
		const end = (result: ReadBody): void => {
			request.off('data', onData).off('end', onEnd).off('close', onBroken);
			if (!result.ok) {
				request.pause();
				held.bytes -= size;
			}
			resolve(result);
		};
		const onData = (chunk: Buffer): void => {
			size += chunk.length;
			held.bytes += chunk.length;
			if (size > maxBytes) end({ ok: false, reason: 'too_large' });
			else if (held.bytes > held.maxBytes) end({ ok: false, reason: 'no_room' });
			else chunks.push(chunk);
		};
		const onEnd = (): void => end({ ok: true, body: Buffer.concat(chunks, size) });
		const onBroken = (): void => end({ ok: false, reason: 'aborted' });
		request.on('data', onData).once('end', onEnd).once('close', onBroken);
		request.on('error', () => undefined);
	});
}
