import type { Resource } from '../../../shared/resource';
import * as applyMigrations from './apply-migrations';
import * as createChecklistLink from './create-checklist-link';
import * as doctor from './doctor';
import * as migrationPlan from './migration-plan';
import * as status from './status';

export const database: Resource = {
	name: 'Database',
	value: 'database',
	default: 'status',
	operations: [
		{
			name: 'Apply Migrations',
			value: 'applyMigrations',
			action: 'Apply pending migrations',
			description: 'Create or update the tables of the factory; safe to repeat',
			run: applyMigrations,
		},
		{
			name: 'Create Checklist Link',
			value: 'createChecklistLink',
			action: 'Create a link to the setup checklist',
			description: 'A link to a page that says what this installation still needs, and turns green by itself',
			run: createChecklistLink,
		},
		{
			name: 'Doctor',
			value: 'doctor',
			action: 'Check the installation',
			description:
				'Look for drift, missing grants, risky logins, poolers and tokens that end; each finding says how to repair it',
			run: doctor,
		},
		{
			name: 'Migration Plan',
			value: 'migrationPlan',
			action: 'Show pending migrations',
			description: 'List the migrations that would be applied, without changing anything',
			run: migrationPlan,
		},
		{
			name: 'Status',
			value: 'status',
			action: 'Get the schema status',
			description: 'Tell which migrations have been applied and whether the schema fits this package',
			run: status,
		},
	],
};
