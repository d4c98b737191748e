import type { Database } from '../database';
import { FactoryError } from '../errors';
import { inTenant } from '../tenancy';
import { DOCUMENT_MAX_BYTES, DOCUMENT_MAX_CHARACTERS, DOCUMENT_MAX_PAGES } from './defaults';
import type { OnboardingRef } from './store';

export interface UploadedFile {
	bytes: Buffer;
	mimeType: string | null;
	fileName: string;
}

export interface ExtractLimits {
	maxBytes: number;
	maxPages: number;
	maxCharacters: number;
}

/** Reads the text out of a file; core/documents does it. */
export type ExtractText = (
	file: { bytes: Buffer; mimeType: string; fileName: string },
	limits: ExtractLimits,
) => Promise<{ text: string; pages: number | null; truncated: boolean }>;

const SAVE = `select save_onboarding_document($1::uuid, $2::uuid, $3::jsonb)`;
const REMOVE = `select remove_onboarding_document($1::uuid, $2::uuid, $3::text) as removed`;
const TITLE_CHARACTERS = 160;

const titleOf = (fileName: string): string =>
	fileName
		.replace(/\.[a-z0-9]{1,5}$/i, '')
		.trim()
		.slice(0, TITLE_CHARACTERS) || 'Documento';

/** Keeps the text of an uploaded file under its name; the file itself goes. */
export async function addDocumentFile(
	database: Database,
	ref: OnboardingRef,
	file: UploadedFile,
	extract: ExtractText,
	actor?: string,
): Promise<{ title: string; characters: number; pages: number | null; truncated: boolean }> {
	const limits = { maxBytes: DOCUMENT_MAX_BYTES, maxPages: DOCUMENT_MAX_PAGES, maxCharacters: DOCUMENT_MAX_CHARACTERS };
	const { text, pages, truncated } = await extract({ ...file, mimeType: file.mimeType ?? '' }, limits);
	const document = {
		title: titleOf(file.fileName),
		fileName: file.fileName.slice(0, TITLE_CHARACTERS),
		mimeType: file.mimeType,
		pages,
		truncated,
	};
	return { ...(await addDocumentText(database, ref, { ...document, content: text }, actor)), pages, truncated };
}

export interface DocumentText {
	title: string;
	content: string;
	fileName?: string;
	mimeType?: string | null;
	pages?: number | null;
	truncated?: boolean;
}

export async function addDocumentText(
	database: Database,
	ref: OnboardingRef,
	document: DocumentText,
	actor?: string,
): Promise<{ title: string; characters: number }> {
	const title = document.title.trim().slice(0, TITLE_CHARACTERS);
	const content = document.content.replaceAll('\0', '').trim();
	if (title === '' || content === '') {
		throw new FactoryError(
			'DOCUMENT_EMPTY',
			'The document has no title or no text. A scan without text must be typed or read first.',
			{ item: title || 'document' },
		);
	}
	await inTenant(
		database,
		ref.tenantId,
		async (db) => await db.one(SAVE, [ref.tenantId, ref.id, JSON.stringify({ ...document, title, content })]),
		{ actor },
	);
	return { title, characters: content.length };
}

export const removeDocument = async (
	database: Database,
	ref: OnboardingRef,
	title: string,
	actor?: string,
): Promise<boolean> =>
	await inTenant(
		database,
		ref.tenantId,
		async (db) => (await db.one<{ removed: boolean }>(REMOVE, [ref.tenantId, ref.id, title]))!.removed,
		{ actor },
	);
