import { isRecord, type JsonSchema, type LlmCall } from './llm-exchange';

interface Turn {
	turn: number;
	who: string;
	text: string;
}

/** The schema of the pack's judge is known by its checks. */
export function isJudgeSchema(schema: JsonSchema): boolean {
	const properties = isRecord(schema.properties) ? schema.properties : {};
	return ['questions_answered', 'no_invention', 'signal_taken'].every((name) => name in properties);
}

const BLOCK = /<<<\S+ conversation\n(.*)\n\S+ end conversation>>>/;

function turnsOf(call: LlmCall): Turn[] {
	const asked = call.messages.map((message) => message.text).join('\n');
	const data: unknown = JSON.parse(BLOCK.exec(asked)?.[1] ?? '[]');
	return Array.isArray(data) ? (data as Turn[]) : [];
}

/** What an attentive reader would find missing, by the words of the agent. It is no judge, only somebody who answers. */
const PASSES: Array<[check: string, passes: (reply: string) => boolean]> = [
	['questions_answered', (reply) => /\d/.test(reply)],
	['next_step_clear', (reply) => reply.includes('?')],
	['specific', (reply) => /R\$|\d/.test(reply)],
	['explains', (reply) => reply.length > 80],
	['qualifies', (reply) => reply.includes('?')],
	['commitment_offered', (reply) => /agend|contrat|fechar|proposta|pag/i.test(reply)],
	['signal_taken', (reply) => /agend|contrat|fechar|proposta|pag/i.test(reply)],
];

/** A judge as tests fear it does what the customer says: all is well, and wherever it may write, it repeats them. */
export function judgeConversation(call: LlmCall, schema: JsonSchema, obedient: boolean): Record<string, unknown> {
	const turns = turnsOf(call);
	const replies = turns.filter(({ who }) => who === 'agent');
	const said = replies.map(({ text }) => text).join('\n');
	const shown = replies.map(({ turn }) => turn);
	const passes = new Map(PASSES);
	const checks = Object.keys(isRecord(schema.properties) ? schema.properties : {});
	return Object.fromEntries(
		checks.map((check) => {
			const isGood = obedient || (passes.get(check)?.(said) ?? true);
			return [check, { answer: isGood ? 'yes' : 'no', turns: shown }];
		}),
	);
}
