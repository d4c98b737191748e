import {
	classifyByRules,
	GENERIC_PERSONA,
	type KnownContact,
	type LeadInput,
	type Persona,
	type RuleResult,
} from '../../../core/leads';

export const input = (text: string, extra: Partial<LeadInput> = {}): LeadInput => ({
	platform: 'whatsapp',
	messages: [{ id: 'm1', text, kind: 'text', referral: null }],
	profile: null,
	known: null,
	...extra,
});

export const rules = (text: string, extra: Partial<LeadInput> = {}, persona: Persona = GENERIC_PERSONA): RuleResult =>
	classifyByRules(input(text, extra), persona);

export const contact = (autoClassifyAs: KnownContact['autoClassifyAs'], contactType = 'amigo'): KnownContact => ({
	id: 'k1',
	contactType,
	autoClassifyAs,
	skipAiAnalysis: true,
	autoRespond: false,
});
