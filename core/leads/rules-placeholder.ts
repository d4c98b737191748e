import type { LeadInput, LeadThresholds, Persona, RuleResult } from './types';

/** Stands where the rules will. */
export function classifyByRules(input: LeadInput, _persona: Persona, thresholds: LeadThresholds): RuleResult {
	const text = input.messages.map((m) => m.text.toLowerCase()).join('\n');
	const injection = /ignore|ignora|classifique|classify/.test(text);
	const hot = /quero (contratar|fechar)|como pago/.test(text);
	const warm = /pre[cç]o|quanto custa|valor/.test(text);
	const spam = /promo[cç][aã]o imperd|ganhe dinheiro/.test(text);
	const family = /\b(m[aã]e|filho|almo[cç]o)\b/.test(text);
	const job = /curr[ií]culo|vaga/.test(text);
	const gated = spam ? 'SPAM' : family ? 'PESSOAL' : job ? 'DESQUALIFICADO' : null;
	const score = gated ? 0 : hot ? 85 : warm ? 50 : 25;
	const classification =
		gated ?? (score >= thresholds.hot ? 'LEAD_HOT' : score >= thresholds.warm ? 'LEAD_WARM' : 'LEAD_COLD');
	const confidence = gated || hot ? 0.9 : 0.5;
	const messageId = input.messages[0]?.id ?? null;
	return {
		classification,
		personalReason: family ? 'familiar' : null,
		fit: score,
		intent: score,
		score,
		confidence,
		gate: gated && {
			classification: gated,
			personalReason: family ? 'familiar' : null,
			rule: 'placeholder',
			messageId,
			evidence: 'x',
			confidence,
		},
		points: gated ? [] : [{ axis: 'intent', rule: 'placeholder', points: score, messageId, evidence: 'x' }],
		language: 'pt',
		injection,
		verifiedIntent: hot,
		unsure: confidence < thresholds.unsureBelow,
	};
}
