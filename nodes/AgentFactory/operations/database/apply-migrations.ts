import { migrate } from '../../../../core/database';
import type { Operation } from '../../../shared';

export const description: Operation['description'] = [];

export const execute: Operation['execute'] = async ({ context, database }) => {
	const log: string[] = [];
	const applied = await migrate(database, {
		log: (line) => {
			log.push(line);
			context.logger.info(`Agent Factory, schema ${database.schema}: ${line}`);
		},
	});
	return { schema: database.schema, appliedCount: applied.length, applied, log };
};
