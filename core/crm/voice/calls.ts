import type { Database } from '../../database';
import { FactoryError } from '../../errors';
import { inTenant } from '../../tenancy';
import { openVoiceConfig, phoneOf, type OpenVoiceConfig } from './configs';
import { STATUS_MAX_BYTES } from './defaults';
import { refusal } from './http';
import { dialPerson, isFromTelnyx, readTelnyx, type TelnyxEvent } from './telnyx';
import { commandKey, followTelnyx } from './telnyx-steps';
import { callByTwilio, isFromTwilio, readTwilio } from './twilio';
import type { CallReport, VoicePorts, VoiceProvider } from './types';

export interface CallToStart {
	contactId: string;
	/** Number of the person of the tenant, in international form: their telephone rings first. */
	personPhone: string;
	person?: string;
	taskId?: string;
	/** The same key again does not ring twice. */
	key: string;
}

interface Started {
	id: number;
	status: string;
	fresh: boolean;
	phone?: string;
	refused?: string;
	providerCallId?: string | null;
}

const REFUSALS: Record<string, string> = {
	CALLS_REFUSED: 'This contact does not want to be called. Write instead, or record a new consent first.',
	NO_PHONE: 'This contact has no telephone number. Ask for it in the conversation.',
	CALL_RUNNING: 'This contact is being called at this moment. Try again in two minutes.',
};

/** Rings the person, then the lead. The call is noted first, so that a lost answer cannot make it ring twice. */
export async function startCall(
	database: Database,
	tenantId: string,
	call: CallToStart,
	ports: VoicePorts,
): Promise<Record<string, unknown>> {
	const person = phoneOf(call.personPhone);
	const config = await openVoiceConfig(database, tenantId, null, ports.vault);
	if (config.provider === 'telnyx' && !config.secret.connectionId) {
		throw new FactoryError(
			'VOICE_NOT_CONNECTED',
			'The Telnyx connection has no Connection ID, without which it only reports calls. Run Voice Call > Connect with it.',
			{ item: 'telnyx' },
		);
	}
	const started = await inTenant(
		database,
		tenantId,
		async (db) =>
			(await db.one<{ started: Started }>(
				`select start_call($1::uuid, $2::uuid, $3::text, $4::uuid, $5::text, $6::text) as started`,
				[tenantId, call.contactId, config.provider, call.taskId ?? null, call.person ?? null, call.key],
			))!.started,
		{ actor: call.person },
	);
	if (started.refused) {
		const why = REFUSALS[started.refused] ?? 'This contact cannot be called now.';
		throw new FactoryError('VOICE_CALL_REFUSED', why, { item: started.refused });
	}
	if (!started.fresh) return { callId: started.id, status: started.status, started: false };

	const answer =
		config.provider === 'twilio'
			? await callByTwilio(ports.http, config.baseUrl, config.secret, {
					person,
					lead: `+${started.phone ?? ''}`,
					from: config.phoneNumber,
					statusUrl: `${config.statusUrl}&call=${started.id}`,
				})
			: await dialPerson(ports.http, config, { call: started.id, person, key: commandKey(tenantId, started.id) });
	if (!answer.ok) {
		const failure = refusal(answer, config.provider === 'twilio' ? 'Twilio' : 'Telnyx');
		// Without an answer it may ring: what the provider reports later says so.
		if (answer.status === null) return { callId: started.id, status: 'unknown', started: true };
		const report = { id: started.id, status: 'failed', errorCode: answer.code ?? String(answer.status) };
		await writeCall(database, tenantId, report);
		throw failure;
	}
	const { sid, data } = answer.body as { sid?: unknown; data?: { call_session_id?: unknown } };
	const providerCallId = config.provider === 'twilio' ? sid : data?.call_session_id;
	await writeCall(database, tenantId, {
		id: started.id,
		status: 'queued',
		providerCallId: typeof providerCallId === 'string' ? providerCallId.slice(0, 200) : undefined,
	});
	return { callId: started.id, status: 'queued', started: true };
}

