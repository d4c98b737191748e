import type { ClaimedTurn } from '../conversations';
import type { Database } from '../database';
import { inTenant } from '../tenancy';
import { LIST_LIMIT, MEDIA_LIMITS, TRANSCRIPTION_MODEL } from './defaults';
import type { MediaKind, MediaSettings, Reading, TurnMedia, VisionModel } from './types';

interface MediaRow {
	turn_id: number;
	message_id: number;
	kind: MediaKind;
	body: string;
	media: { id?: unknown; url?: unknown; mimeType?: unknown; filename?: unknown };
	channel_account_id: string;
	channel_kind: string;
	access_token_encrypted: string | null;
	agent_version_id: string | null;
	language: string | null;
	model: VisionModel | null;
	settings: Record<string, unknown> | null;
	beyond: boolean;
}

const DEFAULT_SETTINGS: MediaSettings = {
	audio: true,
	images: true,
	documents: true,
	transcriptionModel: TRANSCRIPTION_MODEL,
	visionProvider: null,
	visionApi: null,
	visionModel: null,
};

const SETTINGS_COLUMNS = `audio, images, documents, transcription_model as "transcriptionModel", vision_provider as "visionProvider",
	vision_api as "visionApi", vision_model as "visionModel"`;

/** What of these turns, all of one tenant, is still to be read. */
export const loadTurnsMedia = async (
	database: Database,
	tenantId: string,
	turns: readonly ClaimedTurn[],
): Promise<TurnMedia[]> => {
	const rows = await inTenant(database, tenantId, async (db) => {
		return await db.all<MediaRow & Record<string, unknown>>(
			`select turn_id, message_id, kind, body, media, channel_account_id, channel_kind, access_token_encrypted, agent_version_id, language, model, settings, beyond
				from load_turns_media($1::uuid, $2::bigint[], $3::integer)`,
			[tenantId, turns.map(({ turnId }) => turnId), MEDIA_LIMITS.perTurn],
		);
	});
	return rows.map((row) => ({
		tenantId,
		turnId: row.turn_id,
		messageId: row.message_id,
		kind: row.kind,
		body: row.body,
		mediaId: textOr(row.media.id),
		url: textOr(row.media.url),
		mimeType: textOr(row.media.mimeType),
		fileName: textOr(row.media.filename),
		channelAccountId: row.channel_account_id,
		channelKind: row.channel_kind,
		accessTokenEncrypted: row.access_token_encrypted,
		agentVersionId: row.agent_version_id,
		language: row.language,
		model: row.model,
		settings: row.settings ? fromRow(row.settings) : DEFAULT_SETTINGS,
		beyond: row.beyond,
	}));
};

const textOr = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

const fromRow = (row: Record<string, unknown>): MediaSettings => ({
	audio: row.audio === true,
	images: row.images === true,
	documents: row.documents === true,
	transcriptionModel: textOr(row.transcription_model) ?? TRANSCRIPTION_MODEL,
	visionProvider: row.vision_provider as MediaSettings['visionProvider'],
	visionApi: row.vision_api as MediaSettings['visionApi'],
	visionModel: textOr(row.vision_model),
});

/** False when another worker wrote it first, or the customer took the message back. */
export const saveReading = async (
	database: Database,
	media: Pick<TurnMedia, 'tenantId' | 'messageId' | 'turnId' | 'agentVersionId'>,
	reading: Reading,
	body: string,
	latencyMs: number,
): Promise<boolean> =>
	await inTenant(database, media.tenantId, async (db) => {
		const row = await db.one<{ saved: boolean }>(
			`select save_media_reading($1::uuid, $2::bigint, $3::bigint, $4::uuid, $5::jsonb, $6::text) as saved`,
			[
				media.tenantId,
				media.messageId,
				media.turnId,
				media.agentVersionId,
				JSON.stringify({ ...reading, latencyMs }),
				body,
			],
		);
		return row?.saved ?? false;
	});

export const mediaSettings = async (database: Database, tenantId: string): Promise<MediaSettings> =>
	await inTenant(
		database,
		tenantId,
		async (db) =>
			(await db.one<MediaSettings & Record<string, unknown>>(
				`select ${SETTINGS_COLUMNS} from media_settings where tenant_id = $1::uuid`,
				[tenantId],
			)) ?? DEFAULT_SETTINGS,
	);

/** Changes what is given and leaves the rest. */
export async function updateMediaSettings(
	database: Database,
	tenantId: string,
	changes: Partial<MediaSettings>,
	actor?: string,
): Promise<MediaSettings> {
	const next = { ...(await mediaSettings(database, tenantId)), ...changes };
	return await inTenant(
		database,
		tenantId,
		async (db) =>
			(await db.one<MediaSettings & Record<string, unknown>>(
				`insert into media_settings (tenant_id, audio, images, documents, transcription_model, vision_provider, vision_api, vision_model)
					values ($1::uuid, $2, $3, $4, $5, $6, $7, $8)
					on conflict (tenant_id) do update set audio = excluded.audio, images = excluded.images, documents = excluded.documents,
						transcription_model = excluded.transcription_model, vision_provider = excluded.vision_provider, vision_api = excluded.vision_api,
						vision_model = excluded.vision_model
					returning ${SETTINGS_COLUMNS}`,
				[
					tenantId,
					next.audio,
					next.images,
					next.documents,
					next.transcriptionModel,
					next.visionProvider,
					next.visionApi,
					next.visionModel,
				],
			))!,
		{ actor },
	);
}

/** The newest readings first, without their texts unless they are asked for. */
export const listReadings = async (
	database: Database,
	tenantId: string,
	options: { status?: string; withText?: boolean; limit?: number } = {},
): Promise<Array<Record<string, unknown>>> =>
	await inTenant(
		database,
		tenantId,
		async (db) =>
			await db.all(
				`select r.message_id, m.conversation_id, r.kind, r.status, r.error_code, r.mime_type, r.bytes, r.model, r.input_tokens, r.output_tokens,
						r.cost_usd::double precision as cost_usd, r.latency_ms, r.created_at, case when $3::boolean then r.text end as text
					from media_readings r join messages m on m.tenant_id = r.tenant_id and m.id = r.message_id
					where r.tenant_id = $1::uuid and ($2::text is null or r.status = $2::text) order by r.created_at desc, r.message_id desc limit $4::integer`,
				[
					tenantId,
					options.status ?? null,
					options.withText ?? false,
					Math.min(options.limit ?? LIST_LIMIT, LIST_LIMIT),
				],
			),
	);
