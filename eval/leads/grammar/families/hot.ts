import { family } from '../types';

const hot = (name: string, templates: readonly string[]) => family('LEAD_HOT', name, templates);

export const HOT = [
	hot('close_now', [
		'{saud} quero fechar {oferta} ainda {logo}, como faço?',
		'pode fechar {oferta} pra mim? já decidi',
		'bora fechar então, {oferta}, me fala o próximo passo',
		'{saud} decidi, vou ficar com {oferta}. qual o procedimento?',
	]),
	hot('payment', [
		'{saud} qual o pix de vocês? vou pagar {oferta} {logo}',
		'me manda o link pra pagamento de {oferta} que pago agora',
		'aceitam cartão em {n}x? quero garantir {oferta} {logo}',
		'faço a transferência {logo}, só me passa os dados pra {oferta}',
	]),
	hot('book_now', [
		'{saud} queria marcar {visita} pra {dia} às {hora}, tem vaga?',
		'tem horário {dia} de manhã pra {visita}? quero começar logo',
		'vcs conseguem me encaixar {dia} pra {visita}? é meio urgente',
		'gostaria de agendar {visita} o quanto antes, posso {dia} depois das {hora}',
	]),
	hot('need_urgent', [
		'preciso de {servico} com urgência, quem pode me atender {logo}?',
		'{saud} tô precisando de {servico} pra {dia}, vocês conseguem?',
		'urgente!! {dor} e preciso resolver {logo}. vocês atendem?',
	]),
	hot('contract_please', [
		'{saud} pode enviar o contrato de {oferta} no meu email? quero assinar {logo}',
		'li a proposta, tá tudo certo, onde eu assino?',
		'proposta aprovada aqui do nosso lado, podem emitir o contrato de {oferta}',
	]),
	hot('price_and_start', [
		'quanto fica {oferta} se eu começar {logo}?',
		'{saud} qual o valor de {oferta}? quero iniciar {dia} mesmo',
		'me passa o preço de {servico} que eu já quero começar {logo}',
	]),
	hot('enroll', [
		'{saud} o que preciso levar pra me inscrever {logo}?',
		'como faço pra me cadastrar e começar {dia}? quero {oferta}',
		'posso ir aí {dia} fazer a inscrição de {oferta}?',
	]),
	hot('budget_ready', [
		'temos verba aprovada de {valor} pra {servico} e precisamos começar {logo}',
		'meu orçamento é {valor} e quero resolver {servico} {logo}, dá certo?',
		'{saud} já separei {valor} pra {servico}. quando a gente começa?',
	]),
	hot('client_upsell', [
		'{saud} já sou cliente e quero contratar também {servico}, como faz?',
		'sou aluno/cliente de vocês e queria passar pra {oferta}, dá pra trocar {logo}?',
		'quero incluir minha {kinf} em {oferta} também, pode ser {logo}?',
	]),
	hot('audio_ready', [
		'[áudio] {saud} então é que {dor} aí eu queria ver com vocês pra começar {servico} {logo} se der pra marcar {dia} eu vou',
		'[áudio] oi {nome} me indicaram vocês e eu quero contratar mesmo {servico} então me liga {logo} pra gente fechar',
	]),
	hot('en_ready', [
		"Hi! I'd like to sign up for {oferta_en} today, how do I pay?",
		'Hello, can I book {visita_en} for {dia_en}? I want to start right away',
		'Hey we are ready to hire you for {servico_en}, please send the contract',
	]),
	hot('es_ready', [
		'Hola, quiero contratar {servico_es} hoy mismo, ¿cómo pago?',
		'Buenas, ¿tienen lugar {dia_es} para {visita_es}? quiero empezar ya',
		'Hola quiero reservar {visita_es} para {dia_es}, ¿me pasan los datos?',
	]),
	hot('switching', [
		'saí do concorrente e quero migrar pra vocês {logo}, {oferta}',
		'meu contrato com a outra empresa acabou e quero {servico} com vocês a partir de {dia}',
	]),
	hot('family_buys', [
		'{saud} quero {servico} pro meu {kinm}, consigo marcar {visita} pra {dia}?',
		'minha {kinf} precisa de {servico} logo, tem vaga {dia}?',
	]),
];
