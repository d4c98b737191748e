import { deaccent } from '../text/fold';

/** Places that people name when they say where they live; a city of the same name as a word ("Vitória", "Natal") is left out. */
const PLACES =
	'acre|alagoas|amapa|amazonas|bahia|ceara|distrito federal|espirito santo|goias|maranhao|mato grosso|minas gerais|para|paraiba|parana|pernambuco|piaui|rio de janeiro|rio grande do norte|rio grande do sul|rondonia|roraima|santa catarina|sao paulo|sergipe|tocantins|rio branco|maceio|macapa|manaus|salvador|fortaleza|brasilia|goiania|sao luis|cuiaba|campo grande|belo horizonte|belem|joao pessoa|curitiba|recife|teresina|porto alegre|porto velho|boa vista|florianopolis|floripa|aracaju|palmas|campinas|santos|sorocaba|ribeirao preto|guarulhos|osasco|niteroi|uberlandia|juiz de fora|londrina|maringa|joinville|blumenau|caxias do sul|feira de santana|campina grande|portugal|lisboa|espanha|argentina|uruguai|paraguai|chile|bolivia|estados unidos|eua|japao|angola|mocambique|inglaterra|londres|irlanda|canada|italia|alemanha|franca|suica|miami|orlando|boston'.split(
		'|',
	);
/** In words that place the speaker: "moro em", "sou de", "atendem em". */
const HERE = new RegExp(
	` (?:moro|vivo|estou|to|sou|aqui|atendem|atende|entregam|vao|tem|unidade|fico|live|im|vivo|soy)(?: [^ .,?]+){0,2} (?:em|de|no|na|do|da|nos|pra|in|from|en) (${PLACES.join('|')})(?= )`,
	'u',
);

const normalised = (text: string): string => ` ${deaccent(text.toLowerCase())} `;

/** The place a person says to be in, where the tenant does not serve it; null when nothing is said or everywhere is served. */
export function placeOutside(line: string, serviceAreas: readonly string[]): { at: number; evidence: string } | null {
	if (serviceAreas.length === 0) return null;
	const found = HERE.exec(line);
	if (found === null) return null;
	const served = serviceAreas.some((area) => {
		const name = normalised(area).trim();
		return name !== '' && (line.includes(` ${name} `) || name === found[1]);
	});
	return served ? null : { at: found.index, evidence: found[1] };
}
