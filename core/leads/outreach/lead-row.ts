import {
	BIO_MAX_CHARS,
	COUNT_MAX,
	NAME_MAX_CHARS,
	SOURCE_MAX_CHARS,
	TAG_MAX_CHARS,
	TAGS_MAX,
	URL_MAX_CHARS,
	USERNAME_MAX_CHARS,
} from './defaults';
import { fold } from './fold';

/** A lead as it is stored. Null: the row did not say. */
export interface InstagramLead {
	username: string;
	fullName: string | null;
	bio: string | null;
	followersCount: number | null;
	followingCount: number | null;
	isPrivate: boolean | null;
	isVerified: boolean | null;
	profileUrl: string | null;
	source: string | null;
	tags: string[];
}

/** A row that can be stored, or everything that is wrong with it. */
export type ReadRow = { lead: InstagramLead } | { username: string | null; reasons: string[] };

/** Headings people use, folded, in Portuguese and English. */
const HEADINGS: Record<keyof InstagramLead, readonly string[]> = {
	username: ['username', 'user', 'usuario', 'nome de usuario', 'instagram', 'arroba', 'handle', 'perfil', 'ig'],
	fullName: ['full name', 'fullname', 'nome completo', 'nome', 'name'],
	bio: ['bio', 'biografia', 'biography', 'descricao', 'description'],
	followersCount: ['followers count', 'followerscount', 'followers', 'seguidores'],
	followingCount: ['following count', 'followingcount', 'following', 'seguindo'],
	isPrivate: ['is private', 'isprivate', 'private', 'privado', 'privada', 'conta privada'],
	isVerified: ['is verified', 'isverified', 'verified', 'verificado', 'verificada'],
	profileUrl: ['profile url', 'profileurl', 'url', 'link', 'link do perfil'],
	source: ['source', 'origem', 'fonte'],
	tags: ['tags', 'tag', 'etiquetas', 'marcadores'],
};

const YES = new Set(['true', 'yes', 'y', 'sim', 's', '1', 'verdadeiro', 'x']);
const NO = new Set(['false', 'no', 'n', 'nao', '0', 'falso']);
const PROFILE_LINK = /^(?:https?:\/\/)?(?:www\.|m\.)?(?:instagram\.com|instagr\.am|ig\.me\/m)\/(?:_u\/)?([^/?#]+)/i;
/** Places of Instagram that look like a profile in a link. */
const NO_PROFILE = new Set(['p', 'reel', 'reels', 'tv', 'stories', 'explore', 'accounts', 'direct', 's']);

/** `@Ana.Lima`, `instagram.com/ana.lima/?hl=pt` and `ana.lima` are one person; null where no username is left. */
export function readUsername(value: string): string | null {
	const text = value.trim();
	const linked = PROFILE_LINK.exec(text)?.[1];
	const bare = (linked ?? text).trim().replace(/^@+/, '').toLowerCase();
	const fits = new RegExp(`^[a-z0-9._]{1,${USERNAME_MAX_CHARS}}$`).test(bare) && !/^\.|\.$|\.\./.test(bare);
	return fits && !(linked !== undefined && NO_PROFILE.has(bare)) ? bare : null;
}

/** `12345`, `12.345`, `12,345`, `12 345`: a count. Anything shortened or broken is refused. */
export function readCount(value: string): number | null {
	const text = value.trim();
	if (!/^(\d+|\d{1,3}([., \u00A0]\d{3})+)$/.test(text)) return null;
	const count = Number(text.replace(/\D/g, ''));
	return count <= COUNT_MAX ? count : null;
}

export function readBoolean(value: string): boolean | null {
	const word = fold(value.trim());
	return YES.has(word) ? true : NO.has(word) ? false : null;
}

/** Reads one row of a list or CSV. An empty cell says nothing; a cell that cannot be read is a reason. */
export function readLeadRow(row: Readonly<Record<string, unknown>>): ReadRow {
	const cells = cellsOf(row);
	const reasons: string[] = [];
	const text = (field: keyof InstagramLead, most: number): string | null => {
		const value = cells[field];
		if (value === undefined) return null;
		if (value.length > most) reasons.push(`${field} has more than ${most} characters`);
		return value;
	};
	const parsed = <T>(field: keyof InstagramLead, read: (value: string) => T | null, expected: string): T | null => {
		const value = cells[field];
		if (value === undefined) return null;
		const result = read(value);
		if (result === null) reasons.push(`${field} is not ${expected}`);
		return result;
	};

	const named = cells.username ?? cells.profileUrl;
	const username = named === undefined ? null : readUsername(named);
	if (named === undefined) reasons.push('username is missing');
	else if (username === null)
		reasons.push('username is not one of Instagram: letters, digits, dots and underscores, at most 30');
	const tags = tagsOf(cells.tags);
	if (tags.length > TAGS_MAX) reasons.push(`tags are more than ${TAGS_MAX}`);
	if (tags.some((tag) => tag.length > TAG_MAX_CHARS)) reasons.push(`a tag has more than ${TAG_MAX_CHARS} characters`);
	const rest = {
		fullName: text('fullName', NAME_MAX_CHARS),
		bio: text('bio', BIO_MAX_CHARS),
		followersCount: parsed('followersCount', readCount, 'a whole number, e.g. 1250'),
		followingCount: parsed('followingCount', readCount, 'a whole number, e.g. 1250'),
		isPrivate: parsed('isPrivate', readBoolean, 'yes or no'),
		isVerified: parsed('isVerified', readBoolean, 'yes or no'),
		profileUrl: text('profileUrl', URL_MAX_CHARS),
		source: text('source', SOURCE_MAX_CHARS),
		tags,
	};
	return username === null || reasons.length > 0 ? { username, reasons } : { lead: { username, ...rest } };
}

/** The cells that say something, by our field; of two columns for one field the first that is filled counts. */
function cellsOf(row: Readonly<Record<string, unknown>>): Partial<Record<keyof InstagramLead, string>> {
	const byHeading = new Map<string, string>();
	for (const [heading, value] of Object.entries(row)) {
		const cell = cellText(value);
		const name = fold(heading.replace(/^\uFEFF/, ''))
			.replace(/[\s_-]+/g, ' ')
			.trim();
		if (cell !== '' && !byHeading.has(name)) byHeading.set(name, cell);
	}
	const fields = Object.entries(HEADINGS) as Array<[keyof InstagramLead, readonly string[]]>;
	return Object.fromEntries(
		fields.flatMap(([field, names]) => {
			const name = names.find((known) => byHeading.has(known));
			return name === undefined ? [] : [[field, byHeading.get(name)]];
		}),
	);
}

/** Plain values; a list is joined. Postgres takes no null character and no half of a pair. */
function cellText(value: unknown): string {
	if (Array.isArray(value))
		return value
			.map(cellText)
			.filter((part) => part !== '')
			.join(',');
	const plain =
		typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
	return plain.replace(/[\0\p{Cs}]/gu, '').trim();
}

const tagsOf = (cell: string | undefined): string[] => [
	...new Set(
		(cell ?? '')
			.split(/[,;|]/)
			.map((tag) => tag.trim().toLowerCase())
			.filter((tag) => tag !== ''),
	),
];
