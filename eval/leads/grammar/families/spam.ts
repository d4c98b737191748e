import { family } from '../types';

const spam = (name: string, templates: readonly string[]) => family('SPAM', name, templates);

export const SPAM = [
	spam('loan', [
		'💰 CRÉDITO LIBERADO! Empréstimo consignado pra aposentados e pensionistas, sem consulta ao SPC. Responda SIM',
		'{nome}, você tem {valor} pré-aprovado! Simule agora: {link}',
		'antecipe seu FGTS sem sair de casa, dinheiro na conta em 10 minutos. chama no zap {fone}',
	]),
	spam('prize', [
		'Parabéns!! Seu número foi sorteado e você ganhou um iPhone 15. Resgate em {link}',
		'VOCÊ GANHOU um vale-compras de {valor}! Clique e retire seu prêmio {link}',
	]),
	spam('crypto', [
		'Transforme {valor} em {valor_alto} em 7 dias com nosso robô trader. Grupo vip: {link}',
		'Lucro garantido com bitcoin, rendimento de 3% ao dia. Vagas limitadas {link}',
	]),
	spam('bets', [
		'🎰 Tigrinho pagando MUITO agora! deposite {valor} e ganhe bônus de 200% {link}',
		'cadastre-se na nossa casa de apostas e ganhe {valor} de bônus {link}',
	]),
	spam('followers', [
		'Compre seguidores reais: 10k por {valor}. Entrega imediata! {link}',
		'turbine seu instagram 🚀 curtidas + seguidores brasileiros a partir de {valor}',
	]),
	spam('phishing', [
		'AVISO: sua conta será bloqueada em 24h. Atualize seus dados em {link}',
		'Detectamos uma compra de {valor} no seu cartão. Se não reconhece acesse {link}',
		'Sua encomenda está retida na alfândega. Pague a taxa: {link}',
		'Meta Support: your page violates our policies and will be disabled. Verify: {link}',
	]),
	spam('mlm', [
		'Quer uma renda extra trabalhando em casa só com o celular? Ganhe {valor} por semana. Chama!',
		'oportunidade única!! seja dono do seu tempo, ganhos ilimitados, vem pro meu time {link}',
	]),
	spam('chain', [
		'Repasse essa mensagem pra 10 contatos e receba uma bênção até meia noite 🙏',
		'URGENTE!!! o whatsapp vai ser pago a partir de {dia}, envie pra todos os seus grupos pra continuar grátis',
	]),
	spam('seo_bulk', [
		'Hi, we checked your website and found SEO errors. We can rank you on Google page 1. Interested?',
		'Olá! Aumente suas vendas com nossa lista de 50 mil contatos qualificados. Promoção só hoje {link}',
		'Disparo em massa no WhatsApp sem bloqueio! 10 mil envios por {valor}. Peça seu teste',
	]),
	spam('adult', [
		'oi gato, sou a {nome} 🔥 quer ver meus conteúdos sem censura? {link}',
		'Fotos e vídeos exclusivos +18, assine por {valor} {link}',
	]),
	spam('obfuscated', [
		'g4nh3 d1nh31r0 t0d0 d1a, link na b1o',
		'V.I.A.G.R.A e C1al1s com frete grátis {link}',
		'e m p r é s t i m o  f á c i l  sem  burocracia chama {fone}',
	]),
	spam('promo_store', [
		'🔥 BLACK FRIDAY ANTECIPADA! Até 70% OFF em toda a loja, frete grátis, só até meia-noite: {link}',
		'Tênis importado 1ª linha {valor} no atacado, entrego em todo Brasil. Catálogo {link}',
	]),
	spam('political', [
		'Vote {n}{n}{n}! Compartilhe a verdade que a mídia não mostra {link}',
		'Vereador {nome} trabalha por você. Repasse aos amigos e familiares, conto com seu voto',
	]),
	spam('en_bulk', [
		'Earn $500 a day from home, no experience needed! Join now {link}',
		'Dear customer, you have been selected to receive a gift card. Claim here {link}',
	]),
	spam('es_bulk', [
		'¡Felicidades! Ganaste un premio de {valor}. Haz clic aquí {link}',
		'Préstamos inmediatos sin aval, deposito el mismo día. Escribe al {fone}',
	]),
	spam('course', [
		'Últimas vagas! Curso que ensina a faturar {valor_alto} por mês no automático. De {valor} por apenas R$ 97 {link}',
		'Descubra o método secreto que já mudou a vida de 12 mil pessoas 👉 {link}',
	]),
];
