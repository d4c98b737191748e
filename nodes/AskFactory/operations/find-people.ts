import { answerPeople, LEAD_CLASSES } from '../../../core/reports';
import { asText, showFor, tenantField, tenantId, type Operation } from '../../shared';
import { refuse } from '../../shared/text';

export const description: Operation['description'] = showFor({ resource: ['question'], operation: ['findPeople'] }, [
	tenantField(),
	{
		displayName: 'Name, Username or Phone',
		name: 'search',
		type: 'string',
		default: '',
		placeholder: 'Ana Souza',
		description: 'Part of it is enough; empty: everybody, the best score first',
	},
	{
		displayName: 'Class',
		name: 'leadClass',
		type: 'string',
		default: '',
		placeholder: 'LEAD_HOT',
		description: `Only people of this class (${LEAD_CLASSES.join(', ')}); empty: of all`,
	},
]);

export const execute: Operation['execute'] = async ({ context, database, itemIndex }) => {
	const tenant = await tenantId(context, database, itemIndex);
	const search = asText(context.getNodeParameter('search', itemIndex, '')).trim();
	const leadClass = asText(context.getNodeParameter('leadClass', itemIndex, ''))
		.trim()
		.toUpperCase();
	if (leadClass !== '' && !LEAD_CLASSES.some((known) => known === leadClass))
		throw refuse('leadClass', `is none of ${LEAD_CLASSES.join(', ')}. Leave it empty for all.`);
	return await answerPeople(database, tenant, { search, leadClass });
};
