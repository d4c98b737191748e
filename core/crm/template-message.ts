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

const TEMPLATE = `select content, variables from message_templates where tenant_id = $1::uuid and id = $2::uuid`;

/** The first name; letters only, because a form takes anything. */
export const firstName = (fullName: string | null): string =>
	/^\p{L}[\p{L}'’-]*/u.exec(fullName?.trim() ?? '')?.[0].slice(0, 60) ?? '';

/** Names of variables, and what stands for a person who gave no name. */
export const valueOf = (variable: string, { leadName, company }: TemplateFacts): string | null => {
	if (['lead_name', 'name', 'first_name', 'contact_name', 'nome'].includes(variable))
		return firstName(leadName) || 'cliente';
	return ['company', 'business', 'empresa'].includes(variable) ? company : null;
};

/** Values by the places of the text: named ones by their name, numbered ones by the template's list of variables. */
function valuesFor(content: string, variables: readonly string[], facts: TemplateFacts): Record<string, string> | null {
	const places = [...new Set([...content.matchAll(/\{\{\s*(\w+)\s*\}\}/g)].map((match) => match[1]))];
	const values: Record<string, string> = {};
	for (const place of places) {
		const variable = /^\d+$/.test(place) ? variables[Number(place) - 1] : place;
		const value = variable === undefined ? null : valueOf(variable, facts);
		if (value === null) return null;
		values[place] = value;
	}
	return values;
}

/** Puts an approved template into the outbox, once a key; consent and caps are checked when it is sent. */
export async function sendTemplate(database: Database, tenantId: string, message: ProactiveTemplate): Promise<string> {
	const row = await inTenant(
		database,
		tenantId,
		async (db) => await db.one<{ content: string; variables: string[] }>(TEMPLATE, [tenantId, message.templateId]),
	);
	const values = valuesFor(row?.content ?? '', row?.variables ?? [], message.facts);
	if (values === null) {
		throw new FactoryError(
			'TEMPLATE_NEEDS_VALUES',
			`Template ${message.templateId} asks for more than a name and the company, and nobody fills that in here. Pick another one.`,
			{ item: message.templateId },
		);
	}
	const { outboxIds } = await sendDirect(database, tenantId, {
		conversationId: message.conversationId,
		key: message.key,
		content: { templateId: message.templateId, values },
		author: 'system',
	});
	return outboxIds[0];
}
