import { FactoryError } from '../errors';
import { splitText, textMessage, type OutboundMessage } from './messages';
import {
	buttonsMessage,
	listMessage,
	mediaMessage,
	quoted,
	shownText,
	type ListSection,
	type MediaInput,
	type ReplyButton,
} from './rich-messages';
import { sendApiMessage } from './send-api';
import type { ChannelKind } from './types';

/** What somebody wants to say: one of text, media, buttons or list, and which message it answers. */
export type OutboundContent = (
	| { text: string }
	| { media: MediaInput }
	| { text: string; buttons: readonly ReplyButton[]; footer?: string }
	| { text: string; button: string; sections: readonly ListSection[]; footer?: string }
) & {
	/** Meta's id of the message that this one quotes. */
	quote?: string;
};

export interface OutboundPart {
	payload: OutboundMessage;
	/** What the history shows. */
	text: string;
}

/** The messages that say it on this channel, checked against its limits before anything is queued. */
export function outboundParts(content: OutboundContent, channel: ChannelKind): OutboundPart[] {
	const messages = messagesOf(content, channel);
	if (messages.length === 0) throw new FactoryError('MESSAGE_EMPTY', 'The message has no text. Write one.');
	return messages.map((message, index) => {
		// A long text quotes once.
		const payload = content.quote && index === 0 ? quoted(message, content.quote) : message;
		if (channel !== 'whatsapp') sendApiMessage(payload);
		return { payload, text: shownText(message) };
	});
}

function messagesOf(content: OutboundContent, channel: ChannelKind): OutboundMessage[] {
	if ('media' in content) return [mediaMessage(content.media)];
	if ('buttons' in content) return [buttonsMessage(content)];
	if ('sections' in content) return [listMessage(content)];
	return splitText(content.text, channel).map(textMessage);
}
