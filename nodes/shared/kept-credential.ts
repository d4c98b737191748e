import type { IDataObject, INode } from 'n8n-workflow';
import { CREDENTIAL_KEPT_MS, CREDENTIAL_REREAD_MS } from './defaults';

/** Any n8n context that can read credentials: execute, trigger, webhook, list search. */
export interface CredentialContext {
	getNode(): Pick<INode, 'credentials'>;
	getCredentials<T extends object = IDataObject>(type: string): Promise<T>;
}

interface Kept {
	readAt: number;
	value: Promise<unknown>;
}

const kept = new Map<string, Kept>();

/**
 * A credential of the node, read at most once in a while: n8n reads its database and decrypts for each call, and under its default
 * expression engine builds an isolate for it. `fresh` reads again where a new secret may be the reason that a signature does not fit.
 */
export async function keptCredential<T extends object = IDataObject>(
	context: CredentialContext,
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
