import { migrationStatus } from '../../../../core/database';
import type { Operation } from '../../../shared';

export const description: Operation['description'] = [];

export const execute: Operation['execute'] = async ({ database }) => {
	const { applied, pending, changed, newer } = await migrationStatus(database);
	return {
		schema: database.schema,
		upToDate: pending.length === 0 && changed.length === 0 && newer.length === 0,
		applied: applied.map(({ version, name, appliedAt }) => ({ version, name, appliedAt: appliedAt.toISOString() })),
		pending: pending.map(({ name }) => name),
		changed,
		newer: newer.map(({ name }) => name),
	};
};
