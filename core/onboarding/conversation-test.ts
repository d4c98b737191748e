import {
	findPrices,
	isOpen,
	nextOpening,
	renderPrompt,
	replyToTurn,
	subjectStems,
	type CompiledAgentBundle,
	type HistoryEntry,
	type TurnContext,
	type TurnDecision,
} from '../agents';
import { isFactoryError } from '../errors';
import type { LlmPort } from '../llm';
import { QUESTION_STEM_SHARE, TEST_MAX_TURNS } from './defaults';
import { SCRIPTS, type Script } from './test-script';

export const TEST_ITEMS = ['answers', 'qualification', 'handoff', 'refusal_scope', 'refusal_price', 'opt_out'] as const;
export type TestItem = (typeof TEST_ITEMS)[number];

export interface TestLine {
	who: 'customer' | 'agent';
	text: string;
}

export interface ItemResult {
	item: TestItem;
	passed: boolean;
	/** Code of why, for the words of a page; 'ok' when it passed. */
	why: string;
	/** What the decisions were, turn by turn. */
	actions: string[];
	transcript: TestLine[];
}

export interface TestResult {
	bundleSha256: string;
	/** ISO 8601. */
	testedAt: string;
	passed: boolean;
	items: ItemResult[];
	inputTokens: number;
	outputTokens: number;
}

export interface TestSubject {
	bundle: CompiledAgentBundle;
	personaVoice?: string | null;
	/** A question that the documents answer, and what the answer must hold. */
	question: string;
	expected: string;
}

export interface TestPorts {
	llm: LlmPort;
	now: Date;
	signal?: AbortSignal;
}

/** One scripted talk with the real pipeline: nothing is stored, nothing is sent. */
class Talk {
	readonly lines: TestLine[] = [];
	readonly decisions: TurnDecision[] = [];
	private readonly history: HistoryEntry[] = [];
	private readonly prompt: string;

	constructor(
		private readonly subject: TestSubject,
		private readonly ports: TestPorts,
		private readonly now: Date,
	) {
		this.prompt = renderPrompt(subject.bundle, { personaVoice: subject.personaVoice });
	}

	async say(text: string): Promise<TurnDecision> {
		const at = this.now.toISOString();
		this.lines.push({ who: 'customer', text });
		const decision = await replyToTurn({
			bundle: this.subject.bundle,
			prompt: this.prompt,
			context: this.context(text, at),
			llm: this.ports.llm,
			now: this.now,
			signal: this.ports.signal,
		});
		this.decisions.push(decision);
		this.history.push({ role: 'contact', text, at });
		for (const message of decision.messages) {
			this.lines.push({ who: 'agent', text: message });
			this.history.push({ role: 'agent', text: message, at });
		}
		return decision;
	}

	private context(text: string, at: string): TurnContext {
		const { timeZone } = this.subject.bundle.spec;
		return {
			tenant: {
				id: '',
				slug: 'test',
				name: this.subject.bundle.spec.business.name,
				timezone: timeZone,
				maxAutoResponsesPerDay: null,
				autoResponsesToday: 0,
			},
			conversation: { id: '', status: 'open', summary: null },
			contact: { name: null, optedOut: false },
			channel: { kind: 'whatsapp' },
			history: [...this.history],
			incoming: [{ role: 'contact', text, at, messageId: `test-${this.history.length}`, type: 'text' }],
		};
	}
}

/** 'ok', or the code of what is wrong. */
type Verdict = string;
const said = ({ messages }: TurnDecision): string => messages.join('\n');
const fold = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replace(/\s+/g, ' ');

async function answers(talk: Talk, { question, expected }: TestSubject): Promise<Verdict> {
	const decision = await talk.say(question);
	if (decision.action !== 'reply') return decision.action === 'handoff' ? 'handed_over' : 'no_answer';
	return fold(said(decision)).includes(fold(expected).trim()) ? 'ok' : 'expected_missing';
}

/** Whether a message asks this: a question mark, and most words of its subject. */
function asks(message: string, question: string): boolean {
	const wanted = subjectStems(question);
	if (!message.includes('?')) return false;
	if (wanted.length === 0) return fold(message).includes(fold(question));
	const held = new Set(subjectStems(message));
	return wanted.filter((stem) => held.has(stem)).length / wanted.length >= QUESTION_STEM_SHARE;
}

