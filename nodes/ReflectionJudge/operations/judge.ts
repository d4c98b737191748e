import { runReflection } from '../../../core/reflection';
import { asText, showFor, tenantId, type Operation } from '../../shared';
import { refuse } from '../../shared/text';
import { judgePorts, targetFields, targetOf } from '../fields';

const DAY_MS = 86_400_000;

export const description: Operation['description'] = showFor({ operation: ['judge'] }, [
	...targetFields(),
	{
		displayName: 'Days',
		name: 'days',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: 400 },
		default: 30,
		description: 'Length of the window, up to its end. For a persona long enough for outcomes to mature, e.g. 90.',
	},
	{
		displayName: 'Until',
		name: 'until',
		type: 'dateTime',
		default: '',
		description: 'End of the window; empty: now',
	},
]);

export const execute: Operation['execute'] = async ({ context, itemIndex, database }) => {
	const tenant = await tenantId(context, database, itemIndex);
	const ports = await judgePorts(context, itemIndex);
	const days = Number(context.getNodeParameter('days', itemIndex));
	if (!Number.isFinite(days) || days <= 0) throw refuse('days', 'is not a number of days above 0.');
	const until = asText(context.getNodeParameter('until', itemIndex, '')).trim();
	const end = until === '' ? ports.now() : new Date(until);
	const window = { start: new Date(end.getTime() - days * DAY_MS), end };
	return { tenantId: tenant, ...(await runReflection(database, tenant, targetOf(context, itemIndex), window, ports)) };
};
