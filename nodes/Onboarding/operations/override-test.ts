import { overrideTest } from '../../../core/onboarding';
import { requiredText, showFor, type Operation } from '../../shared';
import { codeField, named, personField, refFor } from '../fields';

export const description: Operation['description'] = showFor({ operation: ['overrideTest'] }, [
	codeField,
	personField,
	{
		displayName: 'Reason',
		name: 'reason',
		type: 'string',
		required: true,
		default: '',
		description: 'Why the agent goes on although items failed',
	},
]);

export const execute: Operation['execute'] = async (call) => {
	const ref = refFor(call);
	await overrideTest(call.database, ref, requiredText(call, 'person'), requiredText(call, 'reason'));
	return { ...named(ref), overridden: true };
};
