import type { SuggestionOperation } from './operations';
import { ruleText, type RuleSlot } from './rule-templates';

/** Languages of what people read of a suggestion. */
export type CardLanguage = 'pt-BR' | 'en';

/** Why an operation is offered, in numbers. */
export type Evidence =
	| { kind: 'stem'; stem: string; leads: number; days: number; low: number; high: number }
	| { kind: 'failure'; slot: RuleSlot; failed: number; applied: number; rate: number }
	| { kind: 'scorer' }
	| { kind: 'capacity'; hotPerDay: number; capacityPerDay: number }
	| { kind: 'room' };

const SLOTS: Record<CardLanguage, Record<RuleSlot, string>> = {
	'pt-BR': {
		answers: 'responder ao que foi perguntado',
		depth: 'profundidade das respostas',
		qualification: 'perguntas de qualificação',
		tone: 'tom',
		next_step: 'próximo passo',
		objections: 'objeções',
	},
	en: {
		answers: 'answering what was asked',
		depth: 'depth of the answers',
		qualification: 'qualifying questions',
		tone: 'tone',
		next_step: 'next step',
		objections: 'objections',
	},
};

const LISTS = {
	'pt-BR': { pos: 'positivas', neg: 'negativas', title: 'cargo', niche: 'nicho', business: 'tipo de negócio' },
	en: { pos: 'positive', neg: 'negative', title: 'job title', niche: 'niche', business: 'kind of business' },
} as const;

const signed = (points: number): string => (points > 0 ? `+${points}` : String(points));
const percent = (share: number): string => `${Math.round(share * 100)} %`;
const pointsOf = (share: number): string => signed(Math.round(share * 100));

/** One plain sentence for what an operation does. */
export function describeOperation(operation: SuggestionOperation, language: CardLanguage): string {
	const list = LISTS[language];
	const pt = language === 'pt-BR';
	switch (operation.op) {
		case 'add_keyword':
			return pt
				? `Acrescentar "${operation.stem}" às palavras ${list[operation.polarity]}.`
				: `Add "${operation.stem}" to the ${list[operation.polarity]} keywords.`;
		case 'remove_keyword':
			return pt
				? `Tirar "${operation.stem}" das palavras ${list[operation.polarity]}.`
				: `Remove "${operation.stem}" from the ${list[operation.polarity]} keywords.`;
		case 'set_keyword_weight':
			return pt
				? `Dar à palavra "${operation.stem}" ${signed(operation.points)} pontos.`
				: `Give the keyword "${operation.stem}" ${signed(operation.points)} points.`;
		case 'add_alias':
			return pt
				? `Acrescentar o ${list[operation.list]} "${operation.value}".`
				: `Add the ${list[operation.list]} "${operation.value}".`;
		case 'set_range': {
			const [low, high] = [operation.minFollowers ?? '–', operation.maxFollowers ?? '–'];
			return pt ? `Considerar de ${low} a ${high} seguidores.` : `Look for ${low} to ${high} followers.`;
		}
		case 'set_threshold':
			return pt
				? `Deslocar os limites de HOT e WARM em ${signed(operation.shift)} pontos.`
				: `Shift the HOT and WARM thresholds by ${signed(operation.shift)} points.`;
		case 'refit_scorer':
			return pt
				? 'Usar a nova versão da pontuação aprendida com os resultados deste negócio.'
				: 'Use the new version of the score learned from the outcomes of this business.';
		default:
			return describePromptOperation(operation, language);
	}
}

type PromptOnly = Extract<
	SuggestionOperation,
	{ op: 'add_rule' | 'edit_learned_rule' | 'delete_learned_rule' | 'config_change' }
>;

