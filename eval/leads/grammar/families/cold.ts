import { family } from '../types';

const cold = (name: string, templates: readonly string[]) => family('LEAD_COLD', name, templates);

export const COLD = [
	cold('greeting', ['oi', '{saud}', 'olá, tudo bem?', 'opa', 'bom diaa', 'oii alguém aí?']),
	cold('bare_price', ['preço?', 'valor', 'qnto é?', 'quanto custa?', 'valores pfv']),
	cold('bare_info', ['info', 'mais informações', 'quero saber mais', 'me explica', 'gostaria de informações']),
	cold('opening_hours', [
		'vocês abrem sábado?',
		'qual o horário de funcionamento?',
		'{saud} tão abertos agora?',
		'até que horas atendem na {dia}?',
	]),
	cold('address', ['onde fica?', 'qual o endereço de vocês?', 'tem estacionamento aí?', 'fica perto de {bairro}?']),
	cold('compliment', [
		'adoro o conteúdo de vocês',
		'que trabalho lindo, parabéns!!',
		'top demais esse post',
		'sigo vcs faz tempo, muito bom',
	]),
	cold('just_looking', [
		'só tô dando uma olhada mesmo',
		'curiosidade, quanto tempo vocês têm de mercado?',
		'não tô procurando agora não, só curiosidade',
	]),
	cold('reaction', ['❤️', '👏👏👏', 'kkkkk', '🔥🔥', 'haha amei']),
	cold('free_thing', ['tem alguma coisa de graça?', 'vocês dão brinde?', 'tem sorteio esse mês?', 'é gratuito?']),
	cold('vague_ask', [
		'oi vi vocês aqui',
		'me chamaram pra falar com vcs, o que vocês fazem?',
		'é daí que faz aquelas coisas?',
	]),
	cold('small_side', ['vocês vendem só {produtinho} avulso?', 'tem {produtinho} pra vender aí?']),
	cold('en_bare', ['hello', 'hi there, are you open?', 'price?', 'where are you located?']),
	cold('es_bare', ['hola', 'buenas', '¿precio?', '¿dónde están?', 'información por favor']),
	cold('ad_default', ['Olá! Vi seu anúncio', 'Olá! Posso ter mais informações sobre isso?', 'Olá, vim do site']),
];
