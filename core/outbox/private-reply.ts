import { wakeWorkers, type Database } from '../database';
import { FactoryError } from '../errors';
import { SEND_API_TEXT_MAX_BYTES, splitText, textMessage } from '../meta';
import { inTenant } from '../tenancy';

/** The one private message that a comment may be answered with. */
export interface PrivateReply {
	/** Meta's id of the comment, as the Meta Trigger shows it. */
	commentId: string;
	text: string;
	author?: 'human' | 'system';
}

const ENQUEUE = `select enqueue_private_reply($1::uuid, $2::text, $3::jsonb, $4::text, $5::text) as reply`;

/** Answers a comment in private, once: the same reply again changes nothing, another one is refused. */
export async function sendPrivateReply(
	database: Database,
	tenantId: string,
	{ commentId, text, author }: PrivateReply,
	actor?: string,
): Promise<{ conversationId: string; outboxId: string }> {
	const [part, ...more] = splitText(text, 'instagram');
	if (part === undefined) throw new FactoryError('MESSAGE_EMPTY', 'The private reply has no text. Write one.');
	if (more.length > 0) {
		throw new FactoryError(
			'VALUE_REFUSED',
			`Meta takes one private reply a comment, and a message has ${SEND_API_TEXT_MAX_BYTES} bytes: shorten the text.`,
			{ item: 'text' },
		);
	}
	const { reply } = (await inTenant(
		database,
		tenantId,
		async (db) =>
			await db.one<{ reply: { conversationId: string; outboxId: string } }>(ENQUEUE, [
				tenantId,
				commentId,
				JSON.stringify(textMessage(part)),
				part,
				author ?? 'human',
			]),
		{ actor },
	))!;
	wakeWorkers(database, 'outbox');
	return reply;
}
