import type { IDataObject, INodeExecutionData, IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import { isFactoryError } from '../../core/errors';
import type { Database } from '../../core/database';
import { createIngestBatcher, ingest, storeEvents } from '../../core/ingest';
import type { IngestBatcher, IngestResult, StoredEvent } from '../../core/ingest';
import { verifySignature } from '../../core/meta';
import { keptCredential, type MetaAppCredential, openNodeDatabase, secretList } from '../shared';
import { responseOf } from './response';

type Answer = Pick<IngestResult, 'httpStatus' | 'body' | 'events'>;
type RawRequest = { rawBody?: Buffer; readRawBody?: () => Promise<void> };

const TRY_AGAIN: Answer = { httpStatus: 503, body: { ok: false, reason: 'try again' }, events: [] };

const batchers = new WeakMap<Database, IngestBatcher>();

/** Webhooks that come together share a commit. */
function batcherOf(database: Database): IngestBatcher {
	const batcher = batchers.get(database) ?? createIngestBatcher(async (events) => await storeEvents(database, events));
	batchers.set(database, batcher);
	return batcher;
}

/** Stores what Meta sent, answers it, and starts this workflow only where that was asked for. Never throws: n8n would answer 500. */
export async function receiveEvents(context: IWebhookFunctions): Promise<IWebhookResponseData> {
	const answer = await store(context);
	responseOf(context).status(answer.httpStatus).json(answer.body);
	const items = itemsToStart(context, answer);
	return items.length > 0 ? { noWebhookResponse: true, workflowData: [items] } : { noWebhookResponse: true };
}

async function store(context: IWebhookFunctions): Promise<Answer> {
	const nodeName = context.getNode().name;
	try {
		const rawBody = await rawBodyOf(context);
		const signature = context.getHeaderData()['x-hub-signature-256'] as string | undefined;
		const { secrets, matches } = await secretsFor(context, rawBody, signature);
		const { schema } = context.getNodeParameter('options', {}) as { schema?: string };
		// A stranger's request is refused without a look at the database.
		const database = await openNodeDatabase(context, schema, { checkSchema: matches });
		const result = await ingest(database, { rawBody, signature, secrets }, { store: batcherOf(database).store });
		if (result.error)
			context.logger.error(`Meta Trigger: ${result.error.message}`, { nodeName, code: result.error.code });
		else if (result.httpStatus !== 200) {
			context.logger.warn(`Meta Trigger refused a request: ${String(result.body.reason)}.`, {
				nodeName,
				status: result.httpStatus,
			});
		}
		return result;
	} catch (error) {
		// Our own messages hold no payload; others might.
		const why = isFactoryError(error) ? error.message : 'a credential cannot be read or the request broke off.';
		context.logger.error(`Meta Trigger: ${why}`, { nodeName, code: isFactoryError(error) ? error.code : 'INTERNAL' });
		return TRY_AGAIN;
	}
}

/** The app secrets; read anew where none of those kept fits, so that a secret just entered counts at once. */
async function secretsFor(
	context: IWebhookFunctions,
	rawBody: Buffer,
	signature: string | undefined,
): Promise<{ secrets: string[]; matches: boolean }> {
	const read = async (fresh: boolean) => {
		const { appSecrets } = await keptCredential<MetaAppCredential>(context, 'metaAppApi', { fresh });
		const secrets = secretList(appSecrets);
		return { secrets, matches: verifySignature(rawBody, signature, secrets).ok };
	};
	const found = await read(false);
	return found.matches ? found : await read(true);
}

/** The bytes as received: what the signature was made over. */
async function rawBodyOf(context: IWebhookFunctions): Promise<Buffer> {
	const request = context.getRequestObject() as unknown as RawRequest;
	if (!Buffer.isBuffer(request.rawBody)) await request.readRawBody?.();
	return Buffer.isBuffer(request.rawBody) ? request.rawBody : Buffer.alloc(0);
}

function itemsToStart(context: IWebhookFunctions, answer: Answer): INodeExecutionData[] {
	if (answer.httpStatus !== 200) return [];
	// "Listen for test event": the editor shows whatever came, stored before or not.
	if (context.getMode() === 'manual') {
		return answer.events.length > 0 ? answer.events.map(toItem) : [{ json: answer.body as IDataObject }];
	}
	const kinds = context.getNodeParameter('startWorkflowFor', []) as string[];
	return answer.events
		.filter(({ event, outcome }) => outcome !== 'duplicate' && kinds.includes(event.kind))
		.map(toItem);
}

function toItem({ event, outcome, eventId, tenantId, conversationId }: StoredEvent): INodeExecutionData {
	return { json: { eventId, outcome, tenantId, conversationId, ...(event as unknown as IDataObject) } };
}
