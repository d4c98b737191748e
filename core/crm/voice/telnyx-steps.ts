import type { Database } from '../../database';
import { inTenant } from '../../tenancy';
import type { OpenVoiceConfig } from './configs';
import { hangUp, transferToLead, type TelnyxEvent } from './telnyx';
import type { VoicePorts } from './types';

/** Telnyx takes a command of one name once. */
export const commandKey = (tenantId: string, call: number): string => `${tenantId}:${call}`;

/** The number of the lead while the call goes on. */
const leadOf = async (database: Database, tenantId: string, call: number): Promise<string | null> =>
	await inTenant(
		database,
		tenantId,
		async (db) =>
			(
				await db.one<{ phone: string | null }>(
					`select k.phone from calls c join contacts k on k.tenant_id = c.tenant_id and k.id = c.contact_id
						where c.tenant_id = $1::uuid and c.id = $2::bigint and c.provider = 'telnyx' and c.ended_at is null`,
					[tenantId, call],
				)
			)?.phone ?? null,
	);

/**
 * What a step of our own call asks for: the person picked up, so the lead is rung; the lead is gone, so the person's line is let go.
 * False: Telnyx did not hear it and is to report the step again.
 */
export async function followTelnyx(
	database: Database,
	tenantId: string,
	{ event, callControlId, state }: TelnyxEvent,
	config: OpenVoiceConfig,
	{ http }: Pick<VoicePorts, 'http'>,
): Promise<boolean> {
	if (!state || !callControlId) return true;
	const key = commandKey(tenantId, state.call);
	const letGo = async (person: string): Promise<boolean> => heard(await hangUp(http, config, { person, key }));
	if (state.leg === 'lead') return event === 'call.hangup' && state.person ? await letGo(state.person) : true;
	if (event !== 'call.answered') return true;
	const lead = await leadOf(database, tenantId, state.call);
	if (lead === null) return await letGo(callControlId);
	const answer = await transferToLead(http, config, { call: state.call, lead: `+${lead}`, person: callControlId, key });
	// A number that Telnyx does not call: nobody is left on a silent line.
	return answer.ok || (heard(answer) && (await letGo(callControlId)));
}

/** Refused for good is heard too: a line that has ended cannot be told anything. */
const heard = (answer: Awaited<ReturnType<typeof hangUp>>): boolean =>
	answer.ok || (answer.status !== null && answer.status !== 429 && answer.status < 500);
