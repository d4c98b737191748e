import type { Pool } from 'pg';
import { textBody } from '../../support/factory';
import { post, sentMessages, state } from './running';

/** One customer of one tenant, as the tests of the hand-off page meet them. */
export interface Customer {
	say(text: string): Promise<void>;
	/** What reached their phone. */
	heard(): Promise<string[]>;
	handoffs(): Promise<any[]>;
}

export function customerOf(pool: Pool, slug: string, phone: string, name: string): Customer {
	const channel = state()
		.tenants.find((tenant) => tenant.slug === slug)!
		.channels.find(({ kind }) => kind === 'whatsapp')!;
	return {
		async say(text) {
			const answer = await post(JSON.stringify(textBody(channel.externalId, [{ from: phone, text, name }])));
			if (answer.status !== 200) throw new Error(`the webhook answered ${answer.status}`);
		},
		heard: async () =>
			(await sentMessages()).filter(({ to }) => to?.replace('+', '') === phone).map(({ text }) => text ?? ''),
		handoffs: async () =>
			(
				await pool.query(
					`select h.*, c.status from agent_factory.handoffs h join agent_factory.conversations c on c.tenant_id = h.tenant_id and c.id = h.conversation_id
						join agent_factory.contacts k on k.tenant_id = c.tenant_id and k.id = c.contact_id where k.phone = $1 order by h.started_at`,
					[phone],
				)
			).rows,
	};
}
