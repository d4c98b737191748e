import { readOnboarding } from '../../../core/onboarding';
import { showFor, type Operation } from '../../shared';
import { codeField, named, refFor } from '../fields';

export const description: Operation['description'] = showFor({ operation: ['get'] }, [codeField]);

export const execute: Operation['execute'] = async (call) => {
	const ref = refFor(call);
	// The bundle is the spec again, with the prompt: too much for an item.
	const { bundle: _, ...onboarding } = await readOnboarding(call.database, ref);
	return { ...named(ref), ...onboarding };
};
