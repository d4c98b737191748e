import { reportClaim, toDatabaseError, whileAway, type Database } from '../database';
import { isFactoryError, type FactoryError } from '../errors';
import {
	backoffMs,
	contactAddress,
	privateReplyAddress,
	type ChannelKind,
	type GraphClient,
	type GraphErrorClass,
	type OutboundMessage,
	type SendMessageInput,
	type SendResult,
} from '../meta';
import { inTenant, tokenBinding, type Vault } from '../tenancy';
import {
	MAX_SEND_ATTEMPTS,
	MAX_SEND_CLAIM,
	MAX_SEND_ROUNDS,
	SEND_LEASE_SECONDS,
	UNKNOWN_GRACE_SECONDS,
} from './defaults';

export interface DeliverPorts {
	graph: GraphClient;
	vault: Vault;
	random(): number;
}

/** What became of one message in this call. `status` is the row's state afterwards. */
export interface Delivery {
	tenantId: string;
	conversationId: string;
	outboxId: string;
	status: string;
	providerMessageId: string | null;
	error: { code: number | null; name: string; advice: string } | null;
}

interface ClaimedSend {
	id: string;
	tenant_id: string;
	conversation_id: string;
	lease_token: number;
	attempts: number;
	payload: OutboundMessage;
	channel_account_id: string;
	channel: ChannelKind;
	external_id: string;
	access_token_encrypted: string | null;
	phone: string | null;
	bsuid: string | null;
	igsid: string | null;
	psid: string | null;
}

/** Claims what is due, sends it, writes down how each send ended. Messages of one conversation go one by one, others side by side. */
export async function deliverDue(
	database: Database,
	ports: DeliverPorts,
	options: { workerId: string; limit?: number },
): Promise<Delivery[]> {
	const limit = Math.min(options.limit ?? MAX_SEND_CLAIM, MAX_SEND_CLAIM);
	const deliveries: Delivery[] = [];
	// The next part of a reply is due as soon as the one before it was accepted.
	for (let round = 0; round < MAX_SEND_ROUNDS && deliveries.length < limit; round++) {
		const claimed = await claimSends(database, options.workerId, limit - deliveries.length);
		if (claimed.length === 0) break;
		const done = await Promise.all(
			claimed.map(async (send) =>
				send.payload.type === 'typing' ? await showTyping(ports, send) : await deliverOne(database, ports, send),
			),
		);
		deliveries.push(...done.filter((delivery) => delivery !== null));
	}
	return deliveries;
}

async function claimSends(database: Database, workerId: string, limit: number): Promise<ClaimedSend[]> {
	try {
		const { rows } = await database.pool.query<ClaimedSend>({
			text: `select * from ${database.qualified}claim_outbox($1::text, $2::integer, $3::integer, $4::integer)`,
			values: [workerId, limit, SEND_LEASE_SECONDS, UNKNOWN_GRACE_SECONDS],
		});
		reportClaim(database, 'outbox');
		return rows;
	} catch (error) {
		throw toDatabaseError(error);
	}
}

/** Shows that the message was read and that somebody writes. A courtesy: when it fails, the reply still leaves in its time. */
async function showTyping(ports: DeliverPorts, send: ClaimedSend): Promise<null> {
	const prepared = prepare(ports, send);
	const messageId = send.payload.messageId;
	if ('problem' in prepared || typeof messageId !== 'string') return null;
	const to = prepared.to ?? undefined;
	if (send.channel !== 'whatsapp' && to === undefined) return null;
	const account = { channel: send.channel, externalId: send.external_id, token: prepared.token };
	await ports.graph.markRead({ ...account, messageId, to, typing: true });
	return null;
}