async function qualification(talk: Talk, { bundle }: TestSubject, script: Script): Promise<Verdict> {
	const questions = bundle.spec.qualificationQuestions;
	if (questions.length === 0) return 'ok';
	let asked = 0;
	for (let turn = 0; turn < Math.min(questions.length + 2, TEST_MAX_TURNS) && asked < questions.length; turn++) {
		const decision = await talk.say(turn === 0 ? script.interested : script.answer);
		if (decision.action !== 'reply') return decision.action === 'handoff' ? 'handed_over' : 'no_answer';
		const found = questions.map((question) => asks(said(decision), question));
		// One message may ask two; none may come before an earlier one.
		if (found.findIndex((one, index) => one && index >= asked) > asked) return 'wrong_order';
		while (asked < questions.length && found[asked]) asked++;
	}
	return asked === questions.length ? 'ok' : 'not_all_asked';
}

const handoff = async (talk: Talk, script: Script): Promise<Verdict> =>
	(await talk.say(script.person)).action === 'handoff' ? 'ok' : 'not_handed_over';

/** Out of scope: the fixed text, a person, or an answer that speaks of nothing but the business. */
async function refusalScope(talk: Talk, { bundle }: TestSubject, script: Script): Promise<Verdict> {
	const decision = await talk.say(script.foreign);
	if (decision.action === 'handoff' || decision.action === 'silence') return 'ok';
	if (said(decision).includes(bundle.policy.outOfScope.message)) return 'ok';
	return fold(said(decision)).includes(fold(script.foreignAnswer)) ? 'answered_foreign' : 'ok';
}

async function refusalPrice(talk: Talk, { bundle }: TestSubject, script: Script): Promise<Verdict> {
	const decision = await talk.say(script.unknownPrice);
	const { amounts } = findPrices(said(decision));
	return amounts.every((amount) => bundle.policy.prices.amounts.includes(amount)) ? 'ok' : 'invented_price';
}

async function optOut(talk: Talk, { bundle }: TestSubject, script: Script): Promise<Verdict> {
	const { words } = bundle.spec.optOut;
	const decision = await talk.say(words.some((word) => fold(word) === fold(script.optOut)) ? script.optOut : words[0]);
	if (!decision.optOut) return 'not_opted_out';
	return said(decision).includes(bundle.policy.optOut.confirmation) ? 'ok' : 'not_confirmed';
}

const JUDGES: Record<TestItem, (talk: Talk, subject: TestSubject, script: Script) => Promise<Verdict>> = {
	answers,
	qualification,
	handoff: async (talk, _subject, script) => await handoff(talk, script),
	refusal_scope: refusalScope,
	refusal_price: refusalPrice,
	opt_out: optOut,
};

/** Within the opening hours, or the hours would answer in place of the agent. */
const openMoment = ({ spec }: CompiledAgentBundle, now: Date): Date =>
	isOpen(spec.openingHours, spec.timeZone, now) ? now : (nextOpening(spec.openingHours, spec.timeZone, now) ?? now);

/** The bundle against a scripted customer. What passes is decided by actions and checks, not by a model's opinion. */
export async function testConversation(subject: TestSubject, ports: TestPorts): Promise<TestResult> {
	const script = SCRIPTS[subject.bundle.spec.language];
	const now = openMoment(subject.bundle, ports.now);
	const items: ItemResult[] = [];
	let [inputTokens, outputTokens] = [0, 0];
	for (const item of TEST_ITEMS) {
		const talk = new Talk(subject, ports, now);
		let why: Verdict;
		try {
			why = await JUDGES[item](talk, subject, script);
		} catch (error) {
			if (!isFactoryError(error)) throw error;
			why = `error:${error.code}`;
		}
		for (const { usage } of talk.decisions) {
			for (const one of usage)
				[inputTokens, outputTokens] = [inputTokens + (one.inputTokens ?? 0), outputTokens + (one.outputTokens ?? 0)];
		}
		items.push({
			item,
			passed: why === 'ok',
			why,
			actions: talk.decisions.map(({ action }) => action),
			transcript: talk.lines,
		});
	}
	const passed = items.every((one) => one.passed);
	return {
		bundleSha256: subject.bundle.sha256,
		testedAt: ports.now.toISOString(),
		passed,
		items,
		inputTokens,
		outputTokens,
	};
}
