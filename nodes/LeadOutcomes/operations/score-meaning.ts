import { HORIZON_DAYS, tenantScoreMeaning } from '../../../core/leads';
import { refuse, showFor, tenantField, tenantId, type Operation } from '../../shared';
import { textOf } from '../../shared/text';
import { horizonField } from '../fields';
import { horizonOf } from '../horizon';

/** Without a score: these. */
const TABLE = [95, 85, 75, 65, 55, 45, 35, 25, 15, 5];

export const description: Operation['description'] = showFor({ operation: ['scoreMeaning'] }, [
	tenantField(),
	{
		displayName: 'Score',
		name: 'score',
		type: 'string',
		default: '',
		placeholder: '80',
		description: 'A score from 0 to 100; empty for a table of them',
	},
	horizonField(HORIZON_DAYS),
]);

export const execute: Operation['execute'] = async (call) => {
	const { context, itemIndex, database } = call;
	const tenant = await tenantId(context, database, itemIndex);
	const text = textOf(call, 'score');
	const score = Number(text ?? 0);
	if (!(score >= 0 && score <= 100)) throw refuse('score', 'must be a number from 0 to 100. Correct it.');
	return await tenantScoreMeaning(database, tenant, text === undefined ? TABLE : [Math.round(score)], horizonOf(call));
};
