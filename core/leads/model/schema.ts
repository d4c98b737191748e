import { z } from 'zod/v4';
import { wellFormed } from '../../agents';
import { ANALYSIS_LIST_MAX, ANALYSIS_TEXT_MAX } from '../defaults';
import { LEAD_CLASSES, type LeadClass, type PersonalReason } from '../types';

export const LEAD_SCHEMA_NAME = 'lead_classification';

const score = z.int().min(0).max(100);

const leadAnswer = z.strictObject({
	lead: z.int().describe('Number of the lead in the request.'),
	classification: z.enum(LEAD_CLASSES),
	personal_reason: z.enum(['familiar', 'interno', 'cliente_ativo']).nullable().describe('Only for PESSOAL, else null.'),
	fit: score.describe('How well the person fits the persona.'),
	intent: score.describe('How much the person wants to buy now.'),
	reasoning: z.string().describe('One or two sentences.'),
	match_keywords: z.array(z.string()).describe('Words of the persona that the person used.'),
	qualification_signals: z.array(z.string()),
	red_flags: z.array(z.string()),
	sentiment_analysis: z.enum(['positivo', 'neutro', 'negativo']),
	next_steps: z.string().describe('What the team should do next, in one sentence.'),
});

/** What the model answers with: one entry a lead. Every field is required: strict structured output knows no optional ones. */
export const leadAnswersSchema = z.strictObject({ leads: z.array(leadAnswer) });
export type LeadAnswers = z.output<typeof leadAnswersSchema>;

/** A model's analysis as classified_leads.ai_analysis holds it. */
export interface AiAnalysis {
	reasoning: string;
	match_keywords: string[];
	red_flags: string[];
	qualification_signals: string[];
	sentiment_analysis: 'positivo' | 'neutro' | 'negativo';
	next_steps: string;
}

export interface ModelAnswer {
	classification: LeadClass;
	personalReason: PersonalReason | null;
	fit: number;
	intent: number;
	analysis: AiAnalysis;
}

const short = (text: string): string => wellFormed(text.slice(0, ANALYSIS_TEXT_MAX));
const shortList = (texts: string[]): string[] => texts.slice(0, ANALYSIS_LIST_MAX).map(short);

/** The answers by the number of their lead; of two for one lead the first counts. */
export function answersByLead({ leads }: LeadAnswers): Map<number, ModelAnswer> {
	const answers = new Map<number, ModelAnswer>();
	for (const answer of leads) {
		if (answers.has(answer.lead)) continue;
		answers.set(answer.lead, {
			classification: answer.classification,
			personalReason: answer.personal_reason,
			fit: answer.fit,
			intent: answer.intent,
			analysis: {
				reasoning: short(answer.reasoning),
				match_keywords: shortList(answer.match_keywords),
				red_flags: shortList(answer.red_flags),
				qualification_signals: shortList(answer.qualification_signals),
				sentiment_analysis: answer.sentiment_analysis,
				next_steps: short(answer.next_steps),
			},
		});
	}
	return answers;
}
