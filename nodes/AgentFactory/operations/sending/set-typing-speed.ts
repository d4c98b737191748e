import { setTypingSpeed } from '../../../../core/outbox';
import { actorOf, locatorId, showFor, tenantField, tenantId, type Operation } from '../../../shared';
import { toItem } from '../../../shared/rows';
import { refuse } from '../../../shared/text';
import { channelAccountField } from '../../fields';

export const description: Operation['description'] = showFor({ resource: ['sending'], operation: ['setTypingSpeed'] }, [
	tenantField(),
	channelAccountField(),
	{
		displayName: 'Characters per Second',
		name: 'charsPerSecond',
		type: 'number',
		typeOptions: { minValue: 0, maxValue: 1000 },
		default: 15,
		description:
			'How fast the agent seems to type: a reply of 150 characters at 15 waits ten seconds, and none waits longer than 20. 0 answers at once, without the read receipt and the typing sign.',
	},
]);

export const execute: Operation['execute'] = async ({ context, itemIndex, database }) => {
	const tenant = await tenantId(context, database, itemIndex);
	const speed = Number(context.getNodeParameter('charsPerSecond', itemIndex));
	if (!Number.isInteger(speed) || speed < 0 || speed > 1000)
		throw refuse('charsPerSecond', 'must be a whole number from 0 to 1000. Correct it.');
	const account = locatorId(context, 'channelAccount', itemIndex);
	return { tenantId: tenant, ...toItem(await setTypingSpeed(database, tenant, account, speed, actorOf(context))) };
};
