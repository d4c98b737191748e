import { buildClaims as build, type ClaimForm } from './claim-form';
import { CALL_FORMS_ES, CLAIM_FORMS_ES } from './claim-forms-es';

const END = '(?![\\p{L}\\p{N}])';
const NOUN =
	'(?:agendamento|horario|consulta|visita|reuniao|reserva|aula(?: experimental)?|avaliacao|sessao|demonstracao|demo|encontro|compromisso|vaga|atendimento|retorno)';
const NOUN_EN = '(?:appointment|booking|reservation|visit|meeting|session|class|demo|consultation|slot|time slot|spot)';
const YOURS =
	'(?:(?:aqui|ja|agora|entao|tambem) )*(?:para voce |pra voce |pra ti )?(?:o |a |um |uma |essa |esse |esta |este |seu |sua |teu |tua |o seu |a sua )*';
const IS = '(?:esta|estao|ta|ficou|ficaram|fica|foi|foram)(?: (?:ja|tudo|agora|entao|pre|devidamente|aqui))*';
const IS_EN =
	'(?:is|are|was|were|has been|have been|you re|it s|that s|you ve been|been)(?: (?:now|all|already|officially|successfully))*';
const I_DID_EN = '(?:i|we)(?: ve| have)?(?: (?:just|already|now|successfully|gone ahead and|went ahead and))*';
const WHEN =
	'(?:para|pra|pro|hoje|amanha|depois de amanha|segunda|terca|quarta|quinta|sexta|sabado|domingo|dia|as|no dia|na|com)';
const CALL_PT = '(?:ligacao|chamada|telefonema|retorno telefonico|retorno por telefone)';
const SOMEBODY =
	'(?:alguem|uma pessoa(?: d[ao] \\p{L}+){0,2}|(?:um|uma|o|a|nosso|nossa|meu|minha) (?:colega|consultora?|atendente|vendedora?|especialista|gerente|equipe|time|responsavel|corretora?|recepcao|recepcionista|pessoal)(?: (?:comercial|d[aeo] \\p{L}+)){0,2}|nos|a gente|eles|elas|ele|ela)';
const SOMEBODY_EN =
	'(?:someone|somebody|(?:a|an|our|the|one of our|my) (?:person|team|colleague|consultant|specialist|agent|representative|manager|member|sales team)(?: (?:of|from|on) (?:our|the) team| member)?|we|they|he|she)';

