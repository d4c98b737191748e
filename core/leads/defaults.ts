import type { LeadThresholds } from './types';

/** Where the classes begin: the seed's bands on a base of 20. `unsureBelow` was chosen by hand on the train half (eval/leads/README.md). */
export const DEFAULT_THRESHOLDS: LeadThresholds = { hot: 70, warm: 45, cold: 20, unsureBelow: 0.6, hysteresis: 5 };

/** Characters of one message that are read, from its beginning and its end; a lead says it within a screen. */
export const TEXT_BOUNDS = {
	head: 1_600,
	tail: 600,
	/** Letters under which capitals say nothing: "OI", "SP". */
	capitalsFromLetters: 15,
	/** Messages of a burst, the latest, and of the history behind it. */
	messages: 20,
	history: 20,
	/** Characters of an evidence. */
	evidence: 40,
	evidenceWords: 4,
} as const;

/** Words whose stem or right spelling is kept in memory, and the letters of one worth keeping: the vocabulary of a few tenants, about 2 MB. */
export const WORDS_KEPT = 20_000;
export const WORD_LETTERS_KEPT = 30;
/** Personas kept in memory with their terms, about 10 kB each. */
export const PERSONAS_KEPT = 500;

/** Points of the score, 0 to 100. Fit and intent stay apart; the sum starts at `base`. */
export const SCORE_POINTS = {
	base: 20,
	positiveKeyword: 8,
	positiveKeywordCap: 32,
	/** A word the person says weighs more than one of the profile. */
	inMessage: 1.25,
	negativeKeyword: -15,
	negativeKeywordCap: -45,
	jobTitle: 15,
	niche: 10,
	businessType: 10,
	offer: 8,
	offerCap: 16,
	followersInRange: 10,
	followersNear: 4,
	followersBeyond: -8,
	isBusiness: 4,
	website: 4,
	verified: 2,
	followsBusiness: 4,
	adReferral: 6,
	outsideArea: -10,
} as const;

/** Points of intent by family of cues; the strongest buying cue counts once. */
export const INTENT_POINTS = {
	buying: 50,
	booking: 50,
	/** With a need beside it as good as buying. */
	pressingNeed: 36,
	urgency: 10,
	price: 14,
	priceOfSomething: 14,
	asksOffer: 26,
	interest: 20,
	/** Interest in something that has a name. */
	interestNamed: 12,
	need: 16,
	ownSituation: 12,
	referred: 8,
	later: -28,
	hesitation: -20,
	justLooking: -20,
	practical: 4,
} as const;

/** Putting off takes nothing from somebody who was not about to buy. */
export const LATER_WITHOUT_BUYING = -3;

/** What was said before this burst counts half. */
export const HISTORY_SHARE = 0.5;

/** Followers outside the range by up to this factor still count a little. */
export const FOLLOWERS_NEAR_FACTOR = 2;

/** Points under `hot` that a score keeps without verified intent. */
export const UNVERIFIED_GAP = 1;

/** Evidence for a class, in units in which one unit is a weak cue and three a cue that hardly ever misleads. */
export const GATE = {
	/** A text that says nothing a lead says is taken for personal until a model has looked: silence hurts less than a robot's answer to a mother. */
	personalPrior: 0.7,
	/** A lead must beat a sign of the personal by this much: a robot's answer to a mother costs more than a late one to a lead. */
	caution: 0.8,
	/** "você" and no "vocês": one person is spoken to, not a house. */
	toOne: 0.7,
	/** Words from which that prior holds; "sim" and "?" are a bare hello. */
	personalPriorFromWords: 3,
	shortLead: 1.2,
	/** A further cue of the same family adds this share of its weight. */
	repeatShare: 0.3,
	/** Share of capitals that counts as shouting. */
	capitals: 0.6,
	shouts: 4,
	/** "vocês": somebody speaks to a house. */
	addressed: 0.8,
	/** A word of the persona's own business, and how many count. */
	ownWord: 0.6,
	ownWordsCap: 3,
	link: 1,
	/** A link with no word of the sender's own beside it. */
	impersonalLink: 1.3,
	shouting: 0.5,
	disguise: 0.9,
	sirens: 0.4,
	/** Words up to which a link is all there is. */
	bareLinkWords: 3,
	/** A place that the tenant says not to serve. */
	outsideArea: 2.6,
	/** Evidence for another class from which questions and prices in the same text weigh less, and how much less. */
	strong: 2.4,
	dominated: 0.55,
	/** Spam needs this much evidence whatever the others have: one word never blocks a customer. */
	spamMinimum: 2.2,
} as const;

/** Margin between the best and the second class to a confidence: 1 / (1 + e^-(slope * margin + offset)), set by hand on the train half. */
export const CONFIDENCE = {
	slope: 0.9,
	offset: -0.2,
	knownContact: 1,
	nothingToRead: 0.3,
	scarceBelow: 1.3,
	scarce: 0.45,
} as const;

/** Earlier messages of a person that count as evidence for the score. */
export const LEAD_HISTORY_LIMIT = 10;
/** Characters of one message that the rules read: a classifier has seen enough by then, and 100 kB cost no more than this. */
export const RULES_TEXT_MAX = 8_000;
/** Characters of a burst that are kept with its classification; messages holds all of it. */
export const STORED_TEXT_MAX = 4_000;

/** Leads of one tenant that share a call: the frame is paid once, and a failed call costs no more than these their model. */
export const MODEL_BATCH = 8;
/** Characters of a burst and of the earlier messages that a model reads of one lead. */
export const MODEL_TEXT_MAX = 2_000;
export const MODEL_HISTORY_MAX = 1_000;
/** Milliseconds for one attempt: a customer waits for the reply that comes after. */
export const MODEL_TIMEOUT_MS = 20_000;
/** Tries after the first; then the rules answer. */
export const MODEL_MAX_RETRIES = 1;
/** Output tokens of one lead's answer, and of what surrounds the answers. */
export const MODEL_TOKENS_PER_LEAD = 350;
export const MODEL_TOKENS_FRAME = 150;
/** Entries of a list in an answer, and characters of a text in it, that are kept. */
export const ANALYSIS_LIST_MAX = 8;
export const ANALYSIS_TEXT_MAX = 400;
/** 0 to 1: how sure a class is that the model agreed to, and one that only the model sees. Its own word for it is worth nothing. */
export const MODEL_CONFIDENCE = { agrees: 0.85, differs: 0.65 } as const;

/** Classifications that are stored side by side: each holds a connection. */
export const SAVES_AT_ONCE = 4;

/** Rows that a list returns at most, and rows that one import takes. */
export const LEAD_LIST_LIMIT = 100;
export const IMPORT_LIMIT = 5_000;
/** Labelled messages of one evaluation. */
export const EVALUATION_LIMIT = 10_000;
