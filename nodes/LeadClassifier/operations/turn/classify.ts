import { FactoryError } from '../../../../core/errors';
import { showFor, turnField, type Operation } from '../../../shared';

export const description: Operation['description'] = showFor({ resource: ['turn'], operation: ['classify'] }, [
	{
		displayName:
			'Which classes are answered and which model is asked are settings of the tenant: see the resource Lead Settings. Add the credential of each provider that your tenants use.',
		name: 'providerNotice',
		type: 'notice',
		default: '',
	},
	turnField,
]);

/** The node classifies the turns of all items together; one alone never comes here. */
export const execute: Operation['execute'] = async () => {
	throw new FactoryError('INTERNAL', 'Turns are classified together. Please report this.');
};
