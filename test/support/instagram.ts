import { randomBytes } from 'node:crypto';
import type { Database } from '../../core/database';
import { createChannelAccount } from '../../core/tenancy';
import { makeTenant, vault, type TestTenant } from './factory';

export interface InstagramTenant extends TestTenant {
	/** Meta's id of the Instagram account, and ours. */
	instagramId: string;
	instagramAccountId: string;
}

/** A running tenant with an Instagram account that its agent answers for. */
export async function makeInstagramTenant(database: Database): Promise<InstagramTenant> {
	const tenant = await makeTenant(database);
	const instagramId = `1784${randomBytes(6).readUIntBE(0, 6)}`;
	const account = (await createChannelAccount(
		database,
		tenant.id,
		{ kind: 'instagram', externalId: instagramId, agentId: tenant.agentId, accessToken: 'token' },
		vault,
	)) as { id: string };
	return { ...tenant, instagramId, instagramAccountId: account.id };
}

let serial = 0;
export const mid = (): string => `aWdfTEST${Date.now().toString(36)}${(serial++).toString(36)}`;

/** One messaging event of an Instagram body, as Meta sends it. */
export const messagingBody = (
	instagramId: string,
	from: { id: string; username?: string },
	event: Record<string, unknown>,
	at = new Date(),
): Record<string, unknown> => ({
	object: 'instagram',
	entry: [
		{
			id: instagramId,
			time: at.getTime(),
			messaging: [{ sender: from, recipient: { id: instagramId }, timestamp: at.getTime(), ...event }],
		},
	],
});

/** A comment on a post of the account, or on its live video. */
export const commentBody = (
	instagramId: string,
	comment: { id: string; from: { id: string; username?: string }; text?: string; at?: Date; live?: boolean },
): Record<string, unknown> => ({
	object: 'instagram',
	entry: [
		{
			id: instagramId,
			time: Math.floor((comment.at ?? new Date()).getTime() / 1000),
			changes: [
				{
					field: comment.live ? 'live_comments' : 'comments',
					value: {
						from: comment.from,
						text: comment.text ?? 'Qual o valor?',
						media: { id: '17911', media_product_type: comment.live ? 'LIVE' : 'FEED' },
						id: comment.id,
					},
				},
			],
		},
	],
});
