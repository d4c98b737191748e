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
	'record_practice_consent.p_consent': json({
		...{ purpose: 'share', source: 'messenger', granted: true, textVersion: '2026-11-22' },
		...{ textSha256: 'a'.repeat(64), language: 'en', person: 'x', givenOn: 'n8n' },
	}),
	'revert_practice.p_application_id': of('best_practice_applications'),
	'revert_practice.p_reason': words('practice_retired'),
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

/** Functions that find nothing to do in the story, even for their owner, and why. Any other, or one that acts after all, fails the test. */
export const IDLE: Record<string, string> = {
	automation_stopped_since: 'nobody has stopped anything',
	combine_practices: 'reads only what it is given',
	first_message_of: 'no onboarding has sent its first message',
	is_overtaken: 'no newer message waits behind a send',
	is_shareable_operation: 'reads only what it is given',
	lock_outbox_lane: 'only takes a lock',
	lock_target: 'only takes a lock',
	loop_spend: 'the judge of the story costs nothing',
	measure_practices: 'nobody of the story has tried a practice yet',
	practices_to_offer: 'the practice of the story is not published',
	remove_onboarding_document: 'the onboarding is past its documents',
	restore_version: 'nobody is named, and no version has served before',
	retire_practice: 'only the doors change a practice',
	rows_as_json: 'reads no table',
	seed_message_prices: 'the tenant has them',
	seed_message_templates: 'the tenant has them',
	systems_that_know: 'the person stands in no other system',
	use_page_link: 'every time that is tried lies in the past',
	was_erased: 'nobody was erased',
};

/** Whether these act hangs on which rows the story's random ids bring to the front. */
export const ACTS_BY_CHANCE = ['template_parameters'];
