/** A person who addresses the house without saying what for. */
export const HELLO = {
	rule: 'hello',
	lead: 1.6,
	patterns: [
		'^ ,? oi|ola|opa|oie|oiee|ola|hey|hello|hi|hola|buenas|buenos|bom|boa|boas|alo|ei|oii|salve|good|oin|eai|e+ai|fala|hellow ,? ~1 oi|ola|dia|diaa|tarde|noite|dias|tardes|noches|morning|afternoon|there|evening|noit|oie|alo|pessoal|gente|galera|moca|moco|$ ,? ~4 $',
		'^ oi|ola|opa|alo|hey|hi|hello|hola|buenas|bom|boa|salve|oie ~3 ,? tudo|td|como ~1 bem|bom|certo|joia|beleza|vai|estao|esta|vcs|voces ~1 $|com|por|ai',
		'alguem ai|atende|pode|disponivel|me|em|online|responde',
		'^ ~1 ,? tem|ha? alguem ai?|por+ai? ?|$',
		'tem|ha alguem ai|atendendo|disponivel|pra|online',
		'anyone there|here',
		'posso|pode|gostaria|preciso ~1 falar|conversar|tirar|fazer com|uma ~1 alguem|atendente|voces|duvida|pergunta|vendedor|responsavel+pelas+vendas|consultor+de+vendas',
		'ta|esta|tao me ouvindo|atendendo',
	],
} as const;

export const COMPLIMENT = {
	rule: 'compliment',
	lead: 1.6,
	patterns: [
		'adoro|amo|amei|adorei|curto|curti|gosto|sigo|acompanho|admiro ~2 conteudo|trabalho|pagina|perfil|posts|post|video|videos|voces|vcs|canal|dicas|resultado|reels|stories|foto|espaco|ambiente|isso',
		'parabens|congrats ~1 pelo|pela|pelos|pelas|ao|a|aos|equipe|trabalho|ficou|,|otimo',
		'trabalho|resultado|post|conteudo|video|espaco|lugar|atendimento|perfil ~1 lindo|incrivel|maravilhoso|top|show|otimo|excelente|perfeito|sensacional|bom|muito|impecavel',
		'lindo|linda|lindos|lindas|maravilhos*|top os|as|esse|essa|esses|essas|o|a ~2 ',
		'que|ficou|nossa|q|mt|muito ~2 fofo|fofa|fofos|bonito|bonita|bacana|lindo|linda|top|incrivel|show|maravilhoso|sensacional|perfeito|demais|lindos|massa|trabalho|resultado|sorriso|bom|legal',
		'top|show|lindo|perfeito|arrasou|arrasaram|massa|maravilh*|sensacional ~2 demais|post|de+bola|isso|esse|_fire|_clap|_heart|$',
		'^ ~1 legal|show|top|massa|bacana|otimo|demais|dahora|interessante|bonito|gostei ,? ~1 vou|vou+seguir|seguindo|parabens|hein ~2 $',
		'sou ~2 fa|fan|apaixonad*|seguidor*|admirador* ~2 pagina|trabalho|voces|vcs|perfil|de|da|do|$',
		'vou seguir|acompanhar ~3 $|voces|perfil|pagina|conta',
		'seguindo|segui voces|vcs|ai|ja|a|o|$',
		'sigo|acompanho voces|vcs|faz|ha|desde|a',
		'great|nice|love|amazing|awesome ~1 work|content|page|job|post|your|this',
		'me encanta|gran trabajo',
	],
	not: ['love your page ~6 dm|_user|collab', 'feliz aniversario|parabens ~1 @any ~2 deus', 'te amo', 'amo voce'],
} as const;
