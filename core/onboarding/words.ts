import type { OnboardingLanguage } from './fields';

interface Words {
	required: string;
	next: string;
	correct: string;
	resume(code: string): string;
	/** The page on which a code that opens nothing comes back. */
	start: Record<'title' | 'code' | 'unknown', string>;
	tooLong(most: number): string;
	documents(titles: readonly string[]): string;
	channels: string;
	/** What is wrong with a document, by code; empty where the error's own words do. */
	documentFaults: Readonly<Record<string, string>>;
	/** A message of the schema in the reader's language. */
	fault(message: string): string;
}

/** The schema speaks English; what people get wrong most is said in Portuguese too. */
const PORTUGUESE: ReadonlyArray<readonly [RegExp, string]> = [
	[/^must not be empty$/, 'não pode ficar vazio'],
	[/^is longer than (\d+) characters: shorten it$/, 'tem mais de $1 caracteres: encurte'],
	[/^has more than (\d+) entries: merge or remove some$/, 'tem mais de $1 linhas: junte ou remova algumas'],
	[/^is not a web address: write e\.g\. (.+)$/, 'não é um endereço da web: escreva por exemplo $1'],
	[/^is not a host or web address: write e\.g\. (.+)$/, 'não é um domínio ou endereço da web: escreva por exemplo $1'],
	[/^is not an e-mail address$/, 'não é um e-mail'],
	[/^is not an IANA time zone: write e\.g\. (.+)$/, 'não é um fuso horário: escreva por exemplo $1'],
	[/^must be HH:MM between 00:00 and 24:00$/, 'precisa ser HH:MM, por exemplo 09:00-12:00, 13:00-18:00'],
	[/^must open before 24:00.*$/, 'precisa abrir antes de fechar; o dia inteiro é 00:00-24:00'],
	[
		/^holds two documents with the same title: rename or merge them$/,
		'tem dois documentos com o mesmo título: renomeie um',
	],
];

export const WORDS: Record<OnboardingLanguage, Words> = {
	'pt-BR': {
		required: 'Preencha este campo.',
		next: 'Continuar',
		correct: 'Corrija o que está marcado; o resto está guardado.',
		resume: (code) => `Para continuar mais tarde, guarde este código: ${code}`,
		start: {
			title: 'Continuar um cadastro',
			code: 'Código para continuar (vazio: novo cliente)',
			unknown: 'Este código não abre nada. Copie o código inteiro que o formulário mostrou, ou deixe vazio.',
		},
		tooLong: (most) => `Encurte: no máximo ${most} caracteres.`,
		documents: (titles) => (titles.length === 0 ? 'Nenhum documento ainda.' : `Já guardados: ${titles.join('; ')}`),
		channels: 'O token é verificado na Meta e guardado cifrado; ele não aparece de novo.',
		documentFaults: {
			DOCUMENT_EMPTY: 'o documento não tem título ou texto.',
			DOCUMENT_TOO_LARGE: 'grande demais (o limite são 10 MB, também descompactado). Envie um menor, ou cole o texto.',
			DOCUMENT_UNSUPPORTED: 'este tipo de arquivo não é lido. Use txt, md, pdf ou docx.',
			DOCUMENT_BROKEN: 'o arquivo está danificado e não pode ser lido. Salve de novo e envie o novo.',
			DOCUMENT_ENCRYPTED: 'o arquivo tem senha. Salve sem senha e envie de novo.',
			DOCUMENT_NO_TEXT: 'o PDF só tem imagens, sem texto. Envie um com texto, ou cole o texto.',
			DOCUMENT_TIMEOUT: 'a leitura demorou demais. Envie um mais curto.',
		},
		fault: (message) => PORTUGUESE.reduce((text, [from, to]) => text.replace(from, to), message),
	},
	en: {
		required: 'Fill in this field.',
		next: 'Continue',
		correct: 'Correct what is marked; the rest is kept.',
		resume: (code) => `To go on later, keep this code: ${code}`,
		start: {
			title: 'Go on with an onboarding',
			code: 'Code to go on (empty: new client)',
			unknown: 'This code opens nothing. Copy the whole code that the form showed, or leave it empty.',
		},
		tooLong: (most) => `Shorten it: ${most} characters at most.`,
		documents: (titles) => (titles.length === 0 ? 'No documents yet.' : `Kept already: ${titles.join('; ')}`),
		channels: 'The token is checked with Meta and stored encrypted; it is not shown again.',
		documentFaults: {},
		fault: (message) => message,
	},
};
