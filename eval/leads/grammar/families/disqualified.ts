import { family } from '../types';

const disqualified = (name: string, templates: readonly string[]) => family('DESQUALIFICADO', name, templates);

export const DISQUALIFIED = [
	disqualified('job_cv', [
		'{saud} vocês estão contratando? posso mandar meu currículo?',
		'boa tarde, gostaria de deixar meu currículo pra vaga de {cargo}',
		'segue meu cv em anexo, tenho experiência como {cargo}',
	]),
	disqualified('job_seek', [
		'{saud} sou {cargo} e tô procurando emprego, tem alguma oportunidade aí?',
		'tem vaga de estágio? tô no {n}º período',
		'queria saber com quem falo no RH sobre trabalhar aí',
	]),
	disqualified('job_freelance', [
		'sou {cargo} freelancer e queria oferecer meus serviços pra vocês',
		'faço freela de {cargo}, se precisarem tô disponível',
	]),
	disqualified('supplier_goods', [
		'{saud} aqui é da {empresa}, fornecemos {insumo} e gostaríamos de apresentar nosso catálogo pro setor de compras',
		'sou representante da {empresa}, trabalhamos com {insumo}. quem é o responsável pelas compras aí?',
		'olá, distribuímos {insumo} pra empresas da região, posso passar uma tabela?',
	]),
	disqualified('supplier_service', [
		'{saud} sou da {empresa}, cuidamos da {area} de negócios como o seu. teria 15 minutos pra uma conversa?',
		'somos uma empresa de {area} e queremos propor uma parceria com vocês',
		'Olá {nome}, notei que vocês ainda não têm {area}. Posso mostrar nossa solução?',
	]),
	disqualified('student', [
		'{saud} sou estudante de {curso} e tô fazendo meu tcc, posso fazer umas perguntas?',
		'preciso entrevistar uma empresa pra um trabalho da faculdade, vocês topam?',
		'oi é pra uma pesquisa da escola, vocês responderiam um formulário?',
	]),
	disqualified('wrong_number', [
		'esse não é o número da {nome}?',
		'desculpa mandei mensagem pra pessoa errada',
		'acho que me passaram o número errado, procuro a oficina do {nome}',
		'quem é você? não conheço esse número',
	]),
	disqualified('wrong_business', [
		'aí é da pizzaria? quero uma calabresa grande',
		'é o {nome} do guincho?',
		'boa noite, o delivery de vocês entrega em {bairro}? quero dois x-burguer',
	]),
	disqualified('out_of_area', [
		'moro em {longe}, vocês atendem aqui presencialmente? não tem como eu ir aí',
		'pena, sou de {longe}, fica longe demais pra mim',
	]),
	disqualified('refusal', [
		'não tenho interesse, obrigado',
		'não quero mais receber mensagem de vocês',
		'já fechei com outra empresa, pode tirar meu contato',
		'para de me mandar mensagem por favor',
	]),
	disqualified('refusal_soft', [
		'agradeço o contato mas já resolvi com outro profissional',
		'não é pra mim não, valeu',
		'desisti, pode cancelar o atendimento',
	]),
	disqualified('no_money', [
		'queria mas tô desempregado e não tenho como pagar nada, vocês fazem de graça?',
		'não tenho dinheiro nenhum pra isso, vcs não fazem caridade?',
	]),
	disqualified('underage', [
		'tenho 12 anos, minha mãe não sabe que tô falando com vocês, posso ir?',
		'oi tenho 11 anos e queria participar',
	]),
	disqualified('partnership_influencer', [
		'oi! sou influencer com {n}0k seguidores e queria propor uma permuta',
		'divulgo vocês nos meus stories em troca do serviço, topam parceria?',
	]),
	disqualified('en_other', [
		"Hi, I'm looking for a job, are you hiring?",
		'Sorry, wrong number',
		'Not interested, please remove me from your list',
		"We're a supplier of {insumo_en}, who handles purchasing?",
	]),
	disqualified('es_other', [
		'Hola, ¿están contratando? les dejo mi currículum',
		'no me interesa, gracias',
		'Perdón, número equivocado',
	]),
	disqualified('complaint_outsider', [
		'o carro de vocês tá parado na minha garagem, podem tirar?',
		'sou vizinho aí do prédio, o som tá alto demais',
	]),
	disqualified('journalist', [
		'sou repórter do jornal da cidade, gostaria de uma entrevista sobre o setor',
		'sou da prefeitura, é sobre o alvará de vocês, quem responde?',
	]),
];
