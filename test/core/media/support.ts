import type { Database } from '../../../core/database';
import { ingest } from '../../../core/ingest';
import { signBody } from '../../../core/meta';
import { textBody, wamid, type TestTenant } from '../../support/factory';

interface Incoming {
	type: 'audio' | 'image' | 'document' | 'video';
	media: Record<string, unknown>;
	from?: string;
	id?: string;
}

/** The webhook body of a media message, as Meta sends it. */
export function mediaBody(phoneNumberId: string, { type, media, from = '5511988887777' }: Incoming, id: string) {
	const body = textBody(phoneNumberId, [{ from, text: '', id }]) as {
		entry: [{ changes: [{ value: { messages: Array<Record<string, unknown>> } }] }];
	};
	const [message] = body.entry[0].changes[0].value.messages;
	delete message.text;
	Object.assign(message, { type, [type]: media });
	return body;
}

/** A customer sends a file; answers the id of the message. */
export async function receiveMedia(database: Database, tenant: TestTenant, incoming: Incoming): Promise<string> {
	const id = incoming.id ?? wamid();
	const rawBody = Buffer.from(JSON.stringify(mediaBody(tenant.phoneNumberId, incoming, id)));
	const { error } = await ingest(database, { rawBody, signature: signBody(rawBody, 'secret'), secrets: ['secret'] });
	if (error) throw error;
	return id;
}
