import { refreshPractices } from '../../../core/practices';
import { showFor, type Operation } from '../../shared';

export const description: Operation['description'] = showFor({ operation: ['refresh'] }, [
	{
		displayName:
			'A practice needs five tenants with 200 matured leads each, whoever of them is left out. Until that many agree to share, nothing is published.',
		name: 'floorNotice',
		type: 'notice',
		default: '',
	},
]);

export const execute: Operation['execute'] = async ({ database }) => await refreshPractices(database);
