import type { KnownIds } from './isolation-arguments';

const of = (name: string) => (ids: KnownIds) => ids.get(name)?.values ?? [];
const words =
	(...values: string[]) =>
	() =>
		values;
const json =
	(...values: unknown[]) =>
	() =>
		values.map((value) => JSON.stringify(value));

/** Whom no story knows yet. */
const NEW_LEAD = {
	...{ platform: 'google', key: 'tried', fullName: 'x', phone: '5511900008888', email: 'x@example.com' },
	...{ source: 'ad', classification: 'LEAD_WARM', greet: true },
};
const COST = { platform: 'google', campaignId: 'x', name: 'x', day: '2026-11-02', spend: 1, currency: 'BRL' };

/** A campaign over each account and each approved template. */
const campaigns = (ids: KnownIds): string[] =>
	of('channel_accounts')(ids).flatMap((channelAccountId) =>
		of('message_templates')(ids).map((templateId) =>
			JSON.stringify({
				...{ name: 'tried', templateId, channelAccountId, hourlyCap: 1, dailyCap: 1, maxLeads: 10 },
				...{ quietFrom: '00:00', quietTo: '00:00' },
			}),
		),
	);

/** Arguments of one function where the parameter's name alone does not say what fits: `function.parameter`. */
export const NAMED: Record<string, (ids: KnownIds) => unknown[]> = {
	'due_follow_ups.p_limit': () => [10],
	'import_lead.p_lead': json(NEW_LEAD),
	'merge_handoffs.p_keep': of('conversations'),
	'merge_handoffs.p_merge': of('conversations'),
	'move_campaign.p_to': words('paused'),
	'note_follow_up.p_kind': words('text'),
	'note_greeting.p_platform': words('google'),
	'note_greeting.p_key': of('import keys'),
	'note_onboarding_channel.p_steps': json({ kind: 'whatsapp', externalId: 'x' }),
	'prepare_greeting.p_platform': words('google'),
	'prepare_greeting.p_key': of('import keys'),
	'save_assignment_rules.p_rules': (ids) => [
		JSON.stringify([{ name: 'tried', triggers: ['import'], userIds: of('users')(ids) }]),
	],
	'save_marketing_costs.p_rows': json([COST]),
	'save_onboarding_bundle.p_bundle': json({ sha256: 'b'.repeat(64) }),
	'save_onboarding_document.p_document': json({ title: 'x', content: 'x' }),
	'settle_notice.p_result': json({ outcome: 'delivered' }),
	'start_campaign.p_campaign': campaigns,
	'start_onboarding.p_language': words('pt-BR'),
};
