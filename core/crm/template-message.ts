import type { Database } from '../database';
import { FactoryError } from '../errors';
import { sendDirect } from '../outbox';
import { inTenant } from '../tenancy';

/** What a template that goes out by itself may say. */
export interface TemplateFacts {
	leadName: string | null;
	company: string;
}

export interface ProactiveTemplate {
	conversationId: string;
	/** Unique a message that is meant: the same key again sends nothing. */
	key: string;
	templateId: string;
	facts: TemplateFacts;
}

const VARIABLES = `select variables from message_templates where tenant_id = $1::uuid and id = $2::uuid`;

/** The first name; letters only, because a form takes anything. */
export const firstName = (fullName: string | null): string =>
	/^\p{L}[\p{L}'’-]*/u.exec(fullName?.trim() ?? '')?.[0].slice(0, 60) ?? '';

/** Names of variables, and what stands for a person who gave no name. */
export const valueOf = (variable: string, { leadName, company }: TemplateFacts): string | null => {
	if (['lead_name', 'name', 'first_name', 'contact_name', 'nome'].includes(variable))
		return firstName(leadName) || 'cliente';
	return ['company', 'business', 'empresa'].includes(variable) ? company : null;
};

/** Puts an approved template into the outbox, once a key; consent and caps are checked when it is sent. */
export async function sendTemplate(database: Database, tenantId: string, message: ProactiveTemplate): Promise<string> {
	const row = await inTenant(
		database,
		tenantId,
		async (db) => await db.one<{ variables: string[] }>(VARIABLES, [tenantId, message.templateId]),
	);
	const values = (row?.variables ?? []).map((variable) => valueOf(variable, message.facts));
	if (values.includes(null)) {
		throw new FactoryError(
			'TEMPLATE_NEEDS_VALUES',
			`Template ${message.templateId} asks for more than a name and the company, and nobody fills that in here. Pick another one.`,
			{ item: message.templateId },
		);
	}
	const { outboxIds } = await sendDirect(database, tenantId, {
		conversationId: message.conversationId,
		key: message.key,
		content: { templateId: message.templateId, parameters: values as string[] },
		author: 'system',
	});
	return outboxIds[0];
}
