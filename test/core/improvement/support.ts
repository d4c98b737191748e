import { randomUUID } from 'node:crypto';
import type { Findings, LintBase, OfferInput, PersonaState, PromptState } from '../../../core/improvement';
import { agency } from '../agents/support';

export const VERSION = '11111111-1111-4111-8111-111111111111';

export const persona = (changes: Partial<PersonaState> = {}): PersonaState => ({
	positiveKeywords: ['orçamento', 'loja'],
	negativeKeywords: ['curso'],
	idealJobTitles: ['gerente'],
	idealNiches: [],
	idealBusinessTypes: [],
	minFollowers: null,
	maxFollowers: null,
	keywordWeights: {},
	thresholdShift: 0,
	scoringModelId: null,
	...changes,
});

export const prompt = (changes: Partial<PromptState> = {}): PromptState => ({
	language: 'pt-BR',
	learnedRules: [],
	modelConfig: { provider: 'anthropic', model: 'claude-haiku-4-5', maxOutputTokens: 1_500 },
	...changes,
});

export const personaBase = (changes: Partial<PersonaState> = {}): LintBase & { target: 'persona' } => ({
	target: 'persona',
	versionId: VERSION,
	state: persona(changes),
});

const AGENCY = agency();

export const promptBase = (changes: Partial<PromptState> = {}): LintBase & { target: 'prompt' } => ({
	target: 'prompt',
	versionId: VERSION,
	state: prompt(changes),
	bundle: AGENCY,
});

export const findings = (changes: Partial<Findings> = {}): Findings => ({
	target: 'persona',
	reflectionId: randomUUID(),
	versionId: VERSION,
	action: 'suggestion',
	conversations: 60,
	failures: [],
	stems: [],
	...changes,
});

export const stem = (name: string, changes: Partial<Findings['stems'][number]> = {}): Findings['stems'][number] => ({
	stem: name,
	leads: 40,
	days: 10,
	won: 20,
	lift: 0.3,
	low: 0.12,
	high: 0.45,
	...changes,
});

export const offerInput = (changes: Partial<OfferInput> = {}): OfferInput => ({
	findings: findings(),
	base: personaBase(),
	rejected: [],
	scorerModelId: null,
	load: null,
	now: new Date('2026-11-22T12:00:00Z'),
	...changes,
});
