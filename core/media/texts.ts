import { BODY_MAX_CHARS, FILE_NAME_CHARS } from './defaults';
import type { MediaKind, Reading } from './types';

interface MediaTexts {
	names: Record<MediaKind, string>;
	unread: Record<MediaKind, string>;
	/** Before the words that stand in a picture. */
	written: string;
}

/** The marks around what was read, in the language of the agent. */
const TEXTS: Record<string, MediaTexts> = {
	'pt-BR': {
		names: { audio: 'áudio', image: 'imagem', document: 'documento', video: 'vídeo' },
		unread: {
			audio: 'áudio que não consegui ouvir',
			image: 'imagem que não consegui ver',
			document: 'documento que não consegui ler',
			video: 'vídeo que não consegui assistir',
		},
		written: 'Texto na imagem',
	},
	en: {
		names: { audio: 'audio', image: 'image', document: 'document', video: 'video' },
		unread: {
			audio: 'audio that I could not hear',
			image: 'image that I could not see',
			document: 'document that I could not read',
			video: 'video that I could not watch',
		},
		written: 'Text in the image',
	},
	es: {
		names: { audio: 'audio', image: 'imagen', document: 'documento', video: 'vídeo' },
		unread: {
			audio: 'audio que no pude escuchar',
			image: 'imagen que no pude ver',
			document: 'documento que no pude leer',
			video: 'vídeo que no pude mirar',
		},
		written: 'Texto en la imagen',
	},
};

const textsOf = (language: string | null): MediaTexts => TEXTS[language ?? ''] ?? TEXTS['pt-BR'];

/** What a picture shows and says, as one text. */
export const imageText = (language: string | null, seen: { description: string; text: string }): string =>
	[seen.description.trim(), seen.text.trim() && `${textsOf(language).written}: ${seen.text.trim()}`]
		.filter((part) => part !== '')
		.join(' ');

/** What stands there before it is read: "[audio]", "[document: a.pdf]". Everything else the customer wrote. */
function writtenBeside(body: string, fileName: string | null): string {
	const text = body.trim();
	const isPlaceholder = /^\[[a-z_]+\]$/.test(text) || (fileName !== null && text.endsWith(`: ${fileName}]`));
	return isPlaceholder ? '' : text;
}

/** The message as agent, classifier and pages see it: the mark, what was read, and what the customer wrote beside it. */
export function bodyOf(
	media: { language: string | null; body: string; fileName: string | null },
	reading: Reading,
): string {
	const { names, unread } = textsOf(media.language);
	const written = writtenBeside(media.body, media.fileName);
	if (reading.status !== 'read') return [`[${unread[reading.kind]}]`, written].filter((part) => part !== '').join('\n');
	const name = reading.kind === 'document' ? fileNameOf(media.fileName) : '';
	const mark = `[${names[reading.kind]}${name === '' ? '' : `: ${name}`}]`;
	const text = reading.text ?? '';
	const shown = text.length > BODY_MAX_CHARS ? `${text.slice(0, BODY_MAX_CHARS - 1)}…` : text;
	return [`${mark} ${shown}`, written].filter((part) => part !== '').join('\n');
}

/** A name is the customer's text too: one line without brackets, so that it cannot end the mark. */
const fileNameOf = (name: string | null): string =>
	(name ?? '')
		.replace(/[^\p{L}\p{N}\p{M} ._-]+/gu, ' ')
		.replace(/\s+/g, ' ')
		.trim()
		.slice(-FILE_NAME_CHARS);
