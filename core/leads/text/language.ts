import type { Language } from './stem';

/** Words that one of the three languages has and the others do not. */
const MARKS: Readonly<Record<Language, ReadonlySet<string>>> = {
	pt: new Set(
		'nao voce vc vcs com uma um pra pro mais tem meu minha quero oi ola bom dia boa tarde noite obrigado obrigada sim voces isso e o a os as em no na do da dos das ao ate ja so tambem muito eu ele ela nos fazer gostaria preco valor quanto aqui ai la to ta sou tenho hoje amanha'.split(
			' ',
		),
	),
	en: new Set(
		"the is are you your we our i i'm it do does have has can could would want need to of and for with my me this that how much what when where please thanks hi hello hey yes am be from at on not don't any there".split(
			' ',
		),
	),
	es: new Set(
		'hola el los las una un y usted ustedes quiero quisiera cuanto cuesta gracias buenos buenas dias tardes noches tienen tiene con para mi por es son del al lo le les yo tengo estoy hoy manana donde estan pero muy tambien aqui ahora necesito somos nuestro nuestra hacen precio'.split(
			' ',
		),
	),
};

/** Text too short or too plain to tell is Portuguese: that is where the tenants are. */
export function languageOf(words: readonly string[]): Language {
	const votes = { pt: 0, en: 0, es: 0 };
	for (const word of words) {
		for (const language of ['pt', 'en', 'es'] as const) {
			if (MARKS[language].has(word)) votes[language] += 1;
		}
	}
	if (votes.en > votes.pt && votes.en > votes.es) return 'en';
	return votes.es > votes.pt ? 'es' : 'pt';
}
