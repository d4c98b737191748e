import { showFor, type Operation } from '../../shared';
import { compileFields, issuesOf, type SpecPlace } from '../spec';
import { specFields } from '../spec-fields';

export const description: Operation['description'] = showFor({ operation: ['validate'] }, [
	...specFields,
	{
		displayName: 'Fail When Invalid',
		name: 'failWhenInvalid',
		type: 'boolean',
		default: false,
		description: 'Whether an invalid spec ends the node with an error instead of an item that lists what is wrong',
	},
]);

export async function execute(place: SpecPlace): Promise<object> {
	try {
		const { spec, estimatedTokens } = compileFields(place);
		return { valid: true, issues: [], estimatedTokens, spec };
	} catch (error) {
		if (place.context.getNodeParameter('failWhenInvalid', place.itemIndex, false) === true) throw error;
		return { valid: false, issues: issuesOf(error) };
	}
}
