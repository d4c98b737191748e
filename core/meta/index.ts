export type { ChannelKind, ContactRef, EventKind, EventRoute, MessageContent, MetaEvent, StatusUpdate } from './types';
export {
	BODY_MAX_BYTES,
	BODY_MAX_DEPTH,
	BODY_MAX_ITEMS,
	GRAPH_BASE_URL,
	GRAPH_TIMEOUT_MS,
	GRAPH_VERSION,
	SEND_API_TEXT_MAX_BYTES,
	WHATSAPP_TEXT_MAX_CHARS,
} from './defaults';
export {
	answerChallenge,
	signBody,
	verifyChallenge,
	verifySignature,
	type ChallengeVerdict,
	type SignatureVerdict,
} from './verify';
export { parseBody, storableJson, type ParsedBody } from './parse';
export { normaliseBody, type NormaliseOptions } from './normalise';
export { eventKey } from './sink';
export { hasIdentity } from './event';
export { canonicalJson } from './read';
export { backoffMs, classifyGraphError, type GraphFault, type NetworkError } from './errors';
export { graphAdvice, type AdviceLanguage } from './error-words';
export { ERROR_CLASSES, type GraphAction, type GraphErrorClass, type GraphErrorName } from './error-table';
export {
	contactAddress,
	privateReplyAddress,
	splitText,
	templateMessage,
	textMessage,
	type ContactAddress,
	type OutboundMessage,
	type TemplateInput,
} from './messages';
export {
	buttonsMessage,
	listMessage,
	MEDIA_KINDS,
	mediaMessage,
	quoted,
	shownText,
	type ListRow,
	type ListSection,
	type MediaInput,
	type MediaKind,
	type ReplyButton,
} from './rich-messages';
export { outboundParts, type OutboundContent, type OutboundPart } from './outbound';
export {
	createGraphClient,
	type GraphClient,
	type GraphClientOptions,
	type MarkReadInput,
	type SendMessageInput,
	type SendResult,
} from './graph';
export {
	createTemplateGraph,
	type MetaTemplate,
	type TemplateDefinition,
	type TemplateGraph,
	type TemplateGraphOptions,
} from './graph-templates';
export type { FetchLike, GraphFailed, GraphFailure, GraphResult } from './graph-http';
export { createGraphSetup, INSTAGRAM_GRAPH_URL, type GraphSetup, type GraphSetupOptions } from './graph-setup';
export { downloadMedia, getMediaInfo, type MediaBytes, type MediaInfo, type MediaPlace } from './graph-media';
