import type { CRITERION_WEIGHTS } from './defaults';

export type Criterion = keyof typeof CRITERION_WEIGHTS;

/** One question to be answered with yes (good), no or "does not apply". */
export interface Check {
	criterion: Criterion;
	/** Who answers: a model that reads, or code that counts. */
	by: 'judge' | 'count';
	/** To the judge. */
	question: string;
	/** To a person who reads where it failed. */
	label: string;
}

const judged = (criterion: Criterion, question: string, label: string): Check => ({
	criterion,
	by: 'judge',
	question,
	label,
});
const counted = (criterion: Criterion, question: string, label: string): Check => ({
	criterion,
	by: 'count',
	question,
	label,
});

/** The rubric. Yes is good everywhere, so five in missed_opportunities means that nothing was missed. */
export const CHECKS = {
	questions_answered: judged(
		'completeness',
		'Did every question of the customer get an answer with substance? na: the customer asked nothing.',
		'Responde a todas as perguntas',
	),
	needs_addressed: judged(
		'completeness',
		'Was every need or problem that the customer stated taken up? na: none was stated.',
		'Trata cada necessidade dita',
	),
	conditions_complete: judged(
		'completeness',
		'Where price, term or conditions were asked for, were they told completely? na: nobody asked.',
		'Informa preço e condições por inteiro',
	),
	next_step_clear: judged(
		'completeness',
		'Does the customer know at the end what happens next?',
		'Deixa claro o próximo passo',
	),
	nothing_pending: counted(
		'completeness',
		'Has every message of the customer been answered?',
		'Não deixa sem resposta',
	),
	specific: judged(
		'depth',
		'Do the answers use facts of this business rather than phrases that fit any business?',
		'Usa fatos do negócio',
	),
	uses_context: judged(
		'depth',
		'Do the answers build on what the customer said before, without asking for it again? na: nothing to build on.',
		'Aproveita o que já foi dito',
	),
	explains: judged(
		'depth',
		'Where the customer needed to understand something, was it explained how or why? na: nothing needed it.',
		'Explica quando é preciso',
	),
	qualifies: judged(
		'depth',
		'Was the customer asked what must be known to help them? na: they had said it all.',
		'Pergunta o que precisa saber',
	),
	fits_situation: judged(
		'depth',
		'Was the offer related to the situation of this customer? na: nothing was offered or asked for.',
		'Liga a oferta à situação da pessoa',
	),
	polite: judged('tone', 'Was the agent polite and warm throughout?', 'É cordial'),
	register: judged('tone', 'Did the agent write as plainly or formally as the customer does?', 'Fala no tom da pessoa'),
	no_pressure: judged('tone', 'Was the customer free of pressure and false urgency?', 'Não pressiona'),
	same_language: counted(
		'tone',
		'Did the agent write in the language of the customer?',
		'Responde no idioma da pessoa',
	),
	length_fits: counted('tone', 'Were the messages short enough for a chat?', 'Mensagens de tamanho adequado'),
	no_repetition: counted('tone', 'Did the agent never send the same message twice?', 'Não se repete'),
	on_topic: judged('scope', 'Did the agent stay with what this business does?', 'Fica no assunto do negócio'),
	no_invention: judged(
		'scope',
		'Is everything that was said about prices, terms and services supported by the brief?',
		'Não inventa',
	),
	no_overpromise: judged('scope', 'Did the agent promise only what the business can keep?', 'Não promete demais'),
	redirects: judged(
		'scope',
		'Was a matter outside the business turned down kindly? na: none came up.',
		'Recusa bem o que é de fora',
	),
	handoff_when_due: judged(
		'scope',
		'Was a person called where one was needed or asked for? na: not needed.',
		'Chama uma pessoa quando deve',
	),
	signal_taken: judged(
		'missed_opportunities',
		'Was every sign that the customer wants to buy taken up? na: there was none.',
		'Aproveita o sinal de compra',
	),
	objection_handled: judged(
		'missed_opportunities',
		'Was every doubt or objection answered with an argument? na: there was none.',
		'Trata as objeções',
	),
	commitment_offered: judged(
		'missed_opportunities',
		'Was a concrete commitment offered: a booking, a proposal, a call, a payment? na: the person is no customer.',
		'Propõe um compromisso',
	),
	need_explored: judged(
		'missed_opportunities',
		'Was a further need that the customer hinted at explored? na: no hint.',
		'Explora outras necessidades',
	),
	asks_back: counted('missed_opportunities', 'Did the agent ask at least one question?', 'Faz ao menos uma pergunta'),
} as const satisfies Record<string, Check>;

export type CheckCode = keyof typeof CHECKS;
export const CHECK_CODES = Object.keys(CHECKS) as CheckCode[];
export const JUDGED_CODES = CHECK_CODES.filter((code) => CHECKS[code].by === 'judge');
