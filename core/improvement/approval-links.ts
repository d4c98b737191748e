import { z } from 'zod/v4';
import type { Database } from '../database';
import { FactoryError } from '../errors';
import { inTenant, type TenantConnection, type Vault } from '../tenancy';
import { sha256Hex } from '../agents';
import { APPROVAL_LINK_HOURS, APPROVAL_NONCE_BYTES, PERSON_CHARACTERS } from './defaults';
import { TARGETS, type Target } from './operations';
import { decideOn } from './store';
import type { StoredSuggestion } from './suggestions';

/** What a link says; sealed by the vault, so that nobody can read, change or make one. */
const linkSchema = z.object({
	t: z.uuid(),
	g: z.enum(TARGETS),
	s: z.uuid(),
	/** Hash of what is approved: the link of a changed suggestion opens nothing. */
	h: z.string(),
	/** Whose word it will be. */
	p: z.string().trim().min(1).max(PERSON_CHARACTERS),
	/** Seconds since 1970 at which it ends. */
	e: z.number(),
	n: z.string(),
});
type Link = z.infer<typeof linkSchema>;

const SEALED_AS = 'approval_links';

export interface ApprovalPorts {
	vault: Vault;
	/** Milliseconds since 1970. */
	now(): number;
	randomBytes(size: number): Buffer;
}

export type LinkUse = 'approved' | 'rejected' | 'needs_data' | 'edited' | 'escalation_closed';

const ADD = `insert into approval_links (tenant_id, persona_suggestion_id, prompt_suggestion_id, suggestion_sha256, token_sha256, person, expires_at)
	values ($1::uuid, $2::uuid, $3::uuid, $4::text, $5::text, $6::text, $7::timestamptz)`;
const READ = `select l.used_at, l.used_for from approval_links l where l.tenant_id = $1::uuid and l.token_sha256 = $2::text and l.suggestion_sha256 = $3::text`;
const USE = `update approval_links set used_at = now(), used_for = $3::text where tenant_id = $1::uuid and token_sha256 = $2::text and used_at is null and expires_at > now()
	returning id`;

const expired = (): FactoryError =>
	new FactoryError('APPROVAL_LINK_EXPIRED', 'This link has expired. Ask for a new one, or decide in n8n.');
const used = (): FactoryError =>
	new FactoryError('APPROVAL_LINK_USED', 'This link was used already: one link is one decision. Ask for a new one.');
const invalid = (): FactoryError =>
	new FactoryError(
		'APPROVAL_LINK_INVALID',
		'This is not an approval link of ours, it was changed on its way, or the suggestion behind it has changed. Ask for a new one.',
	);

/** A link with which one named person decides on one suggestion, once. */
export async function createApprovalLink(
	database: Database,
	tenantId: string,
	request: { target: Target; suggestionId: string; person: string; baseUrl: string; hours?: number },
	ports: ApprovalPorts,
): Promise<{ url: string; expiresAt: string }> {
	const expires = ports.now() + (request.hours ?? APPROVAL_LINK_HOURS) * 3_600_000;
	if (!URL.canParse(request.baseUrl) || request.person.trim() === '' || request.person.length > PERSON_CHARACTERS) {
		throw new FactoryError(
			'VALUE_REFUSED',
			'An approval link needs the address of the page that opens it (a URL) and the name of the person who will decide.',
			{ item: 'pageUrl' },
		);
	}
	const actor = { name: request.person, isPerson: true };
	return await decideOn(
		database,
		tenantId,
		{ target: request.target, id: request.suggestionId },
		actor,
		async (db, suggestion) => {
			const link: Link = {
				...{ t: tenantId, g: request.target, s: suggestion.id, h: suggestion.sha256, p: request.person.trim() },
				...{ e: Math.floor(expires / 1_000), n: ports.randomBytes(APPROVAL_NONCE_BYTES).toString('base64url') },
			};
			const token = ports.vault.encrypt(JSON.stringify(link), SEALED_AS);
			const [persona, prompt] = request.target === 'persona' ? [suggestion.id, null] : [null, suggestion.id];
			const expiresAt = new Date(link.e * 1_000);
			await db.one(ADD, [tenantId, persona, prompt, suggestion.sha256, sha256Hex(token), link.p, expiresAt]);
			const url = new URL(request.baseUrl);
			url.searchParams.set('token', token);
			return { url: url.toString(), expiresAt: expiresAt.toISOString() };
		},
	);
}

export interface OpenedLink {
	tenantId: string;
	target: Target;
	suggestionId: string;
	sha256: string;
	person: string;
}

/** What a token says, if it still counts by itself. Whether it was used the database knows. */
export function openApprovalLink(token: string, { vault, now }: Pick<ApprovalPorts, 'vault' | 'now'>): OpenedLink {
	let link: Link;
	try {
		link = linkSchema.parse(JSON.parse(vault.decrypt(token, SEALED_AS)));
	} catch {
		throw invalid();
	}
	if (link.e * 1_000 <= now()) throw expired();
	return { tenantId: link.t, target: link.g, suggestionId: link.s, sha256: link.h, person: link.p };
}

/** Refuses a link that was used, that nobody made, or whose suggestion has changed. */
async function requireUnused(db: TenantConnection, token: string, link: OpenedLink): Promise<void> {
	const row = await db.one<{ used_at: Date | null }>(READ, [db.tenantId, sha256Hex(token), link.sha256]);
	if (!row) throw invalid();
	if (row.used_at !== null) throw used();
}

/** For the page that asks: looks, and uses nothing up, because messengers fetch links for their preview. */
export async function checkApprovalLink(
	database: Database,
	token: string,
	ports: Pick<ApprovalPorts, 'vault' | 'now'>,
): Promise<OpenedLink> {
	const link = openApprovalLink(token, ports);
	await inTenant(database, link.tenantId, async (db) => await requireUnused(db, token, link));
	return link;
}

/** Uses a link up and decides, in one transaction: a decision that fails leaves the link as it was. */
export async function useApprovalLink<T>(
	database: Database,
	token: string,
	ports: Pick<ApprovalPorts, 'vault' | 'now'>,
	work: (
		db: TenantConnection,
		suggestion: StoredSuggestion,
		person: { name: string; isPerson: true },
	) => Promise<{ use: LinkUse; result: T }>,
): Promise<T> {
	const link = openApprovalLink(token, ports);
	const person = { name: link.person, isPerson: true as const };
	const ref = { target: link.target, id: link.suggestionId };
	return await decideOn(database, link.tenantId, ref, person, async (db, suggestion) => {
		// The suggestion's row is locked: of two who press at once the second sees what the first did.
		await requireUnused(db, token, link);
		if (suggestion.sha256 !== link.sha256) throw invalid();
		const { use, result } = await work(db, suggestion, person);
		if (!(await db.one(USE, [db.tenantId, sha256Hex(token), use]))) throw expired();
		return result;
	});
}
