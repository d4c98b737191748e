import { z } from 'zod/v4';

export const REPLY_SCHEMA_NAME = 'agent_reply';

/** What the model answers with. Every field is required: strict structured output knows no optional ones. */
export const replySchema = z.strictObject({
	action: z
		.enum(['reply', 'handoff', 'no_reply'])
		.describe('reply: send the messages; handoff: a person takes over; no_reply: nothing to say.'),
	messages: z.array(z.string()).describe('Messages ready to send, in order. Empty unless action is reply.'),
	handoff_reason: z.string().nullable().describe('Why a person should take over, or null.'),
	language: z.enum(['pt', 'en', 'es']).describe('Language of the messages.'),
	summary: z.string().nullable().describe('The conversation so far in at most three sentences, or null.'),
});

export type AgentReply = z.output<typeof replySchema>;