async function deliverOne(database: Database, ports: DeliverPorts, send: ClaimedSend): Promise<Delivery> {
	const done = { tenantId: send.tenant_id, conversationId: send.conversation_id, outboxId: send.id };
	const prepared = prepare(ports, send);
	if ('problem' in prepared) {
		const status = await settle(database, send, {
			outcome: 'pause',
			scope: 'number',
			reason: prepared.problem,
			errorMessage: prepared.problem,
		});
		return {
			...done,
			status,
			providerMessageId: null,
			error: { code: null, name: 'not_ready', advice: prepared.problem },
		};
	}
	if (!prepared.to) {
		const status = await settle(database, send, { outcome: 'failed', errorMessage: 'no_address' });
		return {
			...done,
			status,
			providerMessageId: null,
			error: { code: null, name: 'no_address', advice: 'The contact has no id on this channel.' },
		};
	}
	const result = await callGraph(ports, {
		channel: send.channel,
		externalId: send.external_id,
		token: prepared.token,
		to: prepared.to,
		message: send.payload,
		callbackData: send.id,
	});
	if ('misuse' in result) {
		const status = await settle(database, send, { outcome: 'failed', errorMessage: result.misuse.code });
		return {
			...done,
			status,
			providerMessageId: null,
			error: { code: null, name: result.misuse.code, advice: result.misuse.message },
		};
	}
	if (result.ok) {
		const status = await settle(database, send, { outcome: 'sent', providerMessageId: result.providerMessageId });
		return { ...done, status, providerMessageId: result.providerMessageId, error: null };
	}
	const status = await settle(
		database,
		send,
		settlement(result.class, result.failure.code, send.attempts, ports.random),
	);
	return {
		...done,
		status,
		providerMessageId: null,
		error: { code: result.failure.code, name: result.class.name, advice: result.class.advice },
	};
}

/** A message that cannot be right for its channel is refused before anything is sent. */
async function callGraph(ports: DeliverPorts, input: SendMessageInput): Promise<SendResult | { misuse: FactoryError }> {
	try {
		return await ports.graph.sendMessage(input);
	} catch (error) {
		if (isFactoryError(error)) return { misuse: error };
		throw error;
	}
}

function prepare(
	ports: DeliverPorts,
	send: ClaimedSend,
): { token: string; to: ReturnType<typeof contactAddress> } | { problem: string } {
	if (!send.access_token_encrypted)
		return { problem: 'The channel account has no access token. Store one with the Agent Factory node.' };
	try {
		return {
			token: ports.vault.decrypt(send.access_token_encrypted, tokenBinding(send.tenant_id, send.channel_account_id)),
			to: privateReplyAddress(send.payload) ?? contactAddress(send.channel, send),
		};
	} catch (error) {
		return { problem: isFactoryError(error) ? error.message : 'The stored token could not be opened.' };
	}
}

/** The error table's word as an order to the database. */
function settlement(
	errorClass: GraphErrorClass,
	errorCode: number | null,
	attempts: number,
	random: () => number,
): Record<string, unknown> {
	const facts = { errorCode, errorMessage: errorClass.name };
	const delaySeconds = backoffMs(errorClass, attempts, random) / 1000;
	const retry = (hold: string | null) =>
		errorClass.consumesAttempt && attempts >= (errorClass.maxAttempts ?? MAX_SEND_ATTEMPTS)
			? { ...facts, outcome: 'failed' }
			: { ...facts, outcome: 'retry', delaySeconds, consumesAttempt: errorClass.consumesAttempt, hold };
	const pause = (scope: string) => ({
		...facts,
		outcome: 'pause',
		scope,
		reason: `${errorClass.name}: ${errorClass.advice}`,
	});
	const settlements: Record<GraphErrorClass['action'], () => Record<string, unknown>> = {
		retry_row: () => retry(null),
		retry_pair: () => retry(null),
		retry_number: () => retry('number'),
		retry_account: () => retry('account'),
		hold_template: () => retry(null),
		unknown: () => ({ ...facts, outcome: 'unknown', delaySeconds: UNKNOWN_GRACE_SECONDS }),
		template: () => ({ ...facts, outcome: 'window' }),
		fail: () => ({ ...facts, outcome: 'failed' }),
		fail_opt_out: () => ({ ...facts, outcome: 'failed', optOut: true }),
		pause_number: () => pause('number'),
		pause_account: () => pause('account'),
		pause_tenant: () => pause('tenant'),
	};
	return settlements[errorClass.action]();
}

async function settle(database: Database, send: ClaimedSend, result: Record<string, unknown>): Promise<string> {
	try {
		const settled = async () =>
			await inTenant(database, send.tenant_id, async (db) => {
				const row = await db.one<{ status: string }>(
					`select settle_outbox($1::uuid, $2::uuid, $3::bigint, $4::jsonb) as status`,
					[send.tenant_id, send.id, send.lease_token, JSON.stringify(result)],
				);
				return row!.status;
			});
		// Nobody but this process knows how the send ended. A second settling finds the first one's state and changes nothing.
		return await whileAway(settled);
	} catch (error) {
		// The message may have left; its lease runs out, it becomes `unknown`, and the status webhook settles it.
		if (isFactoryError(error) && (error.retryable || error.code === 'LEASE_LOST')) return 'unknown';
		throw error;
	}
}
