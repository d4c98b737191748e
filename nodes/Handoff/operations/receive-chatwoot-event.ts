import { isFactoryError } from '../../../core/errors';
import { receiveChatwoot } from '../../../core/handoff';
import { jsonParameter, showFor, type Operation } from '../../shared';
import { textOf } from '../../shared/text';
import { chatwootPortsOf } from '../fields';

export const description: Operation['description'] = showFor({ operation: ['receiveChatwootEvent'] }, [
	{
		displayName: 'Key',
		name: 'key',
		type: 'string',
		typeOptions: { password: true },
		default: '={{ $json.query.key }}',
		description: 'What stands in the address that Connect Chatwoot made',
	},
	{
		displayName: 'Body',
		name: 'body',
		type: 'json',
		required: true,
		default: '={{ $json.body }}',
		description: 'What Chatwoot sent',
	},
]);

export const execute: Operation['execute'] = async (call) => {
	const body = jsonParameter(call.context, 'body', call.itemIndex);
	const ports = await chatwootPortsOf(call, { allowLocal: false });
	try {
		return { httpStatus: 200, ...(await receiveChatwoot(call.database, { key: textOf(call, 'key'), body }, ports)) };
	} catch (error) {
		if (!isFactoryError(error) || error.code !== 'WEBHOOK_REFUSED') throw error;
		return { httpStatus: 401, done: 'refused', code: error.code };
	}
};
