import { activateOnboarding, readOnboarding } from '../../../core/onboarding';
import { actorOf, showFor, type Operation } from '../../shared';
import { codeField, named, refFor } from '../fields';

export const description: Operation['description'] = showFor({ operation: ['activate'] }, [codeField]);

export const execute: Operation['execute'] = async (call) => {
	const ref = refFor(call);
	const live = await activateOnboarding(call.database, ref, actorOf(call.context));
	const { channels } = await readOnboarding(call.database, ref);
	const channelAccountIds = Object.entries(channels).flatMap(([id, { steps }]) =>
		steps.every(({ ok }) => ok) ? [id] : [],
	);
	return { ...named(ref), ...live, channelAccountIds };
};
