/** One entry of the allow list: a host, perhaps with its subdomains, perhaps only below a path. */
export interface AllowedLink {
	host: string;
	subdomains: boolean;
	/** With a leading slash and without a trailing one; empty: the whole host. */
	path: string;
}

/** Endings that make `word.word` a link. A full list would turn a missing blank after a full stop into one. */
const ENDINGS =
	'com|br|net|org|edu|gov|io|me|app|dev|co|ly|gl|gd|gg|link|links|site|online|store|shop|loja|info|biz|xyz|ai|tv|us|uk|pt|es|ar|mx|cl|pe|uy|py|bo|ec|eu|to|cc|ws|la|tech|blog|club|bio|page|new|cloud|live|pro|fm|im|art|fit|top|vip|click|digital|agency|academy|marketing|social|chat|news|website|space|world|today|email|life|team|events|health|studio|media|design|web|wiki|be|ee|ru|cn|in|id|is|it|de|fr|nl|ch|ca|au|jp|tk|ml|ga|zip|mov';

/** Every repetition is bounded: documents are long, and an open one makes a pattern quadratic. */
const SCHEME = /[a-z][a-z0-9+.-]{0,20}:\/\/[^\s<>"'`)\]}]+/giu;
const BARE = new RegExp(
	`(?<![\\p{L}\\p{N}@._/-])(?:[\\p{L}\\p{N}](?:[\\p{L}\\p{N}-]{0,61}[\\p{L}\\p{N}])?\\.){1,10}(?:${ENDINGS})(?![\\p{L}\\p{N}-])(?!\\.[\\p{L}])(?::\\d+)?(?:[/?#][^\\s<>"'\`)\\]}]*)?`,
	'giu',
);
const EMAIL = /[\p{L}\p{N}._%+-]{1,64}@[\p{L}\p{N}.-]{1,190}\.\p{L}{2,}/giu;

const trimTail = (link: string): string => link.replace(/(?<![.,;:!?…*_~])[.,;:!?…*_~]+$/u, '');

function urlOf(link: string): URL | null {
	try {
		return new URL(/^[a-z][a-z0-9+.-]*:\/\//iu.test(link) ? link : `https://${link}`);
	} catch {
		return null;
	}
}

const pathOf = (url: URL): string => url.pathname.replace(/(?<!\/)\/+$/, '');
const bareHost = (host: string): string =>
	host
		.toLowerCase()
		.replace(/\.$/, '')
		.replace(/^www\./, '');

/** Everything in a text that a phone would turn into a link; e-mail addresses are not links. */
export function findLinks(text: string): string[] {
	// Invisible characters inside a host would hide it from the patterns but not from a phone.
	const visible = text
		.normalize('NFKC')
		.replace(/\p{Cf}/gu, '')
		.replace(/mailto:/giu, ' ');
	const withScheme = visible.match(SCHEME) ?? [];
	const rest = visible.replace(SCHEME, ' ').replace(EMAIL, ' ');
	return [...withScheme, ...(rest.match(BARE) ?? [])].map(trimTail);
}

/** Reads an entry of the allow list; null when it is none. */
export function parseAllowedLink(entry: string): AllowedLink | null {
	const subdomains = entry.startsWith('*.');
	const url = urlOf(subdomains ? entry.slice(2) : entry);
	if (!url || /[\s*]/.test(url.hostname + entry.slice(2)) || !/^https?:$/.test(url.protocol)) return null;
	if (!url.hostname.includes('.') || url.username !== '' || url.password !== '') return null;
	return { host: bareHost(url.hostname), subdomains, path: pathOf(url) };
}

/** A host allows itself and its www; subdomains only with `*.`, because anybody may own one on a shared host. */
export function isAllowedLink(link: string, allowed: readonly AllowedLink[]): boolean {
	const url = urlOf(link);
	if (!url || !/^https?:$/.test(url.protocol) || url.username !== '') return false;
	const host = bareHost(url.hostname);
	const path = pathOf(url);
	return allowed.some((entry) => {
		const sameHost = host === entry.host || (entry.subdomains && host.endsWith(`.${entry.host}`));
		return sameHost && (entry.path === '' || path === entry.path || path.startsWith(`${entry.path}/`));
	});
}

/** The host of a link for a log: never its path or query, which may hold a customer's data. */
export const linkHost = (link: string): string => urlOf(link)?.hostname ?? 'unreadable';
