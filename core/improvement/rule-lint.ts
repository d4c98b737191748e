import { ALIAS, RULE_CHARACTERS } from './defaults';
import type { RuleLanguage } from './rule-templates';

/** Why a sentence may not enter a prompt, or a word a persona. */
export const TEXT_FAULTS = [
	'too_long',
	'not_when_then',
	'disguised_letters',
	'code_fence',
	'url',
	'email',
	'phone',
	'digits',
	'percentage',
	'price',
	'pix',
	'discount',
	'order_to_the_model',
	'role_word',
	'name',
	'protected_subject',
	'too_many_words',
	'not_letters',
] as const;
export type TextFault = (typeof TEXT_FAULTS)[number];

const bare = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
const words = (...list: string[]): RegExp =>
	new RegExp(`(?<![\\p{L}\\p{N}])(?:${list.join('|')})(?![\\p{L}\\p{N}])`, 'u');

/** Read on the bare text: lower case, no accents. Portuguese, English and Spanish together, whatever the rule is in. */
const DENIED: ReadonlyArray<readonly [TextFault, RegExp]> = [
	['code_fence', /```|~~~|[<>{}[\]\\|`]|^\s*#/u],
	['url', /https?:|www\.|[a-z0-9-]{2,}\.(?:com|net|org|br|me|ly|link|app|io|site|shop|info|online|xyz)(?![a-z])/u],
	['email', /@|(?<![a-z])arroba(?![a-z])/u],
	['phone', /\d[\d\s().+-]{6,}\d/u],
	['digits', /\d{2,}/u],
	['percentage', /%|(?<![a-z])(?:por ?cento|percent(?:age)?|porcentagem|porcentaje|por ciento)(?![a-z])/u],
	[
		'price',
		words(
			'precos?',
			'precios?',
			'prices?',
			'pricing',
			'valor(?:es)?',
			'reais',
			'real',
			'dolar(?:es)?',
			'dollars?',
			'euros?',
			'pesos?',
			'custa[mr]?',
			'custos?',
			'costs?',
			'cuestan?',
			'orcamentos?',
			'parcelas?',
			'pagamentos?',
			'payments?',
			'pagos?',
			'gratis',
			'gratuit[oa]s?',
			'free',
		),
	],
	['price', /r\$|us\$|[$€£]/u],
	['pix', words('pix', 'chave', 'cpf', 'cnpj', 'boleto', 'cartao', 'senhas?', 'passwords?', 'codigos?')],
	[
		'discount',
		words(
			'descontos?',
			'discounts?',
			'descuentos?',
			'promoc\\p{L}+',
			'promos?',
			'ofertas?',
			'cupo[mn]\\p{L}*',
			'coupons?',
			'brindes?',
		),
	],
	[
		'order_to_the_model',
		words(
			'ignor\\p{L}+',
			'esquec\\p{L}+',
			'desconsider\\p{L}+',
			'desobedec\\p{L}+',
			'obedec\\p{L}+',
			'finj\\p{L}+',
			'fing\\p{L}+',
			'revel\\p{L}+',
			'execut\\p{L}+',
			'burl\\p{L}+',
			'forget',
			'disregard',
			'bypass',
			'overrid\\p{L}+',
			'pretend',
			'obey\\p{L}*',
			'reveal\\p{L}*',
			'jailbreak\\p{L}*',
			'olvid\\p{L}+',
			'desactiv\\p{L}+',
			'desativ\\p{L}+',
			'aja como',
			'act as',
			'actua como',
			'a partir de agora',
			'from now on',
			'de ahora en adelante',
		),
	],
	[
		'role_word',
		words(
			'system',
			'sistema',
			'assistant',
			'assistente',
			'asistente',
			'user',
			'usuario',
			'developer',
			'desenvolvedor',
			'admin\\p{L}*',
			'prompts?',
			'instruc\\p{L}+',
			'instruct\\p{L}*',
			'regras?',
			'rules?',
			'reglas?',
			'modelo',
			'model',
			'avaliador\\p{L}*',
			'evaluator',
			'judge',
			'juiz',
			'notas?',
			'score',
			'gpt',
			'claude',
			'ia',
			'ai',
			'llm',
		),
	],
	[
		'protected_subject',
		words(
			'voce e',
			'you are',
			'usted es',
			'robos?',
			'bots?',
			'human[oa]s?',
			'humans?',
			'atendentes?',
			'transfir\\p{L}+',
			'transfer\\p{L}*',
			'encaminh\\p{L}+',
			'handoff',
			'lgpd',
			'gdpr',
			'consent\\p{L}*',
			'descadastr\\p{L}+',
			'unsubscribe',
			'opt out',
			'sair',
			'parar',
			'stop',
			'janela',
			'template',
			'json',
			'formato',
			'format',
			'garant\\p{L}+',
			'guarant\\p{L}*',
			'promet\\p{L}+',
			'promis\\p{L}+',
			'melhor do',
			'seguranca',
			'safety',
			'security',
			'seguridad',
			'medic[oa]s?',
			'advogad[oa]s?',
			'juridic[oa]s?',
		),
	],
];

/** Only letters that Portuguese, English and Spanish are written in, and plain punctuation: others look alike and are not. */
const PLAIN = /^[\p{Script=Latin}\p{N}\p{Zs}.,;:!?'"()%$€£@/#&+*_=<>{}[\]|\\`~-]*$/u;
const isPlain = (text: string): boolean => text.normalize('NFKC') === text && PLAIN.test(text) && !/\p{Cf}/u.test(text);

const denied = (text: string): TextFault[] => {
	const read = bare(text);
	return DENIED.filter(([, form]) => form.test(read)).map(([fault]) => fault);
};

const WHEN_THEN: Record<RuleLanguage, RegExp> = {
	'pt-BR': /^quando \p{L}.{5,}, então \p{L}.{5,}$/u,
	en: /^when \p{L}.{3,}, then \p{L}.{3,}$/u,
	es: /^cuando \p{L}.{3,}, entonces \p{L}.{3,}$/u,
};

/** What is wrong with a learned rule; empty where nothing is. */
export function ruleFaults(text: string, language: RuleLanguage): TextFault[] {
	const faults: TextFault[] = denied(text);
	if (text.length > RULE_CHARACTERS) faults.push('too_long');
	if (!WHEN_THEN[language].test(text)) faults.push('not_when_then');
	if (!isPlain(text)) faults.push('disguised_letters');
	// A rule is one lower-case sentence: whatever has a capital is somebody's or something's name.
	if (/\p{Lu}/u.test(text)) faults.push('name');
	return [...new Set(faults)];
}

/** What is wrong with a title, niche or kind of business; it may be a name, and is too short to be a sentence. */
export function aliasFaults(value: string): TextFault[] {
	const faults: TextFault[] = denied(value);
	if (value.length > ALIAS.letters) faults.push('too_long');
	if (value.trim().split(/\s+/u).length > ALIAS.words) faults.push('too_many_words');
	if (!/^\p{Script=Latin}[\p{Script=Latin} '&/-]*$/u.test(value)) faults.push('not_letters');
	if (!isPlain(value)) faults.push('disguised_letters');
	return [...new Set(faults)];
}

/** A stem that stands for money, orders or the machine buys nobody points. */
export const keywordFaults = (stem: string, readBack: readonly string[]): TextFault[] => [
	...new Set(
		readBack.flatMap((word) => denied(word)).filter((fault) => fault !== 'price' && fault !== 'protected_subject'),
	),
	...(/^[a-z]+$/.test(stem) ? [] : (['not_letters'] as const)),
];
