import { normaliseText } from '../leads';
import { REPLY } from './defaults';
import type { Conversation, Turn } from './conversation';
import type { Answers, CheckAnswer } from './rubric';
import { median } from './statistics';

/** What can be counted is counted: no judge is asked, and none can be flattered. */
export interface ConversationFacts {
	turns: number;
	customerTurns: number;
	agentTurns: number;
	personTurns: number;
	customerQuestions: number;
	agentQuestions: number;
	/** Turns of the customer after which nobody wrote any more. */
	unanswered: number[];
	/** Seconds from the end of what the customer wrote to the reply; null without a reply. */
	medianReplySeconds: number | null;
	longReplies: number[];
	repeatedReplies: number[];
	otherLanguage: number[];
	links: number;
	/** Characters of all replies of the agent. */
	replyCharacters: number;
}

const LINK = /https?:\/\/|www\./giu;
/** Fewer words say too little of a language. */
const WORDS_OF_A_LANGUAGE = 5;

/** Portuguese and Spanish share too many words to be told apart in a line. */
const languageOf = (text: string): 'iberian' | 'en' | null => {
	const { words, language } = normaliseText(text);
	if (words.length < WORDS_OF_A_LANGUAGE) return null;
	return language === 'en' ? 'en' : 'iberian';
};

export function factsOf({ turns }: Conversation): ConversationFacts {
	const customers = turns.filter(({ who }) => who === 'customer');
	const replies = turns.filter(({ who }) => who === 'agent');
	const lastAnswer = turns.findLast(({ who }) => who !== 'customer')?.turn ?? 0;
	return {
		turns: turns.length,
		customerTurns: customers.length,
		agentTurns: replies.length,
		personTurns: turns.length - customers.length - replies.length,
		customerQuestions: customers.filter(({ text }) => text.includes('?')).length,
		agentQuestions: replies.filter(({ text }) => text.includes('?')).length,
		unanswered: customers.filter(({ turn }) => turn > lastAnswer).map(({ turn }) => turn),
		medianReplySeconds: medianReply(turns),
		longReplies: replies.filter(({ text }) => text.length > REPLY.longCharacters).map(({ turn }) => turn),
		repeatedReplies: repeated(replies),
		otherLanguage: inOtherLanguage(turns),
		links: replies.reduce((total, { text }) => total + (text.match(LINK)?.length ?? 0), 0),
		replyCharacters: replies.reduce((total, { text }) => total + text.length, 0),
	};
}

function medianReply(turns: readonly Turn[]): number | null {
	const waits = turns.flatMap(({ who, at }, index) => {
		const before = turns[index - 1];
		if (who === 'customer' || before?.who !== 'customer') return [];
		return [Math.max(0, (Date.parse(at) - Date.parse(before.at)) / 1_000)];
	});
	return waits.length === 0 ? null : Math.round(median(waits));
}

function repeated(replies: readonly Turn[]): number[] {
	const said = new Set<string>();
	return replies
		.filter(({ text }) => {
			const words = normaliseText(text).words.join(' ');
			const again = words.length >= REPLY.sameFromCharacters && said.has(words);
			said.add(words);
			return again;
		})
		.map(({ turn }) => turn);
}

function inOtherLanguage(turns: readonly Turn[]): number[] {
	let asked: string | null = null;
	return turns.flatMap(({ who, text, turn }) => {
		const language = languageOf(text);
		if (who === 'customer') asked = language ?? asked;
		return who === 'agent' && language !== null && asked !== null && language !== asked ? [turn] : [];
	});
}

const clean = (failures: number[], shown: number[]): CheckAnswer =>
	failures.length > 0 ? { answer: 'no', turns: failures } : { answer: 'yes', turns: shown };
const NOT_APPLICABLE: CheckAnswer = { answer: 'na', turns: [] };

/** The checks that are counted. Without a reply of the agent there is nothing to say of its replies. */
export function countedAnswers({ turns }: Conversation, facts: ConversationFacts): Answers {
	const replies = turns.filter(({ who }) => who === 'agent').map(({ turn }) => turn);
	const ofReplies = (failures: number[]): CheckAnswer =>
		replies.length === 0 ? NOT_APPLICABLE : clean(failures, replies);
	return {
		nothing_pending: facts.customerTurns === 0 ? NOT_APPLICABLE : clean(facts.unanswered, replies),
		same_language: ofReplies(facts.otherLanguage),
		length_fits: ofReplies(facts.longReplies),
		no_repetition: ofReplies(facts.repeatedReplies),
		asks_back: ofReplies(facts.agentQuestions > 0 ? [] : replies),
	};
}
