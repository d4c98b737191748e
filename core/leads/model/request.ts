import { wellFormed } from '../../agents';
import type { LlmRequest } from '../../llm';
import {
	MODEL_HISTORY_MAX,
	MODEL_MAX_RETRIES,
	MODEL_TEXT_MAX,
	MODEL_TIMEOUT_MS,
	MODEL_TOKENS_FRAME,
	MODEL_TOKENS_PER_LEAD,
} from '../defaults';
import type { LeadInput, Persona } from '../types';
import { CLASSIFIER_FRAME, type AnalysisLanguage } from './frame';
import { LEAD_SCHEMA_NAME, leadAnswersSchema, type LeadAnswers } from './schema';

export interface ModelQuestion {
	model: string;
	language: AnalysisLanguage;
	persona: Persona;
	/** Of one tenant. */
	leads: readonly LeadInput[];
	/** A word that nobody outside this call can know. */
	fence: string;
	signal?: AbortSignal;
}

/** The persona as data: what the business wrote about its customers, its instructions for the classifier among it. */
function personaData(persona: Persona): string {
	const { id: _, aiResponsePrompt: __, ...told } = persona;
	return JSON.stringify(told);
}

const textsOf = (messages: ReadonlyArray<{ kind: string; text: string }>, most: number): string[] => {
	let room = most;
	return messages.flatMap(({ kind, text }) => {
		const shown = wellFormed(text.slice(0, room));
		room -= shown.length;
		if (shown !== '') return [kind === 'text' || shown.startsWith('[') ? shown : `[${kind}] ${shown}`];
		return text === '' ? [`[${kind}]`] : [];
	});
};

/** JSON has no line ends of its own, so nothing inside can look like a mark; the fence is taken out all the same. */
const fenced = (fence: string, lead: LeadInput, number: number): string => {
	const { platform, profile, messages, history = [] } = lead;
	const data = JSON.stringify({
		channel: platform,
		profile,
		earlier: textsOf(history, MODEL_HISTORY_MAX),
		from_an_ad: messages.some(({ referral }) => referral !== null),
		messages: textsOf(messages, MODEL_TEXT_MAX),
	});
	return `<<<${fence} lead ${number}\n${data.replaceAll(fence, '')}\n${fence} end ${number}>>>`;
};

/** One typed call for several leads. The frame and the persona are cached; what customers wrote stands only in the message. */
export function modelRequest({
	model,
	language,
	persona,
	leads,
	fence,
	signal,
}: ModelQuestion): LlmRequest<LeadAnswers> {
	return {
		model,
		system: [
			{ text: CLASSIFIER_FRAME[language], cache: true },
			{ text: `PERSONA (JSON)\n${personaData(persona)}`, cache: true },
		],
		messages: [{ role: 'user', content: leads.map((lead, index) => fenced(fence, lead, index + 1)).join('\n\n') }],
		schema: leadAnswersSchema,
		schemaName: LEAD_SCHEMA_NAME,
		maxOutputTokens: MODEL_TOKENS_FRAME + MODEL_TOKENS_PER_LEAD * leads.length,
		timeoutMs: MODEL_TIMEOUT_MS,
		maxRetries: MODEL_MAX_RETRIES,
		signal,
	};
}