const writeCall = async (
	database: Database,
	tenantId: string,
	report: Record<string, unknown>,
): Promise<Record<string, unknown>> =>
	await inTenant(
		database,
		tenantId,
		async (db) =>
			(await db.one<{ call: Record<string, unknown> }>(`select record_call($1::uuid, $2::jsonb) as call`, [
				tenantId,
				JSON.stringify(report),
			]))!.call,
	);

export interface ProviderReport {
	provider: VoiceProvider;
	rawBody: Buffer;
	headers: Record<string, unknown>;
	/** `call` of the address, where it was one of our own calls. */
	callId?: string;
}

export type ReportVerdict =
	| { accepted: false; httpStatus: 400 | 401 | 413 | 503 }
	| ({ accepted: true; httpStatus: 200 } & Record<string, unknown>);

/**
 * Takes what a provider reports of a call, when it is signed by that provider for this tenant. Repeated reports change nothing.
 * 503: the next step could not be told to Telnyx, which then reports again.
 */
export async function receiveCallStatus(
	database: Database,
	tenantId: string,
	report: ProviderReport,
	ports: VoicePorts,
): Promise<ReportVerdict> {
	if (report.rawBody.length > STATUS_MAX_BYTES) return { accepted: false, httpStatus: 413 };
	const config = await openVoiceConfig(database, tenantId, report.provider, ports.vault);
	const said = signedReport(config, report, ports);
	if (said === 'unsigned') return { accepted: false, httpStatus: 401 };
	const { id, telnyx } = said;
	if (telnyx && !(await followTelnyx(database, tenantId, telnyx, config, ports)))
		return { accepted: false, httpStatus: 503 };
	// Signed, but of something else than a call's way: nothing to write down, nothing to repeat.
	if (said.report === null) return { accepted: true, httpStatus: 200, changed: false };
	const written = await writeCall(database, tenantId, { ...withoutNulls(said.report), provider: report.provider, id });
	return { accepted: true, httpStatus: 200, ...written };
}

interface Said {
	report: CallReport | null;
	/** Of one of our own calls. */
	id?: number;
	telnyx?: TelnyxEvent;
}

function signedReport(
	config: OpenVoiceConfig,
	{ provider, rawBody, headers, callId }: ProviderReport,
	ports: Pick<VoicePorts, 'now'>,
): Said | 'unsigned' {
	const header = (name: string): string => (typeof headers[name] === 'string' ? headers[name] : '');
	if (provider === 'twilio') {
		const form = new URLSearchParams(rawBody.toString('utf8'));
		const url = callId ? `${config.statusUrl}&call=${callId}` : config.statusUrl;
		if (!isFromTwilio(url, form, header('x-twilio-signature'), config.secret.secret)) return 'unsigned';
		return { report: readTwilio(form), id: /^\d{1,15}$/.test(callId ?? '') ? Number(callId) : undefined };
	}
	const marks = { signature: header('telnyx-signature-ed25519'), timestamp: header('telnyx-timestamp') };
	if (!isFromTelnyx(rawBody, marks, config.secret.publicKey ?? '', ports.now())) return 'unsigned';
	const telnyx = readTelnyx(rawBody);
	// The address is not under Telnyx's signature: our call's number stands in the body.
	return telnyx ? { report: telnyx.report, id: telnyx.state?.call, telnyx } : { report: null };
}

const withoutNulls = (report: CallReport): Record<string, unknown> =>
	Object.fromEntries(Object.entries(report).filter(([, value]) => value !== null));

/** The newest calls first. */
export const listCalls = async (
	database: Database,
	tenantId: string,
	limit: number,
): Promise<Array<Record<string, unknown>>> =>
	await inTenant(
		database,
		tenantId,
		async (db) =>
			await db.all(
				`select c.id::integer, c.provider, c.direction, c.status, c.contact_id, c.conversation_id, c.task_id, c.person, c.duration_seconds,
						c.cost_usd::double precision as cost_usd, c.error_code, c.started_at, c.ended_at
					from calls c where c.tenant_id = $1::uuid order by c.started_at desc, c.id desc limit $2::integer`,
				[tenantId, limit],
			),
	);
