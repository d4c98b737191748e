import { SENTINEL } from '../../defaults';
import { words } from './fold';

/** Words that stand in any document and any request, folded; they say nothing about a subject. */
const COMMON = new Set(
	`para como mais esse essa este esta isso isto voce voces ele eles ela elas nosso nossa nossos nossas seu sua seus suas minha meu meus minhas
	uma umas uns com sem por pelo pela sobre quando onde qual quais quem porque tambem muito muita muitos muitas todo toda todos todas cada outro
	outra outros mesmo mesma ainda depois antes agora hoje amanha ontem aqui ali entao pode podem posso poder fazer faca faz fazem feito quero
	quer queria gostaria preciso precisa tenho tem temos ter sera ser sao estou esta estao estar foram foi seja favor obrigado obrigada ola bom boa
	dia tarde noite tipo coisa jeito forma vez vezes ajuda ajudar ajude escreva escreve escrever crie cria criar gere gerar conte conta contar
	texto textos curto curta longo grande pequeno melhor novo nova bem mim entre dois duas tres pessoa pessoas nome gente tudo nada algo alguem
	with from that this these those your yours mine have has will would could should about what when where which there their them they then than
	please write make create generate tell help want need some more most very also text like just into only over such long short best good
	para como este esta esto eso usted ustedes nuestro nuestra quiero quisiera necesito puede pueden hacer hace escribe escribir crea crear favor
	sobre cuando donde cual quien porque tambien mucho todo toda otra otro mismo ahora despues antes texto corto largo`.split(
		/\s+/,
	),
);

const stemOf = (word: string): string => word.slice(0, SENTINEL.stemLetters);
const COMMON_STEMS = new Set([...COMMON].map(stemOf));

/** The stems of the words in a text that say what it is about. */
export function subjectStems(text: string): string[] {
	const stems = words(text)
		.filter((word) => word.length >= SENTINEL.stemMinimumLetters && !/^\d+$/.test(word))
		.filter((word) => !COMMON.has(word))
		.map(stemOf)
		.filter((stem) => !COMMON_STEMS.has(stem));
	return [...new Set(stems)];
}
