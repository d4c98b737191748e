import { calibrateJudge } from '../../../core/reflection';
import { showFor, tenantId, type Operation } from '../../shared';
import { judgePorts, targetFields, targetOf } from '../fields';

export const description: Operation['description'] = showFor({ operation: ['calibrate'] }, targetFields());

export const execute: Operation['execute'] = async ({ context, itemIndex, database }) => {
	const tenant = await tenantId(context, database, itemIndex);
	return await calibrateJudge(
		database,
		tenant,
		{ target: targetOf(context, itemIndex) },
		await judgePorts(context, itemIndex),
	);
};