export const CLAIM_FORMS: readonly ClaimForm[] = [
	...CALL_FORMS_ES,
	...build(['moved', 'booked'], true, `(?:remarquei|reagendei|remarcamos|reagendamos) ${YOURS}[\\p{L}\\p{N}]+`),
	...build(
		['moved'],
		true,
		`(?:mudei|alterei|transferi|troquei|passei|movi|adiei|antecipei) ${YOURS}${NOUN}`,
		`${I_DID_EN} (?:rescheduled|moved|changed|postponed) (?:you|your|the|that) ?${NOUN_EN}?`,
		`(?:te|lhe) (?:remarquei|reagendei)`,
	),
	...build(
		['moved', 'booked'],
		false,
		`${IS} (?:remarcad|reagendad)[oa]s?`,
		`${NOUN} (?:remarcad|reagendad)[oa]`,
		`${IS_EN} (?:rescheduled|moved to)`,
		`${NOUN_EN} (?:rescheduled)`,
	),
	...build(
		['cancelled'],
		true,
		`(?:cancelei|desmarquei) ${YOURS}[\\p{L}\\p{N}]+`,
		'(?:cancelei|desmarquei)$',
		`(?:ja )?(?:cancelamos|desmarcamos) (?:o|a|seu|sua|o seu|a sua) ${NOUN}`,
		`${I_DID_EN} (?:cancelled|canceled) (?:it|that|this|(?:your|the) ${NOUN_EN})`,
	),
	...build(
		['cancelled'],
		false,
		`${NOUN}(?: \\p{L}+){0,3} ${IS} (?:cancelad|desmarcad)[oa]`,
		`${NOUN} (?:cancelad|desmarcad)[oa]`,
		`(?:esta|ta|ficou|foi) (?:tudo )?(?:cancelado|desmarcado)`,
		`${NOUN_EN} ${IS_EN} (?:cancelled|canceled)`,
		`${NOUN_EN} (?:cancelled|canceled)`,
		`it (?:is|has been) (?:now )?(?:cancelled|canceled)`,
	),
	...build(
		['booked', 'call'],
		true,
		`(?:agendei|marquei|reservei|programei|combinei) ${YOURS}${CALL_PT}`,
		`(?:ja )?(?:agendamos|marcamos) (?:a |uma |sua |a sua )${CALL_PT}`,
		`${I_DID_EN} (?:booked|scheduled|arranged|set up) (?:a|your|the) (?:phone )?call`,
	),
	...build(
		['booked', 'call'],
		false,
		`${CALL_PT} ${IS} (?:agendad|marcad|confirmad|combinad)a`,
		`${CALL_PT} (?:agendad|marcad|confirmad)a`,
		`(?:call|callback) ${IS_EN} (?:arranged|booked|scheduled|confirmed|set)`,
		`(?:call|callback) (?:arranged|scheduled|confirmed)`,
	),
	...build(
		['call'],
		true,
		`(?:pedi|solicitei|registrei|encaminhei) (?:[\\p{L}]+ ){0,6}(?:${CALL_PT}|ligar|ligarem|ligue|liguem|telefonar|telefonarem)`,
		`(?:deixei|anotei) (?:[\\p{L}]+ ){0,4}(?:pedido de |solicitacao de )${CALL_PT}`,
		`${I_DID_EN} (?:requested|asked for|arranged) (?:a|your|the) (?:phone )?(?:call|callback)`,
		`${I_DID_EN} asked (?:\\p{L}+ ){1,4}to (?:call|phone|ring) you`,
	),
	...build(
		['call'],
		false,
		`(?:${CALL_PT}|retorno) ${IS} (?:solicitad|pedid|registrad)[oa]`,
		`(?:${CALL_PT}) (?:solicitad|registrad)a`,
		`${SOMEBODY}(?: ja| logo| em breve| em instantes)? (?:vai|vao|ira|irao|vamos)(?: ja| logo| em breve)? (?:te |lhe )?(?:ligar|telefonar)(?: de volta)?`,
		`(?:te |lhe )(?:ligara|ligarao|ligaremos|telefonara|telefonarao|telefonaremos|ligamos)`,
		'(?:ligara|ligarao|ligaremos|telefonaremos) (?:para|pra) (?:voce|ti)',
		'vamos (?:te |lhe )?(?:ligar|telefonar)(?: (?:para|pra) voce)?',
		`voce (?:vai receber|recebera|ira receber) (?:uma |a |nossa |a nossa )${CALL_PT}`,
		`${SOMEBODY_EN} (?:ll|will|is going to|are going to) (?:be )?(?:call|phone|ring|calling|phoning)(?: you| back)`,
		`${SOMEBODY_EN} (?:ll|will) (?:give you a (?:call|ring)|call you)`,
		'you (?:ll|will) (?:get|receive|be getting) (?:a|the|our) (?:phone )?call',
	),
	...build(
		['booked'],
		true,
		// "marquei que você prefere a manhã" notes something.
		`(?:marquei|agendei|reservei)(?! (?:aqui |no sistema |na ficha )?(?:que|como)${END})`,
		`confirmei ${YOURS}${NOUN}`,
		`(?:ja (?:marcamos|agendamos|reservamos)|(?:marcamos|agendamos|reservamos) (?:o seu|a sua|seu|sua|voce)) ?(?:${NOUN})?`,
		`(?:deixei|deixamos)(?: \\p{L}+){0,4} (?:marcad|agendad|reservad|confirmad)[oa]`,
		`${I_DID_EN} (?:booked|scheduled|reserved)`,
		`${I_DID_EN} confirmed (?:your|the) ${NOUN_EN}`,
		`${I_DID_EN} (?:got|put|have) you (?:booked|scheduled|down|in) (?:for|in|on|at)`,
	),
	...build(
		['booked', 'moved'],
		false,
		`${IS} (?:marcad|agendad|reservad)[oa]s?`,
		`${NOUN}(?: \\p{L}+){0,4} ${IS} (?:confirmad|garantid)[oa]`,
		`(?:esta|ta|ficou) (?:tudo )?(?:confirmado|confirmada|garantido) (?:para|pra) (?:hoje|amanha|segunda|terca|quarta|quinta|sexta|sabado|domingo|o dia|dia|as|\\d)`,
		`(?:agendamento|consulta|visita|reuniao|reserva|avaliacao|sessao|demonstracao|encontro) (?:marcad|agendad|reservad|confirmad|garantid)[oa]`,
		`(?:seu|sua|o seu|a sua|teu|tua) (?:horario|aula|vaga|${NOUN})(?: \\p{L}+){0,2} (?:marcad|agendad|reservad|confirmad|garantid)[oa]`,
		`horario (?:marcad|agendad|reservad|confirmad|garantid)o ${WHEN}`,
		`voce (?:ja )?(?:tem|esta com) (?:um |uma |o |a |seu |sua )*${NOUN} (?:marcad|agendad|reservad|confirmad)[oa]`,
		`voce (?:ja )?(?:esta|ta|foi) (?:marcad|agendad|confirmad)[oa]`,
		`(?:${NOUN_EN}|you re|you are|it s|that s|it|that|this|everything|you|you ve) ${IS_EN} (?:booked|scheduled|reserved|confirmed)`,
		`(?:you re|you are|it s|that s)(?: (?:now|all|already))* (?:booked|scheduled|reserved|confirmed|set for)`,
		`${NOUN_EN} (?:booked|confirmed|scheduled)`,
	),
	...build(
		['deal'],
		true,
		`(?:registrei|abri|criei|cadastrei|lancei|fechei)(?: aqui)? (?:o |a |um |uma |seu |sua |o seu |a sua )*(?:negocio|oportunidade|proposta|pedido(?! de (?:cancel|lig|ret|remar|alter))|interesse|venda|contrato|orcamento)`,
		`(?:registramos|cadastramos) (?:o |a |seu |sua |o seu |a sua )+(?:negocio|oportunidade|proposta|pedido|interesse)`,
		'fechamos (?:o )?negocio',
		`${I_DID_EN} (?:created|opened|registered|logged|recorded|closed|placed) (?:a|an|your|the) (?:new )?(?:deal|opportunity|proposal|order|interest|sale)`,
	),
	...build(
		['deal'],
		false,
		`(?:negocio|oportunidade|proposta|pedido|interesse|venda|contrato) (?:ja )?(?:esta|foi|ficou|ta) (?:ja )?(?:registrad|criad|abert|cadastrad|fechad)[oa]`,
		'negocio fechado',
		`(?:deal|opportunity|proposal|order|interest) ${IS_EN} (?:created|opened|registered|recorded|logged|closed|placed)`,
	),
	// A clause that begins so: "Pronto, agendado!"
	...build(
		['booked', 'moved'],
		false,
		`^(?:(?:pronto|tudo|certo|combinado|perfeito|otimo|feito|ok|okay|beleza|ja|esta|entao) )*(?:marcad|agendad|reservad)[oa]s?(?! (?:por|pelo|pela|previamente|com antecedencia|no site|conforme|apenas))`,
		'^(?:(?:done|great|perfect|all|ok|okay|you re|now) )*(?:booked|scheduled)(?! (?:by|up|through|online|via|in advance))',
	),
	...build(
		['cancelled'],
		false,
		'^(?:(?:pronto|tudo|certo|feito|ok|ja) )*(?:cancelado|desmarcado)$',
		'^(?:done )?(?:cancelled|canceled)$',
	),
	...build(
		['moved', 'booked'],
		false,
		'^(?:(?:pronto|tudo|certo|feito|ok|ja) )*(?:remarcad|reagendad)[oa]',
		'^(?:done )?rescheduled',
	),
	...CLAIM_FORMS_ES,
];
