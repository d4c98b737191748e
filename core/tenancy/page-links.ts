import { createHash } from 'node:crypto';
import { z } from 'zod/v4';
import { FactoryError } from '../errors';
import { PAGE_LINK_NONCE_BYTES, PERSON_CHARACTERS } from './defaults';
import type { TenantConnection } from './transaction';
import type { Vault } from './vault';

export interface PageLinkPorts {
	vault: Vault;
	/** Milliseconds since 1970. */
	now(): number;
	randomBytes(size: number): Buffer;
}

export interface NewPageLink {
	/** Which page it opens; a link of another purpose does not. */
	purpose: string;
	tenantId: string;
	/** What it is about: an id. */
	subject: string;
	/** Who was given it: their acts carry this name. */
	person: string;
	hours: number;
	/** Further facts for the page, no secrets of others. */
	data?: Record<string, unknown>;
}

export interface OpenedPageLink {
	tenantId: string;
	subject: string;
	person: string;
	data: Record<string, unknown>;
	expiresAt: Date;
	/** Of the token: what a ledger of used links holds. */
	sha256: string;
}

/** What a link says; sealed by the vault, so that nobody can read, change or make one. */
const linkSchema = z.object({
	t: z.uuid(),
	s: z.string(),
	p: z.string(),
	d: z.record(z.string(), z.json()),
	/** Seconds since 1970 at which it ends. */
	e: z.number(),
	n: z.string(),
});

const bindingOf = (purpose: string): string => `page_links/${purpose}`;

/** A link that opens a page for one person until it expires. */
export function sealPageLink(
	link: NewPageLink,
	baseUrl: string,
	{ vault, now, randomBytes }: PageLinkPorts,
): { url: string; token: string; expiresAt: Date } {
	const person = link.person.trim();
	if (!URL.canParse(baseUrl) || person === '' || person.length > PERSON_CHARACTERS) {
		throw new FactoryError(
			'VALUE_REFUSED',
			'A link needs the address of the page that opens it (a URL) and the name of the person it is for.',
			{ item: 'pageUrl' },
		);
	}
	const e = Math.floor(now() / 1_000 + link.hours * 3_600);
	const n = randomBytes(PAGE_LINK_NONCE_BYTES).toString('base64url');
	const sealed = { t: link.tenantId, s: link.subject, p: person, d: link.data ?? {}, e, n };
	const token = vault.encrypt(JSON.stringify(sealed), bindingOf(link.purpose));
	const url = new URL(baseUrl);
	url.searchParams.set('token', token);
	return { url: url.toString(), token, expiresAt: new Date(e * 1_000) };
}

/** What a token says. Throws PAGE_LINK_INVALID for one that is not ours, PAGE_LINK_EXPIRED for one that was. */
export function openPageLink(
	token: string,
	purpose: string,
	{ vault, now }: Pick<PageLinkPorts, 'vault' | 'now'>,
): OpenedPageLink {
	let link: z.infer<typeof linkSchema>;
	try {
		link = linkSchema.parse(JSON.parse(vault.decrypt(token, bindingOf(purpose))));
	} catch {
		throw new FactoryError('PAGE_LINK_INVALID', 'This link opens nothing. Ask for a new one.');
	}
	if (link.e * 1_000 <= now()) {
		throw new FactoryError('PAGE_LINK_EXPIRED', 'This link has expired. Ask for a new one.');
	}
	const sha256 = createHash('sha256').update(token).digest('hex');
	return {
		tenantId: link.t,
		subject: link.s,
		person: link.p,
		data: link.d,
		expiresAt: new Date(link.e * 1_000),
		sha256,
	};
}

const USE = `select use_page_link($1::uuid, $2::text, $3::text, $4::text, $5::timestamptz) as first`;

/** Uses a link up in the transaction of what it does: true for the first who comes. */
export const usePageLink = async (db: TenantConnection, purpose: string, link: OpenedPageLink): Promise<boolean> =>
	(await db.one<{ first: boolean }>(USE, [db.tenantId, link.sha256, purpose, link.person, link.expiresAt]))!.first;
