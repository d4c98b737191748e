import { createHash } from 'node:crypto';
import type { Database } from '../../database';
import { FactoryError, isFactoryError } from '../../errors';
import { inTenant } from '../../tenancy';
import { MAX_WEBHOOK_URL_CHARS, WEBHOOK_TOKEN_BYTES } from './defaults';
import { openIntegration, readIntegration } from './store';
import type { CrmAdapter, CrmPorts, RemoteWebhook } from './types';

export const sha256 = (secret: string): string => createHash('sha256').update(secret).digest('hex');

const KEY = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.([0-9a-f]{48})$/;

/** What a webhook's key says: whose it is, and the secret that must be theirs. */
export function readWebhookKey(key: string): { tenantId: string; secret: string } | null {
	const [, tenantId, secret] = KEY.exec(key) ?? [];
	return tenantId ? { tenantId, secret } : null;
}

export const newWebhookSecret = ({ randomBytes }: Pick<CrmPorts, 'randomBytes'>): string =>
	randomBytes(WEBHOOK_TOKEN_BYTES).toString('hex');

const HASHES = `select coalesce(array_agg(i.webhook_token_sha256) filter (where i.webhook_token_sha256 is not null), '{}') as hashes,
		max(i.webhook_token_sha256) filter (where i.id = $2::uuid) as own
	from crm_integrations i where i.tenant_id = $1::uuid`;
const NEW_KEY = `update crm_integrations set webhook_token_sha256 = $3::text where tenant_id = $1::uuid and id = $2::uuid and is_active returning id`;
const NOTE = `update crm_integrations set webhook_url = $3::text, webhook_external_id = $4::text, webhook_error = left($5::text, 500)
	where tenant_id = $1::uuid and id = $2::uuid returning id`;

export interface RegisteredWebhook {
	webhookId: string | null;
	/** Why the CRM has no webhook of ours: then it is pasted there by hand. */
	webhookProblem: string | null;
	/** Another key than before, where the old one could not be known any more. */
	webhookKey: string | null;
}

/** Refuses an address that no CRM could reach. */
export function checkWebhookUrl(given: string, allowLocal: boolean): string {
	const url = given.trim();
	const { protocol, search, hash } = URL.canParse(url) ? new URL(url) : { protocol: '', search: '', hash: '' };
	const isSafe = protocol === 'https:' || (allowLocal && protocol === 'http:');
	if (isSafe && search === '' && hash === '' && url.length <= MAX_WEBHOOK_URL_CHARS) return url;
	throw new FactoryError(
		'VALUE_REFUSED',
		'Webhook URL must be the production URL of CRM Webhook in workflow 72: https, and nothing behind a question mark.',
		{ item: 'webhookUrl' },
	);
}

const withKey = (url: string, tenantId: string, secret: string): string => `${url}?key=${tenantId}.${secret}`;

/** Of these webhooks the ones that lead to us for this tenant, with the hash of the key that each carries. */
const ours = (hooks: RemoteWebhook[], tenantId: string): Array<RemoteWebhook & { hash: string }> =>
	hooks.flatMap((hook) => {
		const key = URL.canParse(hook.url) ? readWebhookKey(new URL(hook.url).searchParams.get('key') ?? '') : null;
		return key?.tenantId === tenantId ? [{ ...hook, hash: sha256(key.secret) }] : [];
	});

/**
 * Has the CRM send its webhooks here. What is there with our present key stays, whoever put it there; what carries a key
 * that no connection has any more is taken away. A refusal is told and undoes nothing: the address can be pasted by hand.
 */
export async function registerWebhook(
	database: Database,
	tenantId: string,
	integrationId: string,
	{ url, secret }: { url: string; secret: string | null },
	ports: CrmPorts,
): Promise<RegisteredWebhook> {
	const run = async (sql: string, values: unknown[]): Promise<{ own: string; hashes: string[] }> =>
		(await inTenant(database, tenantId, async (db) => await db.one(sql, [tenantId, integrationId, ...values])))!;
	let key: string | null = null;
	try {
		const { adapter } = await openIntegration(database, tenantId, integrationId, ports);
		const there = ours(await adapter.webhooks.list(), tenantId);
		let { own, hashes } = await run(HASHES, []);
		const good = there.find((hook) => hook.hash === own && hook.isActive && hook.url.split('?')[0] === url);
		let webhookId = good?.externalId ?? null;
		if (webhookId === null) {
			const used = secret ?? newWebhookSecret(ports);
			if (secret === null) {
				// Only the hash of the old key is known, and the CRM needs the whole.
				await run(NEW_KEY, [sha256(used)]);
				hashes = hashes.filter((hash) => hash !== own);
				own = sha256(used);
				key = `${tenantId}.${used}`;
			}
			webhookId = await adapter.webhooks.create(withKey(url, tenantId, used));
		}
		for (const hook of there)
			if (hook.externalId !== webhookId && (hook.hash === own || !hashes.includes(hook.hash)))
				await adapter.webhooks.remove(hook.externalId);
		await run(NOTE, [url, webhookId, null]);
		return { webhookId, webhookProblem: null, webhookKey: key };
	} catch (error) {
		if (!isFactoryError(error)) throw error;
		const why = `The webhook could not be registered: ${error.message} Until then changes are asked for every 15 minutes; or put the address with ?key= into the CRM by hand.`;
		await run(NOTE, [null, null, why]);
		return { webhookId: null, webhookProblem: why, webhookKey: key };
	}
}

/** Takes our webhooks away at the CRM; answers why not, where that fails. Nothing they send would be taken any more. */
export async function removeWebhooks(
	database: Database,
	tenantId: string,
	integrationId: string,
	ports: CrmPorts,
): Promise<{ removed: number; problem: string | null }> {
	const { webhookUrl } = await readIntegration(database, tenantId, integrationId);
	let removed = 0;
	try {
		const { adapter } = await openIntegration(database, tenantId, integrationId, ports);
		const known = await inTenant(
			database,
			tenantId,
			async (db) => await db.one<{ own: string | null }>(HASHES, [tenantId, integrationId]),
		);
		removed = await removeOwn(adapter, tenantId, known?.own ?? '');
		return { removed, problem: null };
	} catch (error) {
		if (!isFactoryError(error)) throw error;
		if (!webhookUrl) return { removed, problem: null };
		return { removed, problem: `${error.message} Remove the webhook in the CRM by hand; it is refused here.` };
	}
}

async function removeOwn({ webhooks }: CrmAdapter, tenantId: string, own: string): Promise<number> {
	const mine = ours(await webhooks.list(), tenantId).filter(({ hash }) => hash === own);
	for (const { externalId } of mine) await webhooks.remove(externalId);
	return mine.length;
}
