import type { IDataObject, IWebhookFunctions } from 'n8n-workflow';
import { CREDENTIAL_KEPT_MS, CREDENTIAL_REREAD_MS } from './defaults';

interface Kept {
	readAt: number;
	value: Promise<unknown>;
}

const kept = new Map<string, Kept>();

/**
 * A credential of the trigger, read at most once in a while: n8n reads its database and decrypts for each call, and under its default
 * expression engine builds an isolate for it. `fresh` reads again where a new secret may be the reason that a signature does not fit.
 */
export async function doorCredential<T extends object = IDataObject>(
	context: IWebhookFunctions,
	type: string,
	{ fresh = false, now = performance.now() }: { fresh?: boolean; now?: number } = {},
): Promise<T> {
	const id = context.getNode().credentials?.[type]?.id;
	if (!id) return await context.getCredentials<T>(type);
	const key = `${type}:${id}`;
	const age = now - (kept.get(key)?.readAt ?? Number.NEGATIVE_INFINITY);
	if (age > (fresh ? CREDENTIAL_REREAD_MS : CREDENTIAL_KEPT_MS)) {
		const value = context.getCredentials<T>(type);
		const entry: Kept = { readAt: now, value };
		kept.set(key, entry);
		// What cannot be read is asked for again by the next request.
		value.catch(() => void (kept.get(key) === entry && kept.delete(key)));
	}
	return (await kept.get(key)!.value) as T;
}
