import { cueFinder, lineOf } from './cues';

/** Ways in which a text gives orders to a machine, in Portuguese, English and Spanish. */
const ORDERS = [
	'ignore|ignora|ignorar|esqueca|esquece|esquecer|desconsidere|desconsidera|desobedeca|descarte|disregard|forget|override|bypass|olvida|ignorad|anule|sobrescreva|overwrite|pule|skip ~4 instruc*|instrucao|instrucoes|regra|regras|prompt|prompts|orientac*|diretriz*|comando|comandos|instruction|instructions|rules|guidelines|policy|policies|reglas|anteriores|acima|all+previous|above|prior|sistema|system|filtros|filters',
	'novas|nova|new|nuevas|nueva|seguintes ~1 instrucoes|instrucao|regras|ordens|instructions|instruction|rules|orders|instrucciones|reglas|diretriz*|prompt',
	'classifi*|classific*|marque|marca|rotule|label|mark|tag|rate|score|set|output|return|retorne|devuelve|responda|respond|reply|answer|categori* ~5 hot|lead_hot|quente|warm|lead|urgente|score|_num|spam|maximo|maximum|json|prioridade|vip|caliente|com ~1 hot|quente|lead_hot|_num|lead|json|prioridade|maxim*|vip|score|caliente',
	'classifi*|classific*|marque|rotule|label|mark|tag|set|trate|treat|considere|consider ~3 esta|essa|este|esse|me|isso|this|user|usuario|contato|conversation|conversa|mensagem|message|lead|como|as|a|cliente ~3 hot|lead_hot|quente|lead|vip|cliente|prioridade|priority|quente|caliente|qualified|qualificado',
	'lead_hot|lead_warm|lead_cold|icp_score|score_breakdown|classification|auto_classify_as|verifiedintent|verified_intent|intent_score|fit_score',
	'lead hot|score|quente ~2 _num|maxim*|confirmad*',
	'score|pontuacao|nota|confidence|confianca|fit|intent|puntuacion ~3 _num|maxim*|hot',
	'hot lead|prospect|quente',
	'voce|vc ~1 agora|e|eh e|eh|sera|um|uma ~2 agora|dan|administrador|admin|robo|classificador|assistente|outro|modelo|ia|maquina|livre|pirata|sistema',
	'you are now|no longer',
	'from now on',
	'a partir de agora|hoje|ahora ~2 voce|vc|responda|voces|aja|obedeca|sua|seu|classifique|eres|todas|todos|sempre',
	'ahora eres',
	'act|aja|atue|finja|pretend|comporte|behave|simule|actua ~1 as|como|to|que|se',
	'modo|mode|developer|debug|god|admin|desenvolvedor|manutencao|jailbreak ~1 desenvolvedor|developer|mode|debug|admin|god|dan|jailbreak|irrestrito|root|ativado|enabled|on',
	'jailbreak|system prompt|prompt do sistema|prompt injection',
	'reveal|revele|mostre|mostra|repita|repeat|print|imprima|exiba|show|vaze|dump|envie|send|diga|muestra|quais|qual|what ~5 prompt|instrucoes|system|instructions|instrucciones|regras+internas|internal|config|api+key|chave+de+api',
	'^ system|sistema|assistant|assistente|developer|admin|instruction|instrucao|instrucoes .|prompt|message|mensagem|override|note|nota|update|role',
	'. system|sistema|assistant|assistente|developer|admin .|prompt|message|override',
	'system|sistema|admin|developer|desenvolvedor override|message|mensagem|prompt|mode|note|command|comando|alert|aviso',
	'end|fim|begin|inicio|fin of|da|do|de|del ~1 prompt|instructions|instrucoes|conversation|conversa|mensagem|message|sistema|usuario',
	'nota|note|aviso|mensagem|atencao|attention|atencion|message|instrucao|memo ~1 pra|to|ao|a|for|para|al|do|from ~2 classificador|classifier|ia|ai|modelo|model|robo|bot|assistente|assistant|sistema|system|llm|moderador|clasificador|administrador|desenvolvedor|developer|admin',
	'caro|prezado|dear|querido|hey|ei|ola|atencao ~1 ia|ai|modelo|model|classificador|classifier|llm|chatgpt|gpt|claude|bot|robo|language',
	'as an? ai|language model',
	'como uma? ia|modelo de linguagem|inteligencia artificial',
	'im_start|im_end|endoftext|inst',
	'function|tool call|calling|result',
	'nao|dont|not|never ~1 follow|siga|sigas|obey|obedeca ~2 rules|regras|instruc*|guidelines|diretrizes',
	'obedeca|obey|obedezca|cumpra|execute|ejecuta ~3 ordem|ordens|comando|comandos|order|orders|command|instruc*|codigo|code|sql|script',
	'drop table|select from|delete from|insert into',
	'do|nao|dont|never ~1 not|mention|mencione|diga|tell|avise ~3 mencion*|reveal|revel*|instruc*|prompt|regra*',
	'autorizad*|authorized|permissao|permission ~3 pelo|by|from|do|by|dono|desenvolvedor|admin|developer|owner|anthropic|openai|sistema|root',
	'sou|im|i o|the|am|seu ~2 desenvolvedor|developer|administrador|administrator|criador|creator|programador|admin do|of|desse|deste|and|e|,|.|$|this|your|dessa|seu',
];
/** Frames that only the writing itself shows. */
const MARKUP =
	/<\/?\s?(?:system|assistant|user|document|instructions?|prompt|customer|mensagem|message)\b|\[\/?\s?(?:inst|system|sistema|admin|assistant)\b|<\|[a-z_]{2,20}\|>|^\s{0,4}#{2,}\s?(?:system|instruc|new|nova)|["'{]\s?(?:classification|class|score|role|icp_score|intent|fit|label|confidence|lead_class)\s?["']?\s?[:=]|(?:score|classification|class|fit|intent|confidence)\s?[:=]\s?(?:["']?lead|["']?hot|\d)|\b(?:role|system)\s?[:=]\s?["'](?:system|assistant)/imu;

const ordersIn = cueFinder([{ patterns: ORDERS }]);

/** Does this sentence give orders to a machine? `line` is normalised, `raw` as it was written. */
export const isInjected = (line: string, raw: string): boolean =>
	MARKUP.test(raw) || ordersIn(lineOf(line))[0].length > 0;
