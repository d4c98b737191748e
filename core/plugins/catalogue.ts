import { TOOL_LIMITS } from './defaults';
import type { AgentTool, JsonSchema, ToolDefinition } from './types';

/** In which language a tool is described to the model. */
export type CatalogueLanguage = 'pt-BR' | 'en' | 'es';

type Texts = Record<'pt-BR' | 'en', string>;
interface CatalogueTool extends Omit<ToolDefinition, 'description'> {
	description: Texts;
}

const text = (maximum = 300): JsonSchema => ({ type: 'string', minLength: 1, maxLength: maximum });
/** ISO 8601 with an offset. */
const instant: JsonSchema = { type: 'string', format: 'date-time', minLength: 16, maxLength: 40 };
const minutes: JsonSchema = { type: 'integer', minimum: 5, maximum: 480 };
const object = (properties: Record<string, JsonSchema>, required: string[]): JsonSchema => ({
	type: 'object',
	properties,
	required,
	additionalProperties: false,
});
/** A tool may tell more than was agreed. */
const answer = (properties: Record<string, JsonSchema>, required: string[]): JsonSchema => ({
	...{ type: 'object', properties, required },
});

const booking = answer({ bookingId: text(), start: instant, end: instant, timezone: text(60) }, ['bookingId', 'start']);

const calendar: CatalogueTool[] = [
	{
		name: 'check_availability',
		description: {
			'pt-BR':
				'Consulta os horários livres da agenda entre "from" e "to" (ISO 8601 com fuso, por exemplo 2026-11-23T09:00:00-03:00). Consulte antes de oferecer ou marcar um horário.',
			en: 'Looks up the free times of the calendar between "from" and "to" (ISO 8601 with offset, for example 2026-11-23T09:00:00-03:00). Look before you offer or book a time.',
		},
		parameters: object({ from: instant, to: instant, durationMinutes: minutes, timezone: text(60) }, ['from', 'to']),
		result: answer(
			{
				slots: { type: 'array', maxItems: 100, items: answer({ start: instant, end: instant }, ['start', 'end']) },
				timezone: text(60),
			},
			['slots'],
		),
	},
	{
		name: 'book_slot',
		description: {
			'pt-BR':
				'Marca um horário que a pessoa escolheu e confirmou. "start" em ISO 8601 com fuso. Só está marcado quando o resultado traz bookingId.',
			en: 'Books a time that the person chose and confirmed. "start" in ISO 8601 with offset. It is booked only when the result has a bookingId.',
		},
		parameters: object({ start: instant, name: text(120), email: text(200), notes: text(500) }, ['start']),
		result: booking,
	},
	{
		name: 'cancel_booking',
		description: {
			'pt-BR': 'Cancela um agendamento que a pessoa pediu para cancelar, pelo bookingId.',
			en: 'Cancels a booking that the person asked to cancel, by its bookingId.',
		},
		parameters: object({ bookingId: text() }, ['bookingId']),
	},
	{
		name: 'reschedule_booking',
		description: {
			'pt-BR': 'Muda um agendamento para outro horário livre, pelo bookingId. "start" em ISO 8601 com fuso.',
			en: 'Moves a booking to another free time, by its bookingId. "start" in ISO 8601 with offset.',
		},
		parameters: object({ bookingId: text(), start: instant }, ['bookingId', 'start']),
		result: booking,
	},
];

/** What the pack's own workflows answer, by plugin. */
const CATALOGUE: Record<string, CatalogueTool[]> = {
	google_calendar: calendar,
	cal_com: calendar,
	crm: [
		{
			name: 'create_deal',
			description: {
				'pt-BR':
					'Registra no CRM um negócio desta pessoa, quando ela demonstrou interesse real em contratar. Uma vez por pessoa.',
				en: 'Records a deal of this person in the CRM, once they showed real interest in buying. Once a person.',
			},
			parameters: object({ title: text(120), value: { type: 'number', minimum: 0 }, notes: text(500) }, []),
			result: answer({ dealId: text() }, ['dealId']),
		},
	],
	voice: [
		{
			name: 'request_call',
			description: {
				'pt-BR':
					'Pede que uma pessoa da equipe ligue para o cliente. "when": quando ele prefere, em ISO 8601 com fuso; "reason": o motivo em poucas palavras.',
				en: 'Asks a person of the team to call the customer. "when": when they prefer it, in ISO 8601 with offset; "reason": why, in a few words.',
			},
			parameters: object({ when: instant, reason: text(300) }, []),
			result: answer({ taskId: text() }, ['taskId']),
		},
	],
};

export const catalogueTools = (plugin: string, language: CatalogueLanguage): ToolDefinition[] =>
	(Object.hasOwn(CATALOGUE, plugin) ? CATALOGUE[plugin] : []).map(({ description, ...tool }) => ({
		...tool,
		description: description[language === 'pt-BR' ? 'pt-BR' : 'en'],
	}));

export interface PluginSpec {
	enabled: boolean;
	tools?: ToolDefinition[];
}

/** The tools of the plugins that are on, in order of their names: a spec's own, or those of the catalogue. */
export const resolveTools = (plugins: Record<string, PluginSpec>, language: CatalogueLanguage): AgentTool[] =>
	Object.keys(plugins)
		.sort()
		.filter((plugin) => plugins[plugin].enabled)
		.flatMap((plugin) =>
			(plugins[plugin].tools ?? catalogueTools(plugin, language)).map((tool) => ({
				...tool,
				plugin,
				timeoutSeconds: tool.timeoutSeconds ?? TOOL_LIMITS.timeoutSeconds.fallback,
			})),
		);
