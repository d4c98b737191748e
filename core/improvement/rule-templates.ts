/** Languages that an agent may speak. */
export type RuleLanguage = 'pt-BR' | 'en' | 'es';

/** Places of a conversation that a learned rule may speak of. None of them is a protected section. */
export const RULE_SLOTS = ['answers', 'depth', 'qualification', 'tone', 'next_step', 'objections'] as const;
export type RuleSlot = (typeof RULE_SLOTS)[number];

interface RuleTemplate {
	slot: RuleSlot;
	/** Checks of the rubric that the rule is meant to mend. */
	mends: readonly string[];
	/** Bounds and usual value of what the rule counts; null where it counts nothing. */
	counts: { least: number; most: number; usual: number } | null;
	texts: Record<RuleLanguage, string>;
}

const template = (
	slot: RuleSlot,
	mends: readonly string[],
	ptBr: string,
	en: string,
	es: string,
	counts: RuleTemplate['counts'] = null,
): RuleTemplate => ({ slot, mends, counts, texts: { 'pt-BR': ptBr, en, es } });

/** Every sentence that the loop can teach a prompt. What customers wrote has no way in. */
export const RULE_TEMPLATES = {
	answer_every_question: template(
		'answers',
		['questions_answered', 'nothing_pending'],
		'quando a mensagem trouxer várias perguntas, então responda a cada uma antes de perguntar algo novo',
		'when a message holds several questions, then answer each of them before asking anything new',
		'cuando el mensaje traiga varias preguntas, entonces responda cada una antes de preguntar algo nuevo',
	),
	take_up_need: template(
		'answers',
		['needs_addressed'],
		'quando a pessoa contar uma necessidade, então trate dessa necessidade antes de mudar de assunto',
		'when the person states a need, then deal with that need before changing the subject',
		'cuando la persona cuente una necesidad, entonces trate esa necesidad antes de cambiar de tema',
	),
	use_own_facts: template(
		'depth',
		['specific'],
		'quando explicar um serviço, então use fatos dos documentos em vez de frases que servem para qualquer empresa',
		'when explaining a service, then use facts from the documents instead of phrases that fit any business',
		'cuando explique un servicio, entonces use datos de los documentos en vez de frases que sirven para cualquier empresa',
	),
	use_what_was_said: template(
		'depth',
		['uses_context'],
		'quando a pessoa já tiver contado algo, então aproveite o que ela disse e não pergunte de novo',
		'when the person has told something already, then build on it and do not ask for it again',
		'cuando la persona ya haya contado algo, entonces aproveche lo que dijo y no lo pregunte otra vez',
	),
	explain_how: template(
		'depth',
		['explains'],
		'quando a pessoa mostrar dúvida, então explique em até {count} frases como funciona e por quê',
		'when the person is in doubt, then explain in up to {count} sentences how it works and why',
		'cuando la persona tenga dudas, entonces explique en hasta {count} frases cómo funciona y por qué',
		{ least: 2, most: 4, usual: 3 },
	),
	relate_to_situation: template(
		'depth',
		['fits_situation'],
		'quando apresentar um serviço, então ligue esse serviço à situação que a pessoa contou',
		'when presenting a service, then relate it to the situation that the person described',
		'cuando presente un servicio, entonces relaciónelo con la situación que contó la persona',
	),
	ask_what_is_missing: template(
		'qualification',
		['qualifies', 'asks_back'],
		'quando faltar uma informação de qualificação, então faça no máximo {count} pergunta(s) por resposta',
		'when something about the need is still unknown, then ask at most {count} question(s) in a reply',
		'cuando falte un dato de calificación, entonces haga como máximo {count} pregunta(s) por respuesta',
		{ least: 1, most: 2, usual: 1 },
	),
	explore_need: template(
		'qualification',
		['need_explored'],
		'quando a pessoa mencionar outra necessidade, então pergunte sobre ela antes de encerrar',
		'when the person mentions another need, then ask about it before closing',
		'cuando la persona mencione otra necesidad, entonces pregunte por ella antes de cerrar',
	),
	write_as_they_do: template(
		'tone',
		['register'],
		'quando a pessoa escrever de forma simples, então escreva de forma simples, com palavras do dia a dia',
		'when the person writes plainly, then write plainly, in everyday words',
		'cuando la persona escriba de forma sencilla, entonces escriba de forma sencilla, con palabras cotidianas',
	),
	stay_kind: template(
		'tone',
		['polite'],
		'quando a pessoa cumprimentar ou agradecer, então retribua com cordialidade em poucas palavras',
		'when the person greets or says thanks, then return it warmly in a few words',
		'cuando la persona salude o agradezca, entonces corresponda con cordialidad en pocas palabras',
	),
	leave_time: template(
		'tone',
		['no_pressure'],
		'quando a pessoa pedir tempo para pensar, então aceite com gentileza e não crie urgência',
		'when the person wants time to think, then accept it kindly and create no urgency',
		'cuando la persona pida tiempo para pensar, entonces acéptelo con amabilidad y no cree urgencia',
	),
	keep_it_short: template(
		'tone',
		['length_fits'],
		'quando a resposta ficar longa, então fique em até {count} frases curtas por mensagem',
		'when an answer grows long, then stay within {count} short sentences a message',
		'cuando la respuesta sea larga, entonces quédese en hasta {count} frases cortas por mensaje',
		{ least: 2, most: 4, usual: 3 },
	),
	never_twice: template(
		'tone',
		['no_repetition'],
		'quando o assunto voltar, então diga de outra forma em vez de repetir a mesma mensagem',
		'when a subject comes up again, then say it in another way instead of repeating the message',
		'cuando el tema vuelva, entonces dígalo de otra forma en vez de repetir el mismo mensaje',
	),
	name_next_step: template(
		'next_step',
		['next_step_clear', 'commitment_offered'],
		'quando a dúvida estiver resolvida, então diga em uma frase qual é o próximo passo',
		'when the question is settled, then say in one sentence what the next step is',
		'cuando la duda esté resuelta, entonces diga en una frase cuál es el próximo paso',
	),
	take_the_signal: template(
		'next_step',
		['signal_taken'],
		'quando a pessoa mostrar vontade de contratar, então confirme o que ela quer e proponha o próximo passo',
		'when the person shows that they want to go ahead, then confirm what they want and propose the next step',
		'cuando la persona muestre ganas de contratar, entonces confirme lo que quiere y proponga el próximo paso',
	),
	meet_objection: template(
		'objections',
		['objection_handled'],
		'quando a pessoa fizer uma objeção, então reconheça a objeção e responda com um fato dos documentos',
		'when the person raises an objection, then acknowledge it and answer with a fact from the documents',
		'cuando la persona ponga una objeción, entonces reconózcala y responda con un dato de los documentos',
	),
} as const satisfies Record<string, RuleTemplate>;

export type TemplateId = keyof typeof RULE_TEMPLATES;
export const TEMPLATE_IDS = Object.keys(RULE_TEMPLATES) as [TemplateId, ...TemplateId[]];

/** Whether a count is one that the template knows what to do with. */
export function countFits(templateId: TemplateId, count: number | null): boolean {
	const { counts } = RULE_TEMPLATES[templateId];
	return counts === null ? count === null : count !== null && count >= counts.least && count <= counts.most;
}

export const ruleText = (templateId: TemplateId, count: number | null, language: RuleLanguage): string =>
	RULE_TEMPLATES[templateId].texts[language].replace('{count}', String(count ?? ''));

/** The template that mends a failed check; null where a rule cannot, or must not. */
export const templateFor = (code: string): TemplateId | null =>
	TEMPLATE_IDS.find((id) => RULE_TEMPLATES[id].mends.includes(code)) ?? null;
