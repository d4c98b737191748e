import { listLeads } from '../../../../core/crm';
import { limitField, locatorId, showFor, tenantField, tenantId, type Operation } from '../../../shared';
import { toItems } from '../../../shared/rows';
import { isPicked, limitOf, textOf } from '../../../shared/text';
import { memberField, searchField, stageField } from '../../fields';

/** In the list only: no filter. */
const ANY = 'any';

export const description: Operation['description'] = showFor({ resource: ['lead'], operation: ['getMany'] }, [
	tenantField(),
	searchField('Part of the name, user name or phone number; empty for all'),
	stageField({ required: false, description: 'Leads at this stage; empty for all' }),
	{
		displayName: 'Class',
		name: 'classification',
		type: 'options',
		options: [
			{ name: 'Any', value: ANY },
			{ name: 'Cold', value: 'LEAD_COLD' },
			{ name: 'Disqualified', value: 'DESQUALIFICADO' },
			{ name: 'Hot', value: 'LEAD_HOT' },
			{ name: 'Personal', value: 'PESSOAL' },
			{ name: 'Spam', value: 'SPAM' },
			{ name: 'Warm', value: 'LEAD_WARM' },
		],
		default: ANY,
		description: 'What the classifier said of the person last',
	},
	memberField("Leads in this member's hands; empty for all"),
	{
		displayName: 'Only Unassigned',
		name: 'unassigned',
		type: 'boolean',
		default: false,
		description: "Whether to list only leads in nobody's hands",
	},
	{
		displayName: 'Only Favorites',
		name: 'favorite',
		type: 'boolean',
		default: false,
		description: 'Whether to list only leads that are marked',
	},
	limitField(),
]);

export const whenEmpty =
	'No lead fits. Leads appear when the Lead Classifier has seen a turn, or with Lead Import; wider filters show more.';

export const execute: Operation['execute'] = async (call) => {
	const { context, database, itemIndex } = call;
	const tenant = await tenantId(context, database, itemIndex);
	const picked = (name: string): string | undefined =>
		isPicked(context.getNodeParameter(name, itemIndex, '')) ? locatorId(context, name, itemIndex) : undefined;
	const classification = textOf(call, 'classification');
	return toItems(
		await listLeads(database, tenant, {
			search: textOf(call, 'search'),
			stageId: picked('stage'),
			assignedUserId: picked('member'),
			classification: classification === ANY ? undefined : classification,
			unassigned: context.getNodeParameter('unassigned', itemIndex, false) as boolean,
			favorite: context.getNodeParameter('favorite', itemIndex, false) as boolean,
			limit: limitOf(call),
		}),
	);
};
