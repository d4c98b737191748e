import { migrationStatus } from '../../../../core/database';
import type { Operation } from '../../../shared';

export const description: Operation['description'] = [];

export const execute: Operation['execute'] = async ({ database }) => {
	const { pending } = await migrationStatus(database);
	return {
		schema: database.schema,
		pendingCount: pending.length,
		pending: pending.map(({ version, name, breaking, sql }) => ({
			version,
			name,
			breaking,
			sqlCharacters: sql.length,
		})),
	};
};
