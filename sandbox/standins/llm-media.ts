import { asText, isRecord, type JsonSchema, type LlmCall } from './llm-exchange';
import type { HttpRequest } from './http';

/** What a picture or a recording "says" stands in its bytes between these marks, wherever the file's format leaves room. */
const SAID = /\[\[([\s\S]*?)\]\]/;

export const saidIn = (bytes: Buffer): string | null => SAID.exec(bytes.toString('utf8'))?.[1] ?? null;

/** The pictures and PDFs of a message's content, in the words of either provider. */
export function imagesOf(content: unknown): Buffer[] {
	if (!Array.isArray(content)) return [];
	return content.filter(isRecord).flatMap((block) => {
		if (['image', 'document'].includes(String(block.type)) && isRecord(block.source))
			return [Buffer.from(String(block.source.data), 'base64')];
		const pdf = block.type === 'input_file' ? block.file_data : isRecord(block.file) ? block.file.file_data : null;
		const pages = /^data:application\/pdf;base64,(.+)$/.exec(asText(pdf) ?? '')?.[1];
		if (pages !== undefined) return [Buffer.from(pages, 'base64')];
		const url = block.type === 'input_image' ? block.image_url : isRecord(block.image_url) ? block.image_url.url : null;
		const data = /^data:image\/(?:jpeg|png|gif|webp);base64,(.+)$/.exec(asText(url) ?? '')?.[1];
		return data === undefined ? [] : [Buffer.from(data, 'base64')];
	});
}

export function isVisionSchema(schema: JsonSchema): boolean {
	const properties = isRecord(schema.properties) ? schema.properties : {};
	return ['description', 'text', 'is_document'].every((name) => name in properties);
}

/** A picture that says nothing is not made out. */
export function describeImage(call: LlmCall): { description: string; text: string; is_document: boolean } {
	const [image] = call.images;
	const said = image ? saidIn(image) : null;
	if (said === null || said === '') return { description: '', text: '', is_document: false };
	return { description: 'Uma foto com um texto.', text: said, is_document: false };
}

export interface AudioUpload {
	model: string;
	fileName: string;
	bytes: Buffer;
}

/** The form of POST /v1/audio/transcriptions; null where it is none. */
export async function readUpload(request: HttpRequest): Promise<AudioUpload | null> {
	try {
		const type = request.headers['content-type'] ?? '';
		const form = await new Response(new Uint8Array(request.rawBody), { headers: { 'content-type': type } }).formData();
		const file = form.get('file');
		const model = form.get('model');
		if (typeof model !== 'string' || file === null || typeof file === 'string') return null;
		return { model, fileName: file.name, bytes: Buffer.from(await file.arrayBuffer()) };
	} catch {
		return null;
	}
}

/** Endings that the API takes. */
const FORMATS = /\.(flac|mp3|mp4|mpeg|mpga|m4a|ogg|wav|webm)$/i;

export const audioFault = ({ fileName, bytes }: AudioUpload): string | null =>
	bytes.length === 0 ? 'Audio file is empty.' : FORMATS.test(fileName) ? null : 'Unsupported file format.';

/** Ten tokens a second of an imagined second in a kilobyte; whisper-1 counts seconds. */
export function transcription({ model, bytes }: AudioUpload): JsonSchema {
	const text = saidIn(bytes) ?? '';
	const seconds = Math.ceil(bytes.length / 1_024);
	if (model === 'whisper-1') return { text, usage: { type: 'duration', seconds } };
	const input = seconds * 10;
	const output = Math.ceil(text.length / 4);
	return {
		text,
		usage: {
			type: 'tokens',
			total_tokens: input + output,
			input_tokens: input,
			input_token_details: { text_tokens: 0, audio_tokens: input },
			output_tokens: output,
		},
	};
}
