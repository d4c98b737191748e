import { clauses, words } from './text/fold';
import { pass, type CheckFactory } from './types';

const PT_PERSON =
	'(?:atendente|humano|humana|ser humano|pessoa|gerente|vendedora?|consultora?|responsavel|dono|dona|supervisora?|operadora?|recepcionista|alguem|gente de verdade|suporte humano|especialista|representante|corretora?)';
const PT_ARTICLE = '(?:o |a |um |uma |algum |alguma |seu |sua |os |outro |outra |uma outra |mais uma )?';
const EN_PERSON =
	'(?:human|humans|person|people|agent|representative|rep|manager|someone|somebody|operator|supervisor|attendant|staff|salesperson|owner)';
const ES_PERSON =
	'(?:persona|humano|humana|agente|asesora?|gerente|encargad[oa]|operadora?|alguien|representante|vendedora?|duen[oa]|responsable)';
/** A virtual attendant is a product, not a wish for a person. */
const NOT_VIRTUAL =
	'(?! (?:virtual|virtuais|automatic[oa]|de ia|ia|ai|com ia|robo|digital|eletronic[oa]|bot))(?![\\p{L}\\p{N}])';

const forms = [
	`(?:falar|fala|fale|conversar|contato|atendimento|conversa) (?:diretamente |direto |agora |aqui )?(?:com|c) ${PT_ARTICLE}${PT_PERSON}${NOT_VIRTUAL}`,
	`(?:passa|passe|passar|transfere|transfira|transferir|encaminha|encaminhe|encaminhar|chama|chame|chamar|coloca|coloque)(?: me| ai| logo)? (?:para |pra |pro |com )?${PT_ARTICLE}${PT_PERSON}${NOT_VIRTUAL}`,
	`(?:quero|queria|preciso|gostaria|desejo|prefiro|exijo|tem como|pode)(?: de)? (?:ser atendid[oa]|atendimento|ajuda|suporte) (?:por|com|de|d[oa])? ?${PT_ARTICLE}${PT_PERSON}${NOT_VIRTUAL}`,
	`(?:quero|queria|preciso|gostaria|desejo|prefiro|exijo)(?: de)? ${PT_ARTICLE}(?:atendente|humano|atendimento humano|suporte humano|ser humano|pessoa de verdade|pessoa real|pessoa humana)${NOT_VIRTUAL}`,
	`tem (?:algum|alguma|um|uma) (?:atendente|humano|pessoa real|pessoa de verdade)${NOT_VIRTUAL}`,
	'(?:nao|nem) (?:quero|queria|gosto de|vou|aguento) (?:mais )?(?:falar|conversar|ser atendid[oa]) (?:com|por) (?:um |uma |o |a |esse |essa )?(?:robo|bot|maquina|ia|inteligencia artificial|chatbot)',
	`(?:speak|talk|chat|connect|transfer|speaking|talking|put)(?: me)?(?: directly)? (?:to|with|through to) (?:a |an |the |your |some |any )?(?:real |live |actual |human )?${EN_PERSON}(?![\\p{L}\\p{N}])`,
	'(?:want|need|get|prefer)(?: me)? (?:a |an |some )?(?:human(?: being| agent)?|real person|live agent|real human|live person)(?![\\p{L}\\p{N}])',
	`(?:hablar|habla|conversar|comunicarme|contacto|atencion|pasame|pasar|transfiereme)(?: directamente)? (?:con|a) (?:un |una |el |la |algun |alguna |su |otra )?${ES_PERSON}${NOT_VIRTUAL}`,
	'(?:quiero|necesito|prefiero|quisiera) (?:un |una )?(?:humano|agente humano|asesor humano|persona real|atencion humana)(?![\\p{L}\\p{N}])',
].map((form) => new RegExp(`(?<![\\p{L}\\p{N}])(?:${form})`, 'gu'));

/** A whole message that says only whom the customer wants. */
const WHOLE =
	/^(?:por favor )?(?:(?:um |uma |o |a )?(?:atendente|humano|humana|atendimento humano|pessoa real|pessoa de verdade|ser humano|gerente|falar com alguem)|(?:a )?(?:human|real person|live agent|agent|representative|operator)|(?:un )?(?:agente|asesor|humano|persona real))(?: por favor| please)?$/u;

/** Directly before the form: "não quero (falar com…)", "no need to (talk to…)", "vou (falar com…)": no wish for now. */
const REFUSED =
	/(?<![\p{L}\p{N}])(?:(?:nao|nem|nunca|jamais)(?: (?:quero|queria|preciso|precisa|precisam|gostaria|desejo|necessito|pretendo|vou|e necessario|tem necessidade|adianta|me))?(?: mais)?(?: de| que)?|sem(?: precisar| ter)?(?: de| que)?|vou|irei|ja(?: \p{L}+)?|depois de|antes de|tenho que|tenho de|(?:don t|dont|do not|didn t|won t|not|without|never|no need|instead of)(?: (?:want|need|have|wish|like|going))?(?: to)?|i ll|i will|rather than|(?:no|sin|nunca|tampoco)(?: (?:quiero|necesito|hace falta|deseo|tengo que|voy a))?|voy a) $/u;

/** A refusal of the machine begins with "não" and is a wish all the same. */
const STARTS_NEGATED = /^(?:nao|nem) /u;

function asksForPerson(clause: string): boolean {
	return forms.some((form) =>
		[...clause.matchAll(form)].some(
			(match) => STARTS_NEGATED.test(match[0]) || !REFUSED.test(clause.slice(0, match.index)),
		),
	);
}

/** The customer wants a person: in Portuguese, English or Spanish, whatever the agent's own language. */
export const createAskedForPersonCheck: CheckFactory =
	() =>
	({ context }) => {
		const asked = context.incoming.some(({ text }) => {
			return WHOLE.test(words(text).join(' ')) || clauses(text).some(asksForPerson);
		});
		return asked
			? { fired: true, action: 'handoff', reason: 'The contact asked for a person.' }
			: pass('The contact did not ask for a person.');
	};
