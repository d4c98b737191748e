import type { IExecuteFunctions } from 'n8n-workflow';
import { receiveCall } from '../../../core/plugins';
import { jsonParameter, nodeVault, placeNotice, refuse, requiredText, showFor, type Operation } from '../../shared';

export const description: Operation['description'] = showFor({ operation: ['receiveCall'] }, [
	placeNotice(
		'Stands behind a Webhook node with Raw Body on, at the path agent-tools/ and the name of the plugin. Workflow 70 shows a tool from the call to the answer.',
	),
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

export const execute: Operation['execute'] = async (call) => {
	const { context, itemIndex } = call;
	const rawBody = await rawBodyOf(context, requiredText(call, 'rawBodyField'), itemIndex);
	const headers = jsonParameter<Record<string, unknown> | undefined>(context, 'headers', itemIndex) ?? {};
	const received = receiveCall({ headers, rawBody }, { vault: await nodeVault(context), now: Date.now });
	if (!received.refused) {
		const { arguments: args, ...facts } = received.call;
		// Expressions of n8n refuse a field of the name `arguments`.
		return { refused: false, httpStatus: 200, ...facts, args };
	}
	// Ready for Respond to Webhook; the item says no more than the status does.
	return {
		...received,
		ok: false,
		error: { code: 'CALL_REFUSED', message: 'The call is not signed by this factory.' },
	};
};

/** The bytes that were signed: parsed and written again they are others. */
async function rawBodyOf(context: IExecuteFunctions, field: string, itemIndex: number): Promise<Buffer> {
	if (!context.getInputData()[itemIndex].binary?.[field])
		throw refuse(
			'rawBodyField',
			'names no binary data of this item. Switch on Raw Body in the options of the Webhook node.',
		);
	return await context.helpers.getBinaryDataBuffer(itemIndex, field);
}
