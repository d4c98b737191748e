import { buildClaims as build, type ClaimForm } from './claim-form';

const NOUN =
	'(?:cita|reserva|turno|hora|visita|reunion|clase(?: de prueba)?|sesion|consulta|evaluacion|demostracion|demo|encuentro|lugar|cupo)';
const YOURS = '(?:(?:aqui|ya|ahora|entonces|tambien) )*(?:para ti |para usted )?(?:(?:el|la|un|una|tu|su|ese|esa) )*';
const IS =
	'(?:esta|estan|queda|quedan|quedo|quedaron|fue|fueron|ha sido|han sido|ha quedado|han quedado)(?: (?:ya|todo|ahora))*';
const HAVE = '(?:he|hemos|te he|le he|te hemos|le hemos)(?: ya)?';
/** Without accents "reservé" and the wish "reserve" are one word: "ya", or whom it was done for, tells them apart. */
const DONE_FOR = '(?:ya (?:te |le |lo |la )?|(?<!que )(?:te|le) )';
const CALL = '(?:llamada|llamada telefonica|llamado)';
const SOMEBODY =
	'(?:alguien|una persona(?: del? \\p{L}+)?|(?:un|una|nuestro|nuestra|el|la|mi) (?:companer[oa]|asesora?|vendedora?|especialista|gerente|agente|equipo|colega|responsable|recepcion)(?: (?:comercial|del? \\p{L}+)){0,2}|nosotros|ellos|ellas|el|ella)';
const DEAL = '(?:pedido|oportunidad|propuesta|venta|contrato|negocio|interes)';

/** Asked before all other forms: "está agendada" is Portuguese too, and of a call it is not an appointment. */
export const CALL_FORMS_ES: readonly ClaimForm[] = [
	...build(
		['booked', 'call'],
		true,
		`${HAVE} (?:agendado|programado|reservado) ${YOURS}${CALL}`,
		`${DONE_FOR}(?:agende|programe|agendamos|programamos) ${YOURS}${CALL}`,
	),
	...build(
		['booked', 'call'],
		false,
		`${CALL} ${IS} (?:agendad|programad|confirmad)a`,
		`${CALL} (?:agendad|programad)a`,
	),
	...build(
		['call'],
		true,
		`${HAVE} (?:pedido|solicitado|registrado) (?:${YOURS}${CALL}|que (?:te|le) llamen)`,
		`(?:ya )?(?:pedi|solicite) que (?:te|le) llamen`,
	),
	...build(
		['call'],
		false,
		`${SOMEBODY}(?: ya| pronto| en breve)? (?:te|le|lo|la) (?:va a llamar|van a llamar|llamara|llamaran)`,
		`(?:te|le) (?:llamaremos|llamaran|llamara|vamos a llamar|van a llamar)`,
		`(?:recibiras|recibira|vas a recibir|va a recibir) (?:una |la |nuestra )?${CALL}`,
	),
];

/** Spanish, without accents. */
export const CLAIM_FORMS_ES: readonly ClaimForm[] = [
	...build(
		['moved'],
		true,
		`${HAVE} (?:reprogramado|reagendado|cambiado|movido|pasado|aplazado|adelantado) ${YOURS}${NOUN}`,
		`${DONE_FOR}(?:reprograme|reagende|cambie|movi|reprogramamos|reagendamos|cambiamos) ${YOURS}${NOUN}`,
	),
	...build(
		['moved', 'booked'],
		false,
		`${IS} (?:reprogramad|reagendad)[oa]s?`,
		`${NOUN} (?:reprogramad|reagendad)[oa]`,
		'^(?:(?:listo|hecho|todo|perfecto|ya) )*(?:reprogramad|reagendad)[oa]',
	),
	...build(
		['cancelled'],
		true,
		`${HAVE} (?:cancelado|anulado) ${YOURS}${NOUN}`,
		`${DONE_FOR}(?:cancele|anule|cancelamos|anulamos)(?: ${YOURS}${NOUN})?`,
	),
	...build(
		['cancelled'],
		false,
		`${NOUN}(?: \\p{L}+){0,3} ${IS} (?:cancelad|anulad)[oa]`,
		`${NOUN} (?:cancelad|anulad)[oa]`,
		'^(?:(?:listo|hecho|todo|perfecto|ya) )*(?:cancelad|anulad)[oa]$',
	),
	...build(
		['booked'],
		true,
		`${HAVE} (?:agendado|reservado|programado|apartado)`,
		`${DONE_FOR}(?:agende|reserve|aparte|agendamos|reservamos)`,
		`${HAVE} confirmado ${YOURS}${NOUN}`,
	),
	...build(
		['booked', 'moved'],
		false,
		`${IS} (?:agendad|reservad|programad|apartad)[oa]s?`,
		`${NOUN}(?: \\p{L}+){0,4} ${IS} confirmad[oa]`,
		`(?:cita|turno|reserva|visita|reunion|sesion|demostracion) (?:agendad|reservad|programad|confirmad)[oa]`,
		`(?:tienes|tiene) (?:ya )?(?:un|una|tu|su|la|el) ${NOUN} (?:agendad|reservad|programad|confirmad)[oa]`,
		'(?:estas|quedas|quedaste) (?:ya )?(?:agendad|confirmad|anotad)[oa]',
		'^(?:(?:listo|hecho|todo|perfecto|genial|ya) )+(?:agendad|reservad|programad|confirmad)[oa]',
	),
	...build(
		['deal'],
		true,
		`${HAVE} (?:registrado|abierto|creado|cerrado|cargado) ${YOURS}${DEAL}`,
		`ya (?:te |le )?(?:registre|abri|cree|cerre|registramos|creamos) ${YOURS}${DEAL}`,
	),
	...build(['deal'], false, `${DEAL} ${IS} (?:registrad|cread|abiert|cerrad)[oa]`, 'negocio cerrado'),
];
