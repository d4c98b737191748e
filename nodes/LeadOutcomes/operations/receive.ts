import type { IExecuteFunctions } from 'n8n-workflow';
import { isFactoryError } from '../../../core/errors';
import { receiveOutcome } from '../../../core/leads';
import {
	jsonParameter,
	nodeVault,
	refuse,
	requiredText,
	showFor,
	tenantField,
	tenantId,
	type Operation,
} from '../../shared';

export const description: Operation['description'] = showFor({ operation: ['receive'] }, [
	tenantField(),
	{
		displayName: 'Headers',
		name: 'headers',
		type: 'json',
		required: true,
		default: '={{ $json.headers }}',
		description: 'Headers of the webhook: webhook-ID, webhook-timestamp and webhook-signature are read',
	},
	{
		displayName: 'Raw Body Field',
		name: 'rawBodyField',
		type: 'string',
		required: true,
		default: 'data',
		description:
			'Binary field that holds the body as it came in: switch on Raw Body in the options of the Webhook node',
	},
]);

/** What the CRM did wrong, and may mend; anything else is an error of the workflow, and the CRM tries again. */
const STATUS: Record<string, number> = {
	WEBHOOK_REFUSED: 401,
	OUTCOME_INVALID: 400,
	NOT_FOUND: 404,
	TENANT_NOT_FOUND: 404,
	WRONG_STATE: 409,
};

export const execute: Operation['execute'] = async (call) => {
	const { context, itemIndex, database } = call;
	const rawBody = await rawBodyOf(context, requiredText(call, 'rawBodyField'), itemIndex);
	const headers = jsonParameter<Record<string, unknown> | undefined>(context, 'headers', itemIndex) ?? {};
	const ports = { vault: await nodeVault(context), now: Date.now };
	try {
		const tenant = await tenantId(context, database, itemIndex);
		const outcome = await receiveOutcome(database, tenant, { headers, rawBody }, ports);
		return { httpStatus: 200, accepted: true, tenantId: tenant, ...outcome };
	} catch (error) {
		if (!isFactoryError(error) || !(error.code in STATUS)) throw error;
		return { httpStatus: STATUS[error.code], accepted: false, code: error.code, message: error.message };
	}
};

/** The bytes that were signed: parsed and written again they are others. */
async function rawBodyOf(context: IExecuteFunctions, field: string, itemIndex: number): Promise<Buffer> {
	const binary = context.getInputData()[itemIndex].binary?.[field];
	if (!binary)
		throw refuse(
			'rawBodyField',
			`names no binary data of this item. Switch on Raw Body in the options of the Webhook node.`,
		);
	return await context.helpers.getBinaryDataBuffer(itemIndex, field);
}
