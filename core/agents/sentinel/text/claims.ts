import type { ClaimForm, ClaimKind } from './claim-form';
import { CLAIM_FORMS } from './claim-forms';
import { fold, sentences } from './fold';

/** Directly before: it was not done, or only under a condition. */
const DENIED =
	/(?<![\p{L}\p{N}])(?:(?:nao|nem|nunca|jamais|not|never|no)(?: (?:ja|ainda|se|te|lhe|le|lo|la|he|hemos|me|mesmo|foi|yet|actually|have|has|been))*|(?:so|somente|apenas|only)|(?:sera|seria|pode ser|podera ser|puede ser|quede|ser|estar|estiver|for|fosse|would be|will be|can be|to be|be))$/u;
const NOTHING =
	/(?<![\p{L}\p{N}])(?:nenhum|nenhuma|nada|ninguem|ningun|ninguna|nadie|nothing|nobody|no one|none)(?![\p{L}\p{N}])/u;
const CONDITION =
	/(?<![\p{L}\p{N}])(?:se|caso|quando|assim que|logo que|depois que|depois de(?! amanha)|apos|antes de|antes que|ate que|enquanto|para que|desde que|a menos que|si(?= (?:tu|usted|te|le|me|lo|la|los|no|nos|quier\p{L}+|prefier\p{L}+|pued\p{L}+|dese\p{L}+|necesit\p{L}+|hay|es|el|un|una|todo))|cuando|una vez que|en cuanto|hasta que|despues de(?! manana)|if|once|when|as soon as|after(?! tomorrow)|before|until|unless|whether|in case)(?![\p{L}\p{N}])/u;
const CONDITION_AFTER =
	/(?<![\p{L}\p{N}])(?:se|caso|quando|assim que|logo que|depois que|apos (?:o|a)|mediante|si(?= (?:tu|usted|te|le|me|lo|la|los|no|nos|quier\p{L}+|prefier\p{L}+|pued\p{L}+|dese\p{L}+|necesit\p{L}+|hay|es|el|un|una|todo))|cuando|una vez que|if|once|when|as soon as|unless|upon)(?![\p{L}\p{N}])/u;
/** A time that others took: "esse horário já está reservado". */
const TAKEN =
	/(?<![\p{L}\p{N}])(?:(?:n?ess[ea]s?|n?est[ea]s?|n?aquel[ea]s?|outr[oa]s?|that|this|those|other) (?:horarios?|datas?|vagas?|dias?|slots?|times?|spots?|days?)|(?:horarios?|dias?|datas?|slots?|times?|days?) (?:que|that|which))(?: [\p{L}\p{N}]+){0,5} $/u;
const TAKEN_AFTER = /^ (?:por outr|para outr|por alguem|com outr|by (?:someone|somebody|another)|up)/u;
const FOR_YOU = /(?<![\p{L}\p{N}])(?:para voce|pra voce|em seu nome|for you|in your name)(?![\p{L}\p{N}])/u;
/** Not an appointment: others may end by themselves. */
const OTHER_THING =
	/(?<![\p{L}\p{N}])(?:assinatura|plano|matricula|contrato|cobranca|pedido|compra|turma|evento|taxa|cartao|subscription|plan|order|event|payment)(?![\p{L}\p{N}])/u;
const STILL =
	/(?<![\p{L}\p{N}])(?:continua|continuam|sigue|siguen|segue|seguem|permanece|permanecem|still|remains?)(?![\p{L}\p{N}])/u;
/** A statement with "right?" behind it. */
const TAG =
	/[,;]?\s*(?:ok|okay|certo|tudo bem|ta bom|ta|beleza|viu|vale|de acuerdo|right|alright|all right)\s*\?+\s*$/u;

const plain = (text: string): string => (text.match(/[\p{L}\p{N}]+/gu) ?? []).join(' ');

/** Whether the words found in a clause say that it was done, rather than that it was not, or would be. */
function isClaim(
	{ kinds, firm }: ClaimForm,
	{ clause, at, end, before, question }: { clause: string; at: number; end: number; before: string; question: boolean },
): boolean {
	const lead = clause.slice(0, at).trimEnd();
	const rest = clause.slice(end);
	if (DENIED.test(lead) || NOTHING.test(lead) || CONDITION.test(lead)) return false;
	if (firm) return true;
	if (question || CONDITION.test(before) || CONDITION_AFTER.test(rest) || STILL.test(clause)) return false;
	if (TAKEN_AFTER.test(rest)) return false;
	if (TAKEN.test(clause.slice(0, end).replace(/[\p{L}\p{N}]+$/u, '')) && !FOR_YOU.test(rest)) return false;
	return !(kinds.includes('cancelled') && OTHER_THING.test(clause));
}

function kindsIn(clause: string, before: string, question: boolean): ClaimKind[][] {
	const found: Array<{ at: number; end: number; kinds: ClaimKind[] }> = [];
	for (const form of CLAIM_FORMS) {
		for (const { 0: said, index: at } of clause.matchAll(form.form)) {
			const end = at + said.length;
			// The narrower forms stand first: "agendei sua ligação" is not also an appointment.
			const known = found.some((other) => at < other.end && other.at < end);
			if (!known && isClaim(form, { clause, at, end, before, question })) found.push({ at, end, kinds: form.kinds });
		}
	}
	return found.map(({ kinds }) => kinds);
}

/** What a text says to have been done, each as the kinds any of which makes it true. Portuguese, English and Spanish; a question or a wish is none. */
export function findClaims(text: string): ClaimKind[][] {
	const found = sentences(text).flatMap((sentence) => {
		const folded = fold(sentence).replace(/[*_~`]/g, '');
		const question = /\?\s*\P{L}*$/u.test(folded) && !TAG.test(folded);
		const parts = folded
			.split(/[,;:()\n…–—.!?]+/u)
			.map(plain)
			.filter((part) => part !== '');
		return parts.flatMap((clause, at) => kindsIn(clause, parts.slice(0, at).join(' '), question));
	});
	return [...new Map(found.map((kinds) => [kinds.join(), kinds])).values()];
}
