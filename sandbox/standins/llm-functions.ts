import { asArray, asText, isRecord, textOf, type JsonSchema, type LlmCall } from './llm-exchange';

const ARGUMENTS = /\{[\s\S]*\}/;
/** Characters of a result that the answer repeats. */
const MAX_REPEATED = 6_000;

/** Calls the function that the last words name (else the first), with the JSON in them; then says what it got. Null without functions. */
export function functionStep(body: JsonSchema): NonNullable<LlmCall['step']> | null {
	const names = asArray(body.tools).flatMap((tool) => {
		const name = isRecord(tool) && isRecord(tool.function) ? asText(tool.function.name) : null;
		return name === null ? [] : [name];
	});
	if (names.length === 0) return null;
	const last = asArray(body.messages).filter(isRecord).at(-1);
	const said = textOf(last?.content);
	if (last?.role === 'tool') return { say: said.slice(0, MAX_REPEATED) };
	const name = names.find((one) => said.includes(one)) ?? names[0];
	return { call: { name, arguments: ARGUMENTS.exec(said)?.[0] ?? '{}' } };
}
