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

/** What is offered beyond answering: tools by id, agents by slug. */
export interface ReplyOffers {
	tools: readonly string[];
	agents: readonly string[];
	/** False at the limit of a turn: the fields stay, because the prompt names them, and the action goes. */
	mayCall?: boolean;
}

/** An answer of a model that may have been offered more. */
export type AgentReply = Omit<z.output<typeof replySchema>, 'action'> & {
	action: z.output<typeof replySchema>['action'] | 'use_tool' | 'transfer';
	tool?: string | null;
	arguments_json?: string | null;
	agent?: string | null;
};

/** Made once for each set of offers: providers get the same schema, and its JSON form is kept with it. */
const extended = new Map<string, z.ZodType<AgentReply>>();
const KEPT = 200;

/** The schema of a reply; without offers exactly the plain one. */
export function replySchemaFor({ tools, agents, mayCall = true }: ReplyOffers): z.ZodType<AgentReply> {
	if (tools.length === 0 && agents.length === 0) return replySchema;
	const key = JSON.stringify([tools, agents, mayCall]);
	const known = extended.get(key);
	if (known) return known;
	if (extended.size >= KEPT) extended.delete(extended.keys().next().value as string);
	const actions = ['reply', 'handoff', 'no_reply'] as const;
	const schema = z.strictObject({
		...replySchema.shape,
		action: z
			.enum([
				...actions,
				...(tools.length > 0 && mayCall ? (['use_tool'] as const) : []),
				...(agents.length > 0 ? (['transfer'] as const) : []),
			])
			.describe('What to do.'),
		...(tools.length > 0
			? {
					tool: z.enum(tools).nullable().describe('For use_tool: which tool; otherwise null.'),
					arguments_json: z
						.string()
						.nullable()
						.describe('For use_tool: its arguments as a JSON object; otherwise null.'),
				}
			: {}),
		...(agents.length > 0
			? { agent: z.enum(agents).nullable().describe('For transfer: which agent; otherwise null.') }
			: {}),
	}) as z.ZodType<AgentReply>;
	extended.set(key, schema);
	return schema;
}
