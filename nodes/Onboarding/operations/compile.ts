import { randomBytes } from 'node:crypto';
import { compileOnboarding } from '../../../core/onboarding';
import { actorOf, itemJson, showFor, type Operation } from '../../shared';
import { codeField, named, refFor } from '../fields';

export const description: Operation['description'] = showFor({ operation: ['compile'] }, [codeField]);

export const execute: Operation['execute'] = async (call) => {
	const ref = refFor(call);
	const compiled = await compileOnboarding(call.database, ref, randomBytes, actorOf(call.context));
	return { ...named(ref), person: itemJson(call.context, call.itemIndex).person, ...compiled };
};
