import type { Persona } from '../leads';
import type { RuleLanguage, TemplateId } from './rule-templates';

/** What a version of the persona says beyond the tenant's own words. */
export interface PersonaTuning {
	/** Points of a keyword by its stem, where they differ from the rules' own. */
	keywordWeights: Readonly<Record<string, number>>;
	/** Added to the HOT and WARM thresholds. */
	thresholdShift: number;
	/** The learned scorer of this version; null: the tenant's active one. */
	scoringModelId: string | null;
}

/** The part of a persona that operations change. */
export type PersonaState = Pick<
	Persona,
	| 'positiveKeywords'
	| 'negativeKeywords'
	| 'idealJobTitles'
	| 'idealNiches'
	| 'idealBusinessTypes'
	| 'minFollowers'
	| 'maxFollowers'
> &
	PersonaTuning;

/** One sentence that the loop, or a person, taught a prompt. */
export interface LearnedRule {
	/** Hash of what it was made of. */
	id: string;
	text: string;
	/** The template it came from; null once a person has written it anew. */
	template: TemplateId | null;
}

export interface PromptConfig {
	provider: string;
	model: string;
	maxOutputTokens: number;
	effort?: 'low' | 'medium' | 'high';
}

/** The part of a prompt version that operations change; everything else is the frozen bundle's. */
export interface PromptState {
	language: RuleLanguage;
	learnedRules: LearnedRule[];
	modelConfig: PromptConfig;
}

/** What a suggestion starts from, and what it leads to. */
export type Versioned = { target: 'persona'; state: PersonaState } | { target: 'prompt'; state: PromptState };
