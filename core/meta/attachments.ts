import { noMessage } from './event';
import { asArray, asRecord, firstId, isRecord, readId, readText } from './read';
import type { MessageContent } from './types';

/** The attachments of an Instagram or Messenger message as one content; null when there are none. */
export function attachmentContent(attachments: unknown): MessageContent | null {
	const items = asArray(attachments).filter(isRecord);
	const first = items[0];
	if (first === undefined) return null;
	const payload = asRecord(first.payload);
	const lines = items.map((item) => {
		const type = readId(item.type) ?? 'attachment';
		const title = readText(item.title) ?? readText(asRecord(item.payload).title);
		return title ? `[${type}] ${title}` : `[${type}]`;
	});
	return {
		...noMessage(readId(first.type) ?? 'attachment', lines.join(' ')),
		media: {
			id: firstId(
				payload.attachment_id,
				payload.sticker_id,
				payload.reel_video_id,
				payload.ig_post_media_id,
				payload.id,
			),
			mimeType: null,
			url: readText(payload.url) ?? readText(first.url),
			filename: null,
		},
	};
}