function describePromptOperation(operation: PromptOnly, language: CardLanguage): string {
	const pt = language === 'pt-BR';
	switch (operation.op) {
		case 'add_rule': {
			const text = ruleText(operation.templateId, operation.count, language);
			return pt ? `Ensinar ao agente: "${text}".` : `Teach the agent: "${text}".`;
		}
		case 'edit_learned_rule':
			return pt
				? `Reescrever o aprendizado ${operation.id}: "${operation.text}".`
				: `Rewrite the learned rule ${operation.id}: "${operation.text}".`;
		case 'delete_learned_rule':
			return pt ? `Retirar o aprendizado ${operation.id}.` : `Remove the learned rule ${operation.id}.`;
		case 'config_change': {
			const { model, maxTokens, effort } = operation;
			const parts = [
				model === null ? null : `${pt ? 'modelo' : 'model'} ${model}`,
				maxTokens === null ? null : `${maxTokens} tokens`,
				effort === null ? null : `${pt ? 'esforço' : 'effort'} ${effort}`,
			].filter((part) => part !== null);
			return pt ? `Mudar a configuração: ${parts.join(', ')}.` : `Change the configuration: ${parts.join(', ')}.`;
		}
	}
}

/** The numbers behind an operation, in one sentence. */
export function describeEvidence(evidence: Evidence, language: CardLanguage): string {
	const pt = language === 'pt-BR';
	switch (evidence.kind) {
		case 'stem': {
			const { stem, leads, days, low, high } = evidence;
			const interval = `${pointsOf(low)} a ${pointsOf(high)}`;
			return pt
				? `"${stem}": ${leads} pessoas em ${days} dias; conversão ${interval} pontos percentuais em relação às demais.`
				: `"${stem}": ${leads} people on ${days} days; conversion ${interval.replace(' a ', ' to ')} percentage points beside the others.`;
		}
		case 'failure': {
			const { slot, failed, applied, rate } = evidence;
			const name = SLOTS[language][slot];
			return pt
				? `Falhas em "${name}": ${failed} de ${applied} conversas avaliadas (${percent(rate)}).`
				: `Failures in "${name}": ${failed} of ${applied} judged conversations (${percent(rate)}).`;
		}
		case 'scorer':
			return pt
				? 'A nova pontuação acertou mais que as regras em resultados que nenhuma das duas tinha visto.'
				: 'The new score did better than the rules on outcomes that neither had seen.';
		case 'capacity':
			return pt
				? `${evidence.hotPerDay.toFixed(1)} leads HOT por dia para uma equipe que atende ${evidence.capacityPerDay}.`
				: `${evidence.hotPerDay.toFixed(1)} HOT leads a day for a team that takes ${evidence.capacityPerDay}.`;
		case 'room':
			return pt
				? 'O aprendizado mais antigo que já não corresponde a nenhuma falha dá lugar a um novo.'
				: 'The oldest learned rule that answers no failure any more makes room for a new one.';
	}
}

export const EXPECTED: Record<CardLanguage, Record<'persona' | 'prompt', string>> = {
	'pt-BR': {
		persona:
			'Mais acertos entre os leads HOT com o mesmo volume. O teste com leads guardados mostra quanto, antes de qualquer uso.',
		prompt: 'Menos falhas nos pontos citados. O efeito é medido em 10 % das conversas antes de valer para todas.',
	},
	en: {
		persona:
			'More of the HOT leads are right at the same volume. The test on held-back leads shows how much before any use.',
		prompt:
			'Fewer failures in the points named. The effect is measured on 10 % of conversations before it holds for all.',
	},
};

export const RISK: Record<CardLanguage, Record<'low' | 'medium', string>> = {
	'pt-BR': {
		low: 'Baixo: poucas palavras mudam, a versão atual fica guardada e volta com um clique.',
		medium:
			'Médio: muda a classificação de muitas pessoas ou o modelo que responde; a versão atual fica guardada e volta com um clique.',
	},
	en: {
		low: 'Low: a few words change; the present version is kept and comes back with one switch.',
		medium:
			'Medium: many people are classified anew, or another model answers; the present version is kept and comes back with one switch.',
	},
};

export const ESCALATION: Record<CardLanguage, { rationale: string; expected: string; risk: string }> = {
	'pt-BR': {
		rationale: 'A avaliação ficou abaixo do limite em que o sistema pode propor mudanças sozinho.',
		expected: 'Uma pessoa lê os números e decide o que fazer.',
		risk: 'Nada muda até que uma pessoa decida.',
	},
	en: {
		rationale: 'The score is below the limit down to which the loop may propose changes by itself.',
		expected: 'A person reads the figures and decides what to do.',
		risk: 'Nothing changes until a person decides.',
	},
};
