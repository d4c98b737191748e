import { routeLead, turnRouteOf, type KnownContact, type RouteInput } from '../../../core/leads';

const lead = (changes: Partial<RouteInput>): RouteInput => ({
	classification: 'LEAD_COLD',
	personalReason: null,
	known: null,
	overLimit: false,
	answeredClasses: ['LEAD_HOT', 'LEAD_WARM', 'LEAD_COLD'],
	...changes,
});
const known = (changes: Partial<KnownContact>): KnownContact => ({
	id: 'k',
	contactType: 'outro',
	autoClassifyAs: 'PESSOAL',
	skipAiAnalysis: true,
	autoRespond: false,
	...changes,
});

test.each<[string, Partial<RouteInput>, string, string]>([
	['a hot lead', { classification: 'LEAD_HOT' }, 'answer', 'answered_class'],
	['a cold lead', {}, 'answer', 'answered_class'],
	['a class that the tenant does not answer', { answeredClasses: ['LEAD_HOT'] }, 'silence', 'class_not_answered'],
	['a lead beyond the plan', { overLimit: true }, 'silence', 'plan_limit'],
	['family', { classification: 'PESSOAL', personalReason: 'familiar' }, 'silence', 'personal'],
	['staff', { classification: 'PESSOAL', personalReason: 'interno' }, 'silence', 'personal'],
	['personal without a reason', { classification: 'PESSOAL' }, 'silence', 'personal'],
	['an active client', { classification: 'PESSOAL', personalReason: 'cliente_ativo' }, 'person', 'active_client'],
	['spam', { classification: 'SPAM' }, 'silence', 'spam'],
	['who cannot buy', { classification: 'DESQUALIFICADO' }, 'silence', 'disqualified'],
	[
		'who cannot buy, where that is answered',
		{ classification: 'DESQUALIFICADO', answeredClasses: ['DESQUALIFICADO'] },
		'answer',
		'answered_class',
	],
	[
		'a known relative who sounds hot',
		{ classification: 'LEAD_HOT', known: known({ contactType: 'familia' }) },
		'silence',
		'known_contact',
	],
	['a known friend', { classification: 'PESSOAL', known: known({ contactType: 'amigo' }) }, 'silence', 'known_contact'],
	['known staff', { classification: 'PESSOAL', known: known({ contactType: 'equipe' }) }, 'silence', 'known_contact'],
	['a known client', { classification: 'PESSOAL', known: known({ contactType: 'cliente' }) }, 'person', 'known_client'],
	['a VIP', { classification: 'PESSOAL', known: known({ autoClassifyAs: 'CLIENTE_VIP' }) }, 'person', 'known_client'],
	[
		'a client who was analysed',
		{ known: known({ contactType: 'cliente', skipAiAnalysis: false, autoRespond: true }) },
		'person',
		'known_client',
	],
	[
		'a known lead',
		{ classification: 'LEAD_WARM', known: known({ autoClassifyAs: 'LEAD_WARM' }) },
		'person',
		'known_contact',
	],
	[
		'a known client that the agent may answer',
		{ classification: 'PESSOAL', known: known({ contactType: 'cliente', autoRespond: true }) },
		'answer',
		'known_contact',
	],
	[
		'a known spammer',
		{ classification: 'SPAM', known: known({ autoClassifyAs: 'SPAM', autoRespond: true }) },
		'silence',
		'spam',
	],
])('%s', (_, changes, action, reason) => {
	expect(routeLead(lead(changes))).toEqual({ action, reason });
});

test('an item without a classification, or with something else in its place, has no route', () => {
	for (const item of [undefined, null, 'x', {}, { route: { action: 'shout', reason: '' } }]) {
		expect(turnRouteOf(item)).toBeUndefined();
	}
	expect(turnRouteOf({ route: { action: 'silence', reason: 'spam' } })).toEqual({
		action: 'silence',
		reason: 'spam',
		firm: false,
	});
});
