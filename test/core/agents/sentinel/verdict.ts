import {
	runSentinel,
	type CheckName,
	type CompiledAgentBundle,
	type SentinelVerdict,
	type TurnContext,
} from '../../../../core/agents';
import { NOON, turn } from '../support';

/** The word of one check on what a customer wrote. */
export async function onInput(
	check: CheckName,
	bundle: CompiledAgentBundle,
	context: TurnContext,
	now = NOON,
): Promise<SentinelVerdict> {
	const text = context.incoming.map((entry) => entry.text).join('\n');
	const { verdicts } = await runSentinel('input', bundle.policy, { text, context, now });
	return verdicts.find((verdict) => verdict.check === check)!;
}

/** The word of one check on what the model wrote. */
export async function onOutput(
	check: CheckName,
	bundle: CompiledAgentBundle,
	text: string,
	context = turn('oi'),
): Promise<SentinelVerdict> {
	const { verdicts } = await runSentinel('output', bundle.policy, { text, context, now: NOON });
	return verdicts.find((verdict) => verdict.check === check)!;
}
