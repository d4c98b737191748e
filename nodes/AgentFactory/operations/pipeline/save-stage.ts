import { saveStage, type StageType } from '../../../../core/crm';
import { actorOf, locatorId, showFor, tenantField, tenantId, type Operation } from '../../../shared';
import { toItem } from '../../../shared/rows';
import { isPicked, textOf } from '../../../shared/text';
import { stageField } from '../../fields';

export const description: Operation['description'] = showFor({ resource: ['pipeline'], operation: ['saveStage'] }, [
	tenantField(),
	stageField({ required: false, description: 'The stage to change; empty adds a new one' }),
	{
		displayName: 'Name',
		name: 'stageName',
		type: 'string',
		default: '',
		placeholder: 'Visita marcada',
		description: 'Name of the stage; empty keeps the one it has',
	},
	{
		displayName: 'Color',
		name: 'color',
		type: 'color',
		default: '',
		description: 'Color of the stage on the board, e.g. #22c55e; empty keeps the one it has',
	},
	{
		displayName: 'Kind',
		name: 'stageType',
		type: 'options',
		options: [
			{ name: 'Closed (Won)', value: 'closed' },
			{ name: 'Contact', value: 'contact' },
			{ name: 'Lead', value: 'lead' },
			{ name: 'Negotiation', value: 'negotiation' },
			{ name: 'Proposal', value: 'proposal' },
		],
		default: 'contact',
		description: 'What a lead at a new stage is; of a stage that is there it does not change',
	},
]);

export const execute: Operation['execute'] = async (call) => {
	const { context, database, itemIndex } = call;
	const tenant = await tenantId(context, database, itemIndex);
	const stageId = isPicked(context.getNodeParameter('stage', itemIndex, ''))
		? locatorId(context, 'stage', itemIndex)
		: undefined;
	return toItem(
		await saveStage(
			database,
			tenant,
			{
				stageId,
				name: textOf(call, 'stageName'),
				color: textOf(call, 'color'),
				stageType: textOf(call, 'stageType') as StageType,
			},
			actorOf(context),
		),
	);
};
