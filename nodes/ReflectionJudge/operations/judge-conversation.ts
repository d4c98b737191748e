import { judgeOne } from '../../../core/reflection';
import { locatorId, showFor, tenantId, type Operation } from '../../shared';
import { conversationField, judgePorts, targetFields, targetOf } from '../fields';

export const description: Operation['description'] = showFor({ operation: ['judgeConversation'] }, [
	...targetFields(),
	conversationField,
]);

export const execute: Operation['execute'] = async ({ context, itemIndex, database }) => {
	const tenant = await tenantId(context, database, itemIndex);
	const asked = { target: targetOf(context, itemIndex), conversationId: locatorId(context, 'conversation', itemIndex) };
	return await judgeOne(database, tenant, asked, await judgePorts(context, itemIndex));
};
