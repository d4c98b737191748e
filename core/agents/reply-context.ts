import type { LlmMessage } from '../llm';
import type { ChannelKind } from '../meta';
import type { CompiledAgentBundle } from './bundle';
import { CHARACTERS_PER_TOKEN, HISTORY_BOUNDS } from './defaults';
import { PROMPT_TEXTS, type PromptTexts } from './prompt-texts';
import { earlierCalls, unfenced } from './reply-tools';
import { isOpen } from './sentinel';
import type { TurnContext } from './types';
import { wellFormed } from './well-formed';

const CHANNEL_NAMES: Record<ChannelKind, string> = {
	whatsapp: 'WhatsApp',
	instagram: 'Instagram',
	messenger: 'Messenger',
};

/** One a language and zone that exists: making one costs more than all its uses in a turn. */
const clocks = new Map<string, Intl.DateTimeFormat>();

function clock(now: Date, timeZone: string, language: string): string {
	const key = `${language} ${timeZone}`;
	const format =
		clocks.get(key) ?? new Intl.DateTimeFormat(language, { timeZone, dateStyle: 'full', timeStyle: 'short' });
	clocks.set(key, format);
	return format.format(now);
}

/** The moment of the turn: the only part of the system prompt that changes, and nothing in it was written by a customer. */
export function momentBlock(bundle: CompiledAgentBundle, context: TurnContext, now: Date): string {
	const { spec } = bundle;
	const { moment, transfer } = PROMPT_TEXTS[spec.language];
	let zone = context.tenant.timezone;
	let text: string;
	try {
		text = clock(now, zone, spec.language);
	} catch {
		// A tenant's zone is free text in the database; the spec's was checked.
		zone = spec.timeZone;
		text = clock(now, zone, spec.language);
	}
	const open = isOpen(spec.openingHours, spec.timeZone, now);
	const others = (context.transferTargets ?? []).map(({ slug, purpose }) => `- ${slug}: ${purpose}`);
	return [
		moment.now(text, zone),
		moment.channel(CHANNEL_NAMES[context.channel.kind]),
		open ? moment.open : moment.closed,
		...(others.length === 0 ? [] : [transfer.rule, ...others]),
		...(context.incoming.some(({ reading }) => reading && reading !== 'read') ? [moment.unread] : []),
	].join('\n');
}

/** The first name out of a profile name: letters only, because a customer may write anything there. */
export function firstName(name: string | null): string | null {
	const [first] = (name ?? '').normalize('NFC').match(/[\p{L}\p{M}'’-]+/u) ?? [];
	return first !== undefined && first.length <= HISTORY_BOUNDS.firstName && /\p{L}/u.test(first) ? first : null;
}

/** Name and summary stem from the customer, so they stand among the messages, never in the system prompt. */
function contactData(context: TurnContext, { dialogue }: PromptTexts): string | null {
	const name = firstName(context.contact.name);
	const said = (context.conversation.summary ?? '').replace(/\s+/g, ' ').trim();
	const summary = wellFormed(said.slice(0, HISTORY_BOUNDS.summary));
	const since = context.conversation.messagesSinceSummary ?? 0;
	const age = since >= HISTORY_BOUNDS.summaryStale ? ` (${dialogue.summaryAge(since)})` : '';
	const facts = [
		name === null ? '' : `${dialogue.firstName}: ${name}`,
		summary === '' ? '' : `${dialogue.summary}${age}: ${summary}`,
	];
	const known = facts.filter((fact) => fact !== '');
	return known.length === 0 ? null : `[${dialogue.contactData}] ${known.join('; ')}`;
}

/** Characters that earlier messages may take: what the agent's budget leaves beside what is known in short. */
function roomFor(bundle: CompiledAgentBundle, lead: string): number {
	const { contextTokens } = bundle.spec.limits;
	if (contextTokens === undefined) return HISTORY_BOUNDS.characters;
	// A line break goes with each message.
	return Math.floor(contextTokens * CHARACTERS_PER_TOKEN) - lead.length - HISTORY_BOUNDS.messages;
}

/** The newest entries that fit the bounds, oldest first. */
function recentHistory(context: TurnContext, characters: number): LlmMessage[] {
	const recent: LlmMessage[] = [];
	let room = characters;
	for (const entry of context.history.slice(-HISTORY_BOUNDS.messages).reverse()) {
		const content = wellFormed(entry.text.trim().slice(0, HISTORY_BOUNDS.perMessage));
		if (content === '') continue;
		room -= content.length;
		if (room < 0) break;
		recent.unshift({ role: entry.role === 'contact' ? 'user' : 'assistant', content });
	}
	return recent;
}

/** Providers want roles that alternate. */
function mergeRoles(messages: LlmMessage[]): LlmMessage[] {
	const merged: LlmMessage[] = [];
	for (const message of messages) {
		const last = merged[merged.length - 1];
		if (last?.role === message.role) last.content = `${last.content}\n${message.content}`;
		else merged.push({ ...message });
	}
	return merged;
}

/** The burst as one text, a message a line. The end of it counts when it is too long. */
export const burstText = (context: TurnContext): string =>
	context.incoming
		.map(({ text }) => text.trim())
		.filter((text) => text !== '')
		.join('\n');

/** The conversation as the model sees it: begins with the user, alternates, ends with the burst to answer. */
export function conversationMessages(bundle: CompiledAgentBundle, context: TurnContext): LlmMessage[] {
	const texts = PROMPT_TEXTS[bundle.spec.language];
	const known = [contactData(context, texts), earlierCalls(bundle, context)];
	const data = known.filter((line) => line !== null).join('\n') || null;
	const history = recentHistory(context, roomFor(bundle, [data, texts.dialogue.businessWroteFirst].join('\n')));
	const opening = history[0]?.role === 'assistant' ? texts.dialogue.businessWroteFirst : null;
	const lead = [data, opening].filter((line) => line !== null).join('\n');
	const burst = wellFormed(burstText(context).slice(-HISTORY_BOUNDS.incoming)) || '[…]';
	// Nobody but a tool speaks as a tool.
	const plain = (message: LlmMessage): LlmMessage =>
		bundle.tools ? { ...message, content: unfenced(message.content) } : message;
	return mergeRoles([
		...(lead === '' ? [] : [{ role: 'user' as const, content: lead }]),
		...history.map(plain),
		plain({ role: 'user', content: burst }),
	]);
}
