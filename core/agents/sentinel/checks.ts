import { createAskedForPersonCheck } from './asked-for-person';
import { createClaimedWithoutToolCheck } from './claimed-without-tool';
import { createContactOptedOutCheck } from './contact-opted-out';
import { createConversationInHandoffCheck } from './conversation-in-handoff';
import { createDailyLimitCheck } from './daily-limit';
import { createEmptyReplyCheck } from './empty-reply';
import { createForbiddenPhraseCheck } from './forbidden-phrase';
import { createLengthCheck } from './length';
import { createOffScopeCheck } from './off-scope';
import { createOpeningHoursCheck } from './opening-hours';
import { createOptOutCheck } from './opt-out';
import { createPersonalDataCheck } from './personal-data';
import { createPromptInjectionCheck } from './prompt-injection';
import { createPromptLeakCheck } from './prompt-leak';
import type { CheckDefinition } from './types';
import { createUnlistedLinkCheck } from './unlisted-link';
import { createUnlistedPriceCheck } from './unlisted-price';
import { createWrongLanguageCheck } from './wrong-language';

export type CheckName =
	| 'opt_out'
	| 'conversation_in_handoff'
	| 'contact_opted_out'
	| 'asked_for_person'
	| 'daily_limit'
	| 'opening_hours'
	| 'off_scope'
	| 'prompt_injection'
	| 'empty_reply'
	| 'prompt_leak'
	| 'personal_data'
	| 'claimed_without_tool'
	| 'unlisted_price'
	| 'unlisted_link'
	| 'forbidden_phrase'
	| 'wrong_language'
	| 'length';

/** Every check, once. Among equally strong verdicts the first in this order decides. */
export const SENTINEL_CHECKS: Record<CheckName, CheckDefinition> = {
	opt_out: { stage: 'input', create: createOptOutCheck, handoffReason: 'policy', settles: true },
	conversation_in_handoff: {
		stage: 'input',
		create: createConversationInHandoffCheck,
		handoffReason: 'policy',
		settles: true,
	},
	contact_opted_out: { stage: 'input', create: createContactOptedOutCheck, handoffReason: 'policy', settles: true },
	asked_for_person: { stage: 'input', create: createAskedForPersonCheck, handoffReason: 'asked_for_person' },
	daily_limit: { stage: 'input', create: createDailyLimitCheck, handoffReason: 'limit' },
	opening_hours: { stage: 'input', create: createOpeningHoursCheck, handoffReason: 'policy' },
	off_scope: { stage: 'input', create: createOffScopeCheck, handoffReason: 'out_of_scope' },
	prompt_injection: { stage: 'input', create: createPromptInjectionCheck, handoffReason: 'policy' },
	empty_reply: { stage: 'output', create: createEmptyReplyCheck, handoffReason: 'policy' },
	prompt_leak: { stage: 'output', create: createPromptLeakCheck, handoffReason: 'policy' },
	personal_data: { stage: 'output', create: createPersonalDataCheck, handoffReason: 'policy' },
	claimed_without_tool: { stage: 'output', create: createClaimedWithoutToolCheck, handoffReason: 'policy' },
	unlisted_price: { stage: 'output', create: createUnlistedPriceCheck, handoffReason: 'policy' },
	unlisted_link: { stage: 'output', create: createUnlistedLinkCheck, handoffReason: 'policy' },
	forbidden_phrase: { stage: 'output', create: createForbiddenPhraseCheck, handoffReason: 'policy' },
	wrong_language: { stage: 'output', create: createWrongLanguageCheck, handoffReason: 'policy' },
	length: { stage: 'output', create: createLengthCheck, handoffReason: 'policy' },
};
