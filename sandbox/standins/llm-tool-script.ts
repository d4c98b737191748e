import { isRecord, type JsonSchema, type LlmCall } from './llm-exchange';

/** What the scripted model asks of a tool. */
export interface ScriptedCall {
	tool: string;
	arguments: Record<string, unknown>;
}

const RESULT = /<tool_data>\n([\s\S]*?)\n<\/tool_data>\s*(?:\[[^\]]*\]\s*)?$/;
/** "usa a ferramenta estoque.consultar {"produto":"tênis"}" */
const BY_NAME = /ferramenta\s+([a-z0-9_.-]+)\s*(\{.*\})?/i;
const INSTANT = /\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2})?(?:Z|[+-]\d{2}:\d{2})?/g;
const BOOKING = /agendamento\s+([\w-]{3,})/i;

/** The tools that the answer's schema offers. */
export function toolsIn(schema: JsonSchema): string[] {
	const tool = isRecord(schema.properties) ? schema.properties.tool : undefined;
	const forms = isRecord(tool) && Array.isArray(tool.anyOf) ? tool.anyOf : [tool];
	return forms.flatMap((form) => (isRecord(form) && Array.isArray(form.enum) ? form.enum.map(String) : []));
}

/** The call that the customer's words ask for, of the tools that are offered. */
export function wantedCall(asked: string, tools: string[]): ScriptedCall | null {
	const named = BY_NAME.exec(asked);
	if (named && tools.includes(named[1])) return { tool: named[1], arguments: readObject(named[2] ?? '{}') };
	const times = asked.match(INSTANT) ?? [];
	const call = (name: string, given: Record<string, unknown>): ScriptedCall | null => {
		const tool = tools.find((id) => id.endsWith(`.${name}`));
		return tool && Object.values(given).every((value) => value !== undefined) ? { tool, arguments: given } : null;
	};
	const bookingId = BOOKING.exec(asked)?.[1];
	if (/cancelar/i.test(asked)) return call('cancel_booking', { bookingId });
	if (/remarcar|mudar/i.test(asked)) return call('reschedule_booking', { bookingId, start: times[0] });
	if (/marcar|agendar/i.test(asked)) return call('book_slot', { start: times[0] });
	if (/hor[aá]rios? livres?|disponib/i.test(asked)) return call('check_availability', { from: times[0], to: times[1] });
	if (/me lig(a|uem)|ligar para mim/i.test(asked))
		return call('request_call', { reason: 'O cliente pediu uma ligação.' });
	return null;
}

/** What the last message tells of a call; null when it is no tool's answer. */
export function toolResult(lastText: string): Record<string, unknown> | null {
	const found = RESULT.exec(lastText.trim());
	return found ? readObject(found[1]) : null;
}

/** What the scripted model makes of a tool's answer: it repeats the facts, and never calls a failure done. */
export function sayResult(told: Record<string, unknown>): string {
	if (told.ok !== true) return 'Não consegui fazer isso agora. Uma pessoa da equipe vai confirmar com você.';
	const result = isRecord(told.result) ? told.result : {};
	if (typeof result.bookingId === 'string')
		return `Pronto, está marcado! Código ${result.bookingId}, ${typeof result.start === 'string' ? result.start : ''}.`;
	if (typeof result.taskId === 'string')
		return `Anotado! Uma pessoa da equipe vai ligar para você. Pedido ${result.taskId}.`;
	if (Array.isArray(result.slots)) {
		const starts = result.slots.filter(isRecord).map(({ start }) => String(start));
		return starts.length > 0 ? `Tenho estes horários: ${starts.slice(0, 3).join(', ')}.` : 'Não há horário livre.';
	}
	return `Encontrei: ${Object.values(result).map(String).join(', ')}.`;
}

function readObject(text: string): Record<string, unknown> {
	try {
		const value = JSON.parse(text) as unknown;
		return isRecord(value) ? value : {};
	} catch {
		return {};
	}
}

export const lastText = (call: LlmCall): string => call.messages.at(-1)?.text ?? '';
