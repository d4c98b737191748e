import { createHash } from 'node:crypto';
import { z } from 'zod/v4';
import type { Database } from '../database';
import { FactoryError } from '../errors';
import type { HttpCall } from '../http';
import { readApiKey, saveApiKey, type Vault } from '../tenancy';
import { createChatwootClient, type ChatwootServer } from './chatwoot-client';
import { CHATWOOT_SECRET_BYTES } from './defaults';

export const CHATWOOT = 'chatwoot';
const SEALED_AS = 'chatwoot_webhook';

export interface ChatwootPorts {
	vault: Vault;
	request: HttpCall;
	randomBytes(size: number): Buffer;
	/** Plain http and local addresses are fine: development only. */
	allowLocal: boolean;
}

const keySchema = z.object({ t: z.uuid(), n: z.string() });
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Checks token, account and inbox, stores them, and makes the address at which Chatwoot calls us: its key names the tenant and is no token. */
export async function connectChatwoot(
	database: Database,
	tenantId: string,
	given: { baseUrl: string; token: string; accountId: number; inboxId: number; webhookUrl: string },
	ports: ChatwootPorts,
	actor?: string,
): Promise<{ webhookUrl: string; inboxId: number; accountId: number }> {
	if (!URL.canParse(given.baseUrl) || !URL.canParse(given.webhookUrl)) {
		throw new FactoryError('VALUE_REFUSED', 'Base URL and Webhook URL must be addresses. Correct them.', {
			item: 'baseUrl',
		});
	}
	const { baseUrl, token, accountId, inboxId } = given;
	const client = createChatwootClient(ports.request, {
		baseUrl,
		token,
		accountId,
		inboxId,
		allowLocal: ports.allowLocal,
	});
	const { channelType } = await client.check();
	if (channelType !== 'Channel::Api') {
		throw new FactoryError(
			'CHATWOOT_INBOX_UNFIT',
			'The inbox is no API inbox, and only those take messages of customers from outside. Make one in Chatwoot: Settings > Inboxes > API.',
		);
	}
	const nonce = ports.randomBytes(CHATWOOT_SECRET_BYTES).toString('base64url');
	const metadata = { accountId, inboxId, webhookSha256: sha256(nonce), allowLocal: ports.allowLocal };
	await saveApiKey(database, tenantId, { service: CHATWOOT, secret: token, baseUrl, metadata }, ports.vault, actor);
	const url = new URL(given.webhookUrl);
	url.searchParams.set('key', ports.vault.encrypt(JSON.stringify({ t: tenantId, n: nonce }), SEALED_AS));
	return { webhookUrl: url.toString(), inboxId, accountId };
}

const metadataSchema = z.object({
	accountId: z.number(),
	inboxId: z.number(),
	webhookSha256: z.string(),
	allowLocal: z.boolean().optional(),
});

/** The tenant's Chatwoot; null when none is connected. */
export async function chatwootOf(
	database: Database,
	tenantId: string,
	ports: Pick<ChatwootPorts, 'vault' | 'allowLocal'>,
): Promise<(ChatwootServer & { webhookSha256: string }) | null> {
	const key = await readApiKey(database, tenantId, CHATWOOT, ports.vault);
	const metadata = metadataSchema.safeParse(key?.metadata);
	if (!key?.baseUrl || !metadata.success) return null;
	// Who connected it said so: the schedule that works for all tenants need not.
	const allowLocal = ports.allowLocal || metadata.data.allowLocal === true;
	return { ...metadata.data, baseUrl: key.baseUrl, token: key.secret, allowLocal };
}

/** Whose webhook this is, by the key in its address; refused when it was made up, or replaced by a newer one. */
export async function tenantOfWebhook(
	database: Database,
	key: unknown,
	ports: Pick<ChatwootPorts, 'vault' | 'allowLocal'>,
): Promise<{ tenantId: string; server: ChatwootServer }> {
	const refused = new FactoryError(
		'WEBHOOK_REFUSED',
		'This webhook is not from a connected Chatwoot: its address was changed or is an old one. Put the one that Connect Chatwoot gave into the inbox.',
	);
	let opened: z.infer<typeof keySchema>;
	try {
		opened = keySchema.parse(JSON.parse(ports.vault.decrypt(typeof key === 'string' ? key : '', SEALED_AS)));
	} catch {
		throw refused;
	}
	const server = await chatwootOf(database, opened.t, ports);
	if (!server || server.webhookSha256 !== sha256(opened.n)) throw refused;
	return { tenantId: opened.t, server };
}
