/** Acts that say yes without the word: money in hand, a link asked for, a deadline that presses. */
export const ACTS_OF_BUYING: readonly string[] = [
	'cartao|dinheiro|grana|pix ~2 na+mao|em+maos|separad*|pronto|engatilhado',
	'manda|mande|mandem|envia|envie|enviem|passa|passe|passem|gera|gere|gerem|gerar|solta|libera|cade|send|pasame|mandame|enviame|pasan|enviar|mandar ~3 link|qr+code|maquininha',
	'manda|mande|mandem|envia|envie|gera|gerar|gerem|emite|emitir|passa|mandar|enviar ~1 boleto|fatura|cobranca ~3 primeir*|entrada|adesao|matricula|inscricao|sinal|reserva',
	'pode|podem ~1 cadastrar|gerar|faturar|emitir|inscrever|matricular|confirmar+a+compra|confirmar+a+reserva|preparar+o+contrato|fazer+o+contrato|passar+no+cartao|cobrar|debitar|colocar+meu+nome|botar+meu+nome|por+meu+nome|me+por+na+lista|reservar|separar|embalar|entregar+sim|dar+andamento|dar+entrada',
	'quero|queremos sim ~1 $|,|.|o|a|pode|como',
	'quero|queremos|vou+querer|fico+com|ficamos+com|vou+com|vamos+com|vou+de|fechamos+com|prefiro sim? o?|a?|esse?|essa?|este?|esta?|esses? plano|pacote|combo|kit|modelo|anual|mensal|trimestral|semestral|premium|completo|completa|basico|azul|preto|branco|maior|menor|segundo|segunda+opcao|primeira+opcao|segunda+proposta',
	'eu quero , como|pode|manda|onde',
	'eu quero . ~~2 como|pode|manda|onde',
	'bati|batemos|martelo o? martelo|batido',
	'negocio|ta|esta|tudo fechado|combinado|certo ~~3 contrato|pago|pagar|sinal|assino|pix',
	'tenho|temos|com|dispomos|separamos|separei|have ~3 verba|budget|orcamento|investimento ~3 _money|_num|aprovad*|liberad*|disponivel|definid*|reservad*',
	'verba|budget|orcamento ~1 _money|liberad*|aprovad*|separad*|disponivel|approved',
	'diretor|diretora|diretoria|socio|socia|chefe|marido|esposa|gerencia|conselho|board|financeiro ~1 aprovou|aprovaram|liberou|autorizou|topou|deu+ok|approved',
	'dar|dou|pago|pagar|mando|deposito|transfiro ~1 entrada|sinal|metade|a+vista|avista|50|_money ~3 @now|pix|segurar|garantir|carro|imovel|apartamento|moto|reservar|fechar',
	'financiar|dar+entrada|alugar|comprar ~3 ainda|essa+semana|hoje|amanha|esse+mes|ate',
	'vou|vamos|irei|passo|passamos ~2 ai|la ~2 fechar|pagar|assinar|buscar|retirar|comprar|fazer+a+matricula|levar+os+documentos',
	'quais|que ~2 documentos|documentacao ~4 levar|mandar|envio|contrato|matricula|financiamento|fechar|precisa',
	'quando|que+dia ~1 voces|vcs ~1 podem|conseguem ~1 comecar|iniciar|vir|instalar|comecam|vem',
	'voces|vcs ~1 podem|conseguem|conseguiriam ~2 comecar|iniciar|instalar|entregar|fazer|vir|produzir ~4 @now|essa+semana|esta+semana|esse+mes|este+mes|ainda+em|ate|pro+dia|pra+dia',
	'id|would love|like to ~1 @buy|@book|@start',
	"i'd like|love to @buy|@book|@start|place",
	'where|how do+i|can+i|should+i pay|sign|order|book|checkout|enroll',
	'lets|please do|go+ahead|proceed|charge|reserve ~3 ',
	'get|hop|jump on a call',
	'donde|como|a+donde ~1 pago|deposito|transfiero|firmo|me+inscribo|compro',
	'me anoto|apunto|inscribo',
	'lo|la|los|las compro|llevo|reservo',
	'quero|queria|queremos|gostaria ~1 visitar|conhecer ~4 @now|esse+sabado|fim+de+semana|essa+semana',
	'test+drive',
	'minha filha|minha+filha|meu+filho|eu ~1 vai|vou fazer+matricula|matricular',
	'fechar|fecho|fechamos ~1 negocio|com+voces|com+vcs|hoje',
];

/** Links that nobody pays through, papers of a client who is one already. */
export const NO_ACTS_OF_BUYING: readonly string[] = [
	'link ~2 grupo|video|reuniao|meet|call|live|bio|zoom|jogo|musica|foto|fotos|filme|serie|vaga|aula|drive|planilha|endereco|localizacao|site|instagram|perfil|formulario|materia|noticia|onibus',
	'pode|podem ~1 emitir|gerar ~2 nota|relatorio|segunda|recibo|senha',
	'cancelar|suspender|devolver|reembols*|estorn* ~4 @any',
	'cobrar|debitar ~4 errad*|duas|vezes|de+novo',
];

/** A need with a deadline: as good as an order. */
export const PRESSING = {
	rule: 'pressingNeed',
	lead: 0.3,
	negatable: true,
	patterns: [
		'@wish|precisando|precisava|busco|procuro|buscamos|procuramos|necessito|need|necesito ~~9 urgente|urgencia|urgentemente|pra+ontem|quanto+antes|o+mais+rapido|mais+rapido+possivel|imediato|imediatamente|asap|right+away|cuanto+antes|lo+antes|ainda+hoje|pra+hoje|pra+amanha|ate+amanha|ate+sexta|ate+segunda|ate+quarta|ate+sabado|ate+_date|pra+essa+semana|ainda+essa+semana|essa+semana|agora+mesmo|hoje+mesmo|hoje+ainda|pra+agora|today|by+friday|tomorrow|hoy+mismo|pra+sabado|pra+sexta|pra+esse+sabado|ate+o+fim|ate+dia|pra+dia|esse+mes|este+mes',
		'urgente|urgencia|emergencia|socorro|pra+ontem|urgent|emergency ~~7 preciso|precisamos|precisando|necesito|need|procuro|busco|atendem|voces|vcs',
		'pra comecar|iniciar|comecarmos|fazer|instalar|entregar ja|agora|hoje|amanha|imediatamente|segunda|essa+semana',
		'comecar|iniciar ~1 ja|imediatamente|quanto+antes|agora+mesmo|o+mais+rapido|essa+semana',
		'decidir|decido|decidimos|definir|fechar ~2 hoje|ate|amanha|essa+semana',
	],
	not: [
		'preciso|precisamos|precisava|need|necesito ~2 falar|remarcar|desmarcar|cancelar|ir|sair|resolver|da+sua|do+seu|de+voce|que+voce|que+tu|conversar|segunda+via|senha|te|trabalhar|emprego|trabalho|vaga|entrevistar|entregar|dormir|estudar|comprar+pao',
		'@mine ~1 @matter',
	],
} as const;
