import { receiveWebhook } from '../../../core/crm';
import { isFactoryError } from '../../../core/errors';
import { jsonParameter, showFor, type Operation } from '../../shared';
import { textOf } from '../../shared/text';
import { portsWithoutVault } from '../ports';

export const description: Operation['description'] = showFor({ operation: ['receiveWebhook'] }, [
	{
		displayName: 'Key',
		name: 'key',
		type: 'string',
		typeOptions: { password: true },
		required: true,
		default: '={{ $json.query.key }}',
		description: 'What the address carries behind ?key=, as Connect gave it',
	},
	{
		displayName: 'Body',
		name: 'body',
		type: 'json',
		required: true,
		default: '={{ $json.body }}',
		description: 'What the CRM sent: Pipedrive webhooks version 2, or RD Station CRM deals',
	},
]);

/** What is not the CRM's fault is an error of the workflow, and the CRM sends again. */
const STATUS: Record<string, number> = { WEBHOOK_REFUSED: 401, VALUE_REFUSED: 400 };

export const execute: Operation['execute'] = async (call) => {
	const { context, database, itemIndex } = call;
	try {
		const body = jsonParameter(context, 'body', itemIndex);
		const applied = await receiveWebhook(database, { key: textOf(call, 'key') ?? '', body }, portsWithoutVault());
		return { httpStatus: 200, accepted: true, ...applied };
	} catch (error) {
		if (!isFactoryError(error) || !(error.code in STATUS)) throw error;
		return { httpStatus: STATUS[error.code], accepted: false, code: error.code, message: error.message };
	}
};
