import { z } from 'zod/v4';
import type { Database } from '../../database';
import { FactoryError } from '../../errors';
import { verifyWebhook, webhookSecrets } from '../../notifications';
import type { Vault } from '../../tenancy';
import { MAX_NAME_CHARS } from './defaults';
import { OUTCOME_KINDS, recordOutcome, type RecordedOutcome } from './record';

/** A webhook as it came in: bytes and headers. */
export interface SignedRequest {
	headers: Record<string, unknown>;
	rawBody: Buffer;
}

const text = z.string().trim().min(1).max(MAX_NAME_CHARS);
/** What a CRM sends: whose lead, and its new stage or outcome. Other fields are left alone. */
const bodySchema = z.object({
	data: z
		.object({
			leadId: z.uuid().optional(),
			classifiedLeadId: z.uuid().optional(),
			kind: z.enum(OUTCOME_KINDS).optional(),
			stage: text.optional(),
			actor: text.optional(),
			at: z.iso.datetime({ offset: true }).optional(),
		})
		.refine(({ leadId, classifiedLeadId }) => leadId ?? classifiedLeadId, { error: 'leadId is missing' })
		.refine(({ kind, stage }) => kind ?? stage, { error: 'kind or stage is missing' }),
});

/** Checks the signature, then records; the webhook's id is the idempotency key, so a replay changes nothing. */
export async function receiveOutcome(
	database: Database,
	tenantId: string,
	request: SignedRequest,
	{ vault, now }: { vault: Vault; now(): number },
): Promise<RecordedOutcome> {
	const secrets = await webhookSecrets(database, tenantId, vault);
	if (secrets.length === 0) {
		throw new FactoryError(
			'WEBHOOK_REFUSED',
			'This tenant has no webhook secret. Make one with the Lead Outcomes node (Create Webhook Secret) and give it to the CRM.',
		);
	}
	const verdict = verifyWebhook(secrets, request.headers, request.rawBody, now());
	if (!verdict.ok) {
		throw new FactoryError(
			'WEBHOOK_REFUSED',
			`The webhook was refused: its signature is ${verdict.reason}. It must be signed as Standard Webhooks say, with this tenant's secret.`,
			{ details: [{ path: 'webhook-signature', message: verdict.reason }] },
		);
	}
	const { leadId, classifiedLeadId, kind, stage, actor, at } = bodyOf(request.rawBody);
	return await recordOutcome(database, tenantId, {
		leadId,
		classifiedLeadId,
		kind,
		stage,
		at,
		source: 'crm',
		actor: actor ?? 'crm',
		idempotencyKey: `webhook:${verdict.id}`,
	});
}

function bodyOf(rawBody: Buffer): z.infer<typeof bodySchema>['data'] {
	let json: unknown;
	try {
		json = JSON.parse(rawBody.toString('utf8'));
	} catch {
		json = undefined;
	}
	const parsed = bodySchema.safeParse(json);
	if (parsed.success) return parsed.data.data;
	const [issue] = parsed.error.issues;
	throw new FactoryError(
		'OUTCOME_INVALID',
		`The webhook's body cannot be read: ${issue.path.join('.') || 'body'}: ${issue.message}. Send {"data": {"leadId", "stage" or "kind", "actor", "at"}}.`,
		{ details: parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message })) },
	);
}
