import type { AgentTool } from '../plugins';
import type { AgentLanguage, AgentSpec } from './spec';
import type { AllowedLink } from './sentinel/text/links';
import type { PersonalDatum } from './sentinel/text/personal-data';
import type { PriceFacts } from './sentinel/text/money';

/** What Sentinel needs to judge a turn, computed once at compile time. */
export interface SentinelPolicy {
	language: AgentLanguage;
	timeZone: string;
	/** Random token that stands in the prompt only: a reply that holds it leaks the prompt. */
	canary: string;
	/** The protected section as rendered, for the overlap test. */
	protectedText: string;
	forbiddenPhrases: string[];
	forbiddenTopics: string[];
	allowedLinks: AllowedLink[];
	/** Prices, discounts and gifts that the business states itself. */
	prices: PriceFacts;
	/** The business' own phones, e-mails and tax ids. */
	ownData: PersonalDatum[];
	/** Stems of the words in which the business speaks about itself. */
	scopeStems: string[];
	openingHours: AgentSpec['openingHours'];
	outOfScope: AgentSpec['outOfScope'];
	optOut: AgentSpec['optOut'];
	handoff: { message: string; apology: string };
	limits: { maxMessages: number; maxCharacters: number; dailyReplies: number | null };
}

export interface BundleDocument {
	title: string;
	sha256: string;
	characters: number;
}

/** A frozen agent: what a version stores and a turn runs. `sha256` covers everything but itself. */
export interface CompiledAgentBundle {
	schemaVersion: number;
	/** Canonical, with every default and every document: compiling it again gives the same bundle. */
	spec: AgentSpec;
	documents: BundleDocument[];
	systemPrompt: string;
	policy: SentinelPolicy;
	model: AgentSpec['model'];
	debounce: { seconds: number; maxSeconds: number };
	/** What the agent may call; absent where it may call nothing. */
	tools?: AgentTool[];
	/** Of the system prompt. */
	estimatedTokens: number;
	sha256: string;
}
