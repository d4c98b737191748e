import { verifyWebhook } from '../notifications';
import type { Vault } from '../tenancy';
import { TOOL_SECRET_PURPOSE } from './defaults';

/** The secrets that sign tool calls, derived from the vault's keys, the current one first: nobody has to copy one. */
export const toolSecrets = (vault: Vault): string[] =>
	vault.derive(TOOL_SECRET_PURPOSE).map((key) => `whsec_${key.toString('base64')}`);

/** What a tool's workflow is asked. */
export interface ToolCall {
	tool: string;
	plugin: string;
	idempotencyKey: string;
	tenantId: string;
	agentId: string | null;
	conversationId: string;
	contactId: string;
	turnId: number;
	arguments: Record<string, unknown>;
	config: Record<string, unknown>;
}

export type ReceivedCall = { refused: false; call: ToolCall } | { refused: true; httpStatus: number; reason: string };

/** Checks a call as it came in. The body is read only after its signature holds. */
export function receiveCall(
	{ headers, rawBody }: { headers: Record<string, unknown>; rawBody: Buffer },
	{ vault, now }: { vault: Vault; now(): number },
): ReceivedCall {
	const verdict = verifyWebhook(toolSecrets(vault), headers, rawBody, now());
	if (!verdict.ok)
		return { refused: true, httpStatus: verdict.reason === 'too_large' ? 413 : 401, reason: verdict.reason };
	try {
		const call = JSON.parse(rawBody.toString('utf8')) as ToolCall;
		if (call.idempotencyKey === verdict.id) return { refused: false, call };
	} catch {
		// Answered below, like a body that is another call's.
	}
	return { refused: true, httpStatus: 400, reason: 'malformed' };
}
