import type { GateFamily } from './types';

/** Letters of fortune, raffles, tips for bets and robots that trade: what only swindlers and their mailing lists write. */
export const SCAMS: readonly GateFamily[] = [
	{
		rule: 'fortune_letter',
		weight: 2.7,
		patterns: [
			'i|im|my ~2 mr|mrs|miss|barrister|prince|princess|sergeant|general|colonel|widow|diplomat|banker ~~9 fund|funds|million|money|transfer|bank|proposal|inheritance|contact|donate|investment|un|loan',
			'fund|funds|inheritance|million|millions|estate|fortune|consignment|_money ~~6 transfer|claim|beneficiary|next+of+kin|foundation|donate|charity|your+account',
			'united+nations|world+bank|imf|un|fbi ~6 fund|funds|compensation|payment|grant',
			'next of kin',
			'confidential|mutual|lucrative|business proposal|transaction|benefit',
			'dear friend|beloved|sir|beneficiary|winner|in+christ|one ~~9 @any',
			'sou|soy|me+chamo|meu+nome ~5 viuva|viuda|militar|soldado|soldada|general|herdeir*|barrister|embaixador*|banqueir*|refugiad* ~~9 heranca|herencia|fundo|fundos|fondos|milhoes|millones|transfer*|fortuna|doar|conta|negocio|confianca',
			'doar|doacao|donar|deixar ~5 fortuna|heranca|herencia|milhoes|millones|fundos',
			'heranca|herencia|fortuna ~6 milhoes|millones|_money|transfer*|beneficiari*|conta',
			'pessoa|parceiro|socio de confianca ~~9 transfer*|milhoes|fundo|fundos',
		],
	},
	{
		rule: 'raffle',
		weight: 2,
		patterns: [
			'rifa|rifas|acao+entre+amigos|sorteio|bingo|raffle ~~9 _money|_url|cota|cotas|numero|numeros|garanta|adquira|link|concorra',
			'compre|garanta|adquira|escolha|reserve ~2 numero|numeros|cota|cotas|bilhete|bilhetes|cartela|cartelas',
			'cota|cotas|numero|numeros|cartela|cartelas ~1 a|por|apenas|so|de _money|_num',
			'concorra|concorre|concorrendo ~2 um|uma|a ~1 carro|moto|iphone|_money|pix|casa|ps5|premio|premios|hilux|corolla',
			'carro|moto|iphone|hilux|pix ~1 0km|zero+km|zerad* ~~4 _money|_url|cota|numero|numeros',
		],
	},
	{
		rule: 'tips_and_robots',
		weight: 2.5,
		patterns: [
			'robo|bot|software|aplicativo|app|planilha|ia|metodo|estrategia|sistema|algoritmo ~2 apostas|bet|bets|aposta|roleta|aviator|mines|tigre|tigrinho|cassino|trader|opcoes|forex',
			'_percent ~2 assertividade|acerto|acertos|precisao|green|greens|assertivo',
			'assertividade|greens|sinais+vip|sala+de+sinais|grupo+de+sinais|sala+vip',
			'odds|banca|alavancagem ~4 green|greens|lucro|dobr*|garantid*|_url',
			'link ~1 grupo|canal|sala vip|gratis|free|premium|telegram|aqui',
			'palpites|bilhete|bilhetes|tips|dicas ~2 vip|prontos|pronto|certeir*|garantid*|do+dia',
			'day+trade|daytrade|forex|opcoes+binarias|cripto|criptomoedas|copy+trade|copytrade|mini+indice|bitcoin|trade ~4 automatizad*|automatic*|dormindo|robo|sinais|copia|copie|garantid*|sem+experiencia|_percent|lucros|lucr*|mentor*|consistente|grupo|vip',
			'ganh*|lucr*|rend*|fatur*|dinheiro|grana ~2 dormindo|enquanto+dorme|sem+fazer+nada|automatic*|no+automatico|sem+sair+de+casa|sem+esforco|no+celular|pelo+celular',
			'operacoes|operando|copie|copia ~3 minhas|nossas|nossos|automatic* ~2 operacoes|sinais|trades|lucro',
			'saque|saca|pix|pagamento ~1 na+hora|imediato|instantaneo|todo+dia|caindo ~4 jogo|plataforma|app|cadastro|_url|link',
			'plataforma|jogo|slot|app ~1 pagando|liberou|soltando|bugad*|bugou|que+paga',
			'bonus ~2 cadastro|deposito|boas+vindas|rodadas',
		],
		not: ['app|aplicativo|sistema ~2 voces|vcs'],
	},
	{
		rule: 'mass_mailing',
		weight: 2.5,
		patterns: [
			'divulg*|anunci*|promov* ~2 sua|seu|seus|suas|tua empresa|marca|negocio|loja|produto|produtos|servico|servicos|clinica|perfil ~~9 _num|contatos|grupos|massa|milhares|milhoes|disparo*',
			'disparo|disparos|disparamos|envio|envios|enviamos|mensagens|sms|blast ~2 em+massa|massivo|massivos|milhares|_num+mil',
			'_num mil? contatos|numeros|emails|leads|telefones|whatsapps ~3 whatsapp|ativos|segmentad*|brasil|validad*|por|atualizad*|cnpj',
			'mala+direta|email+marketing|sms+marketing|disparador|extrator|chip+aquecido|chips+aquecidos ~5 _money|_num|massa|milhoes|contatos|gratis|vitalicio|licenca',
			'painel|curtidas|seguidores|visualizacoes|likes ~3 smm|baratinho|barato|baratas|revenda|reais+e|entrega+rapida',
			'bulk|mass sms|email|whatsapp|messages|mailing',
			'buy|purchase|selling|sell ~2 leads|database|email+list|followers',
		],
	},
];
