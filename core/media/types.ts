import type { LlmPort, LlmUsage, TranscriptionPort } from '../llm';
import type { MediaPlace } from '../meta';
import type { Vault } from '../tenancy';

export type MediaKind = 'audio' | 'image' | 'document' | 'video';
export type ReadingStatus = 'read' | 'failed' | 'too_large' | 'unsupported' | 'refused';

/** What became of one file. Exactly a reading without `errorCode` was read. */
export interface Reading {
	kind: MediaKind;
	status: ReadingStatus;
	text: string | null;
	errorCode: string | null;
	mimeType: string | null;
	bytes: number | null;
	sha256: string | null;
	model: string | null;
	usage: LlmUsage[];
}

export interface MediaSettings {
	audio: boolean;
	images: boolean;
	documents: boolean;
	transcriptionModel: string;
	/** Null: the agent's own model. */
	visionProvider: 'anthropic' | 'openai' | null;
	visionApi: 'responses' | 'chat_completions' | null;
	visionModel: string | null;
}

export interface VisionModel {
	provider: string;
	api: string;
	model: string;
}

export interface MediaPorts {
	graph: Pick<MediaPlace, 'fetch' | 'baseUrl' | 'version'>;
	/** Asked only when there is a file to fetch. */
	vault(): Promise<Vault>;
	/** The model for a provider; throws CREDENTIAL_MISSING where the node has none. */
	llm(model: VisionModel): Promise<LlmPort>;
	transcription(): Promise<TranscriptionPort>;
	/** Milliseconds that only grow. */
	clock(): number;
}

/** One message of a turn whose file is still to be read, with what reading needs. */
export interface TurnMedia {
	tenantId: string;
	turnId: number;
	messageId: number;
	kind: MediaKind;
	body: string;
	mediaId: string | null;
	url: string | null;
	mimeType: string | null;
	fileName: string | null;
	channelAccountId: string;
	channelKind: string;
	accessTokenEncrypted: string | null;
	agentVersionId: string | null;
	language: string | null;
	model: VisionModel | null;
	settings: MediaSettings;
	/** Past the number that one turn reads. */
	beyond: boolean;
}
