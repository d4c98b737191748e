import type { LlmMessage } from '../llm';
import { stored, TOOL_LIMITS, toolId, type ToolStep } from '../plugins';
import type { CompiledAgentBundle } from './bundle';
import { PROMPT_TEXTS } from './prompt-texts';
import type { TurnContext } from './types';
import { wellFormed } from './well-formed';

/** Text without the tags that mark a tool's answer off. */
export const unfenced = (text: string): string => text.replace(/<(\/?)(tool_data)/giu, '‹$1$2');

/** What came of a call as the model reads it: JSON that cannot close its own fence, and no more of it than fits. */
function told({ status, result, error }: Pick<ToolStep, 'status' | 'result' | 'error'>, characters: number): string {
	const text = JSON.stringify(status === 'ok' ? { ok: true, result } : { ok: false, status, error });
	const plain = wellFormed(text).replace(/</g, '\\u003c');
	return plain.length <= characters ? plain : `${plain.slice(0, characters)}…`;
}

/** The calls of this turn, each as the model's request and, fenced as data, what came of it. Never part of the system prompt. */
export function stepMessages(bundle: CompiledAgentBundle, steps: readonly ToolStep[], mayCall: boolean): LlmMessage[] {
	const { tools } = PROMPT_TEXTS[bundle.spec.language];
	const messages = steps.flatMap((step): LlmMessage[] => [
		{
			role: 'assistant',
			content: JSON.stringify({
				action: 'use_tool',
				tool: step.tool,
				arguments_json: JSON.stringify(step.arguments),
			}),
		},
		{
			role: 'user',
			content: `${tools.result(step.tool)}\n<tool_data>\n${told(step, TOOL_LIMITS.shownCharacters)}\n</tool_data>`,
		},
	]);
	const last = messages.at(-1);
	if (last && !mayCall) last.content = `${last.content}\n${tools.noMore}`;
	return messages;
}

/** What tools did in earlier turns, in short: without it a model says "done" of what failed, or does it again. */
export function earlierCalls(bundle: CompiledAgentBundle, { toolCalls = [] }: TurnContext): string | null {
	if (!bundle.tools || toolCalls.length === 0) return null;
	const { tools } = PROMPT_TEXTS[bundle.spec.language];
	const lines = toolCalls.slice(-TOOL_LIMITS.earlierCalls).map((call) => {
		const given = wellFormed(JSON.stringify(call.arguments)).slice(0, TOOL_LIMITS.earlierCharacters);
		const outcome = told(stored(call), TOOL_LIMITS.earlierCharacters);
		return `- ${toolId({ plugin: call.plugin, name: call.tool })} ${unfenced(given)} -> ${outcome}`;
	});
	return [`[${tools.earlier}]`, '<tool_data>', ...lines, '</tool_data>'].join('\n');
}
