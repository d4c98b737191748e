import { z } from 'zod/v4';
import type { Database } from '../../database';
import { FactoryError } from '../../errors';
import type { Vault } from '../../tenancy';
import { LINK_NONCE_BYTES, VERDICT_LINK_DAYS } from './defaults';
import { recordOutcome, VERDICTS, type RecordedOutcome, type Verdict } from './record';

/** What a link says; sealed by the vault, so that nobody can read, change or make one. */
const linkSchema = z.object({
	t: z.uuid(),
	l: z.uuid(),
	c: z.uuid().nullable(),
	k: z.enum(VERDICTS),
	a: z.string(),
	/** Seconds since 1970 at which it ends. */
	e: z.number(),
	/** Names the outcome: tapping twice is one. */
	n: z.string(),
});
type Link = z.infer<typeof linkSchema>;

const SEALED_AS = 'verdict_links';

export interface LinkPorts {
	vault: Vault;
	/** Milliseconds since 1970. */
	now(): number;
	randomBytes(size: number): Buffer;
}

export interface LinkRequest {
	tenantId: string;
	leadId: string;
	classifiedLeadId?: string;
	/** Address of the page that opens links, e.g. the production URL of workflow 43. */
	baseUrl: string;
	/** Whose verdict it will be: the person the links are sent to. */
	actor: string;
	days?: number;
}

/** One link a verdict, for a message to the seller. */
export function createVerdictLinks(
	request: LinkRequest,
	ports: LinkPorts,
): { links: Record<Verdict, string>; expiresAt: string } {
	const expires = ports.now() + (request.days ?? VERDICT_LINK_DAYS) * 86_400_000;
	// One name for all links of a message and verdict: whoever changes their mind and back again is heard once each.
	const nonce = ports.randomBytes(LINK_NONCE_BYTES).toString('base64url');
	const linkTo = (verdict: Verdict): string => {
		const link: Link = {
			t: request.tenantId,
			l: request.leadId,
			c: request.classifiedLeadId ?? null,
			k: verdict,
			a: request.actor,
			e: Math.floor(expires / 1000),
			n: nonce,
		};
		const checked = linkSchema.safeParse(link);
		if (!checked.success || !URL.canParse(request.baseUrl)) {
			throw new FactoryError(
				'OUTCOME_INVALID',
				'Verdict links need the id of a lead (a uuid) and the address of the page that opens them (a URL).',
			);
		}
		const url = new URL(request.baseUrl);
		url.searchParams.set('token', ports.vault.encrypt(JSON.stringify(link), SEALED_AS));
		return url.toString();
	};
	return {
		links: Object.fromEntries(VERDICTS.map((verdict) => [verdict, linkTo(verdict)])) as Record<Verdict, string>,
		expiresAt: new Date(expires).toISOString(),
	};
}

/** Opens a link without recording anything: what the page that asks for the tap shows. */
export function readVerdictLink(
	token: string,
	{ vault, now }: Pick<LinkPorts, 'vault' | 'now'>,
): { tenantId: string; leadId: string; verdict: Verdict; actor: string; expiresAt: string } {
	const link = open(token, vault);
	if (link.e * 1000 <= now())
		throw new FactoryError(
			'VERDICT_LINK_EXPIRED',
			'This link has expired. Ask for a new one, or record the verdict in n8n.',
		);
	return {
		tenantId: link.t,
		leadId: link.l,
		verdict: link.k,
		actor: link.a,
		expiresAt: new Date(link.e * 1000).toISOString(),
	};
}

/** Records the verdict of a link, once however often it is sent. */
export async function recordVerdictLink(
	database: Database,
	token: string,
	ports: Pick<LinkPorts, 'vault' | 'now'>,
): Promise<RecordedOutcome & { tenantId: string }> {
	const { tenantId, leadId, verdict, actor } = readVerdictLink(token, ports);
	const link = open(token, ports.vault);
	const recorded = await recordOutcome(database, tenantId, {
		leadId,
		classifiedLeadId: link.c ?? undefined,
		kind: verdict,
		source: 'person',
		actor,
		idempotencyKey: `link:${link.n}:${verdict}`,
	});
	return { tenantId, ...recorded };
}

function open(token: string, vault: Vault): Link {
	try {
		return linkSchema.parse(JSON.parse(vault.decrypt(token, SEALED_AS)));
	} catch {
		throw new FactoryError(
			'VERDICT_LINK_INVALID',
			'This is not a verdict link of ours, it was changed on its way, or the vault key behind it is gone. Ask for a new one.',
		);
	}
}
