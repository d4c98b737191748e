import { runConversationTest } from '../../../core/onboarding';
import { actorOf, itemJson, modelPort, showFor, type Operation } from '../../shared';
import { codeField, named, refFor } from '../fields';

export const description: Operation['description'] = showFor({ operation: ['runTest'] }, [codeField]);

export const execute: Operation['execute'] = async (call) => {
	const ref = refFor(call);
	const ports = {
		llmFor: async (model: Parameters<typeof modelPort>[1]) => await modelPort(call.context, model),
		now: new Date(),
	};
	const result = await runConversationTest(call.database, ref, ports, actorOf(call.context));
	return { ...named(ref), person: itemJson(call.context, call.itemIndex).person, ...result };
};
