import { family } from '../types';

const personal = (name: string, templates: readonly string[]) => family('PESSOAL', name, templates);

export const PERSONAL = [
	personal('errand', [
		'{kinvoc} passa na farmácia e traz o remédio da {nome} por favor',
		'compra pão e leite quando voltar',
		'esqueci a chave, você deixa na portaria?',
		'traz um refri quando vier',
	]),
	personal('arrival', [
		'{kinvoc} chega que horas hoje?',
		'tô chegando em casa, abre o portão',
		'já saiu daí? a janta tá na mesa',
		'cheguei bem viu, te ligo mais tarde',
	]),
	personal('affection', [
		'te amo {kinvoc} ❤️ bom trabalho',
		'saudade de você, quando a gente se vê?',
		'{kinvoc} tô com saudades, vem almoçar {dia}',
	]),
	personal('birthday', [
		'feliz aniversário meu amigo!! muita saúde e paz',
		'parabéns {nome}!! que deus te abençoe nesse dia',
		'{dia} é o niver da {nome}, você vem né?',
	]),
	personal('family_news', [
		'a {kinf} passou mal e tá no hospital, liga pra mim',
		'o {kinm} perguntou de você ontem no almoço',
		'nasceu!! é menina, {valor_peso}',
		'a vó mandou um beijo pra você',
	]),
	personal('friends_plan', [
		'e aí, bora tomar uma {dia}?',
		'vai no churras do {nome} {dia}?',
		'fut {dia} às {hora}, confirma aí quem vai',
		'mano a gente combinou cinema {dia}, esqueceu?',
	]),
	personal('kids_school', [
		'a escola ligou, o {nome} tá com febre, consegue buscar?',
		'hoje é seu dia de pegar as crianças',
		'a reunião de pais é {dia} às {hora}',
	]),
	personal('church_group', [
		'irmão, o culto {dia} vai ser às {hora}, contamos com vc',
		'amiga ora pela {nome} que vai operar {dia}',
	]),
	personal('staff_shift', [
		'chefe, vou atrasar uns 20 min, ônibus quebrou',
		'{nome} consegue trocar meu plantão de {dia} com o seu?',
		'a escala de {dia} já saiu? tô na abertura ou no fechamento?',
		'não consigo ir trabalhar hoje, tô com atestado',
	]),
	personal('staff_ops', [
		'o boleto do aluguel vence {dia}, posso pagar?',
		'acabou o papel da impressora, pede mais por favor',
		'o rapaz da internet veio e arrumou o roteador aí da recepção',
		'fechei o caixa, deu {valor}, diferença de nada',
	]),
	personal('staff_meeting', [
		'reunião do time {dia} às {hora}, não esquece o relatório',
		'subi a planilha no drive, dá uma conferida antes da call',
		'pessoal, amanhã o {nome} entra de férias, quem cobre ele?',
	]),
	personal('client_reschedule', [
		'{saud} preciso remarcar meu horário de {dia}, surgiu um imprevisto',
		'não vou conseguir ir na minha consulta {dia}, dá pra passar pra outro dia?',
		'confirmo minha presença {dia} às {hora}',
	]),
	personal('client_billing', [
		'minha fatura veio com valor errado esse mês, podem ver?',
		'já paguei o boleto e continua aparecendo em aberto, segue comprovante',
		'preciso da segunda via do meu boleto',
		'me cobraram duas vezes no cartão a mensalidade',
	]),
	personal('client_problem', [
		'{saud} meu acesso não tá funcionando desde ontem',
		'vocês me entregaram diferente do que combinamos, como resolve?',
		'faz uma semana que abri chamado e ninguém responde',
		'qual o andamento do meu pedido?',
	]),
	personal('client_cancel', [
		'quero cancelar meu plano, como faço?',
		'preciso pausar minha mensalidade esse mês por causa de viagem',
	]),
	personal('en_es_personal', [
		'hey mom, what time are you coming home?',
		'hola mami, ya llegué a casa',
		'bro are we still on for {dia_en}?',
		'my appointment is on {dia_en}, can I move it?',
	]),
	personal('small_talk', [
		'viu o jogo ontem? que vergonha kkkk',
		'kkkkk olha esse vídeo que o {nome} mandou',
		'sonhei com você essa noite, tá tudo bem aí?',
	]),
	personal('audio_home', [
		'[áudio] {kinvoc} é o seguinte o gás acabou aqui e eu tô sem dinheiro você consegue fazer um pix pra eu pagar o entregador',
		'[áudio] oi filha então a sua tia chegou de viagem e a gente vai fazer um almoço {dia} vê se você consegue vir',
	]),
];
