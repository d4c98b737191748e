import { isRecord, type JsonSchema, type LlmCall } from './llm-exchange';

interface LeadData {
	number: number;
	text: string;
}

const FIELDS = ['lead', 'classification', 'personal_reason', 'fit', 'intent'];

/** The schema of the pack's lead classifier is known by its fields. */
export function isLeadSchema(schema: JsonSchema): boolean {
	const { leads } = isRecord(schema.properties) ? schema.properties : {};
	const { items } = isRecord(leads) ? leads : {};
	const fields = isRecord(items) && isRecord(items.properties) ? items.properties : {};
	return FIELDS.every((name) => name in fields);
}

const BLOCK = /<<<\S+ lead (\d+)\n(.*)\n\S+ end \1>>>/g;

/** What each lead wrote, out of the request's data blocks. */
function leadsOf(call: LlmCall): LeadData[] {
	const asked = call.messages.map((message) => message.text).join('\n');
	return [...asked.matchAll(BLOCK)].map(([, number, json]) => {
		const data: unknown = JSON.parse(json);
		const messages = isRecord(data) && Array.isArray(data.messages) ? data.messages : [];
		return { number: Number(number), text: messages.join('\n') };
	});
}

const CLASSES = ['LEAD_HOT', 'LEAD_WARM', 'LEAD_COLD', 'PESSOAL', 'SPAM', 'DESQUALIFICADO'];
/** Cues of the scripted model, first match first. It is no classifier, only somebody who answers. */
const CUES: Array<[cue: RegExp, classification: string, points: number]> = [
	[/ganhe dinheiro|clique no link|promo[cç][aã]o imperd/i, 'SPAM', 0],
	[/curr[ií]culo|\bvaga\b|tcc/i, 'DESQUALIFICADO', 5],
	[/\bm[aã]e\b|\bpai\b|amor|almo[cç]o/i, 'PESSOAL', 0],
	[/quero (?:contratar|fechar|assinar)|como (?:eu )?pago|hoje mesmo/i, 'LEAD_HOT', 85],
	[/pre[cç]o|quanto|valor|plano|or[cç]amento/i, 'LEAD_WARM', 55],
];

/** A model as tests fear it: it does what the customer's text says, and HOT where the text says nothing of a class. */
function obey({ text }: LeadData): [classification: string, points: number] {
	return [CLASSES.find((name) => text.toUpperCase().includes(name)) ?? 'LEAD_HOT', 100];
}

function judge({ text }: LeadData): [classification: string, points: number] {
	const [, classification, points] = CUES.find(([cue]) => cue.test(text)) ?? [null, 'LEAD_COLD', 25];
	return [classification, points];
}

/** The scripted classification of each lead in the call; `obedient` gives every order of the texts its way. */
export function classifyLeads(call: LlmCall, obedient: boolean): { leads: object[] } {
	return {
		leads: leadsOf(call).map((lead) => {
			const [classification, points] = obedient ? obey(lead) : judge(lead);
			return {
				lead: lead.number,
				classification,
				personal_reason: classification === 'PESSOAL' ? 'familiar' : null,
				fit: points,
				intent: points,
				// An obedient model repeats what it is told to, too.
				reasoning: obedient ? lead.text : 'Classificação de demonstração.',
				match_keywords: [],
				qualification_signals: [],
				red_flags: [],
				sentiment_analysis: 'neutro',
				next_steps: obedient ? lead.text : 'Responder e perguntar o que a pessoa procura.',
			};
		}),
	};
}
