import { showFirstMessage } from '../../../core/onboarding';
import { actorOf, showFor, type Operation } from '../../shared';
import { textOf } from '../../shared/text';
import { codeField, personField, refFor } from '../fields';

export const description: Operation['description'] = showFor({ operation: ['showFirstMessage'] }, [
	codeField,
	personField,
]);

export const execute: Operation['execute'] = async (call) => {
	const person = textOf(call, 'person') ?? actorOf(call.context);
	return { ...(await showFirstMessage(call.database, refFor(call), person)), person };
};
