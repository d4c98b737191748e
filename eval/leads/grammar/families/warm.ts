import { family } from '../types';

const warm = (name: string, templates: readonly string[]) => family('LEAD_WARM', name, templates);

export const WARM = [
	warm('core_price', [
		'{saud} quanto custa {servico}? {dor}',
		'gostaria de saber valores de {servico}, sou de {bairro}',
		'vocês fazem {servico}? qual a faixa de preço?',
		'{saud} poderia me passar um orçamento de {servico}?',
	]),
	warm('how_it_works', [
		'{saud} como funciona {servico} de vocês?',
		'queria entender melhor {oferta}, o que tá incluso?',
		'vocês trabalham com {servico}? como é o processo?',
		'poderiam me explicar a diferença entre os planos de {servico}?',
	]),
	warm('later', [
		'tenho interesse em {servico} mas só {depois}',
		'{saud} tô me organizando pra fazer {servico} {depois}, queria já ter uma ideia',
		'penso em {servico} {depois}, vocês têm material?',
	]),
	warm('comparing', [
		'tô pesquisando {servico} em alguns lugares, qual o diferencial de vocês?',
		'comparando opções de {servico}, podem mandar uma tabela de preços?',
		'recebi outra proposta de {servico}, vocês cobrem?',
	]),
	warm('ask_partner', [
		'gostei de {oferta}, vou falar com meu {kinm} e te aviso',
		'achei interessante, deixa eu ver com minha sócia e retorno',
		'vou pensar direitinho sobre {oferta} e volto a falar',
	]),
	warm('referred', [
		'{saud} a {nome} me indicou vocês, disse que {servico} é muito bom. me fala mais?',
		'uma amiga fez {servico} com vocês e adorou, queria saber mais',
	]),
	warm('from_ad', [
		'{saud} vi o anúncio de {servico} e fiquei interessado',
		'vi no instagram a promoção de {servico}, ainda tá valendo?',
		'olá, tenho interesse e queria mais informações sobre {servico}, por favor',
	]),
	warm('doubt', [
		'tenho medo de {servico} não dar certo pra mim, vocês têm casos parecidos? {dor}',
		'{dor}, será que {servico} resolve?',
		'{servico} serve pra quem {situacao}?',
	]),
	warm('payment_terms', [
		'parcelam {servico}? em quantas vezes?',
		'{servico} tem desconto pra pagamento à vista?',
		'vocês aceitam convênio ou só particular pra {servico}?',
	]),
	warm('audio_curious', [
		'[áudio] oi tudo bem então eu queria saber assim mais ou menos como que é {servico} aí com vocês porque {dor} e eu tô pensando em fazer {depois}',
		'[áudio] é sobre {servico} né queria entender o valor e como funciona tá bom brigada',
	]),
	warm('en_info', [
		'Hi, could you tell me more about {servico_en}? How much is it?',
		'Hello! Interested in {servico_en}, maybe next month. What do you offer?',
	]),
	warm('es_info', [
		'Hola, quería saber el precio de {servico_es} y cómo funciona',
		'Buenas tardes, estoy averiguando sobre {servico_es}, ¿me dan información?',
	]),
	warm('profile_tells', [
		'{saud} {situacao_longa} e queria saber se vocês atendem meu caso',
		'{situacao_longa}, vocês têm algo pra mim?',
	]),
	warm('group_question', [
		'tem algum plano pra grupo/família em {servico}? somos {n}',
		'dá pra fazer {servico} pra mim e minha {kinf} com desconto?',
	]),
];
