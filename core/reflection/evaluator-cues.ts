/** Words by which a text speaks to whoever judges it; read on a normalised line. */
const CUES: readonly RegExp[] = [
	/ (?:avaliador|avaliadora|avaliadores|evaluator|evaluators|grader|juiz da conversa|jurado|evaluador) /u,
	/ (?:judge|reviewer|auditor|avaliacao|evaluation|grading|rubric\w*|rubrica\w*|criterio\w*) .{0,60}(?:yes|sim|nota|score|maxim\w*|perfeit\w*|perfect|excelente|pass|aprov\w*|five|cinco|_num) /u,
	/ (?:all|every|each|todos|todas|cada) (?:the |os |as )?(?:check\w*|criteri\w*|item|itens|items|perguntas da avaliacao) /u,
	/ (?:positiv\w*|negativ\w*|palavras chave|palavra chave|keyword\w*|persona) .{0,40}(?:adicion\w*|acrescent\w*|inclu\w*|add|append|remov\w*|insira|insert) /u,
	/ (?:adicion\w*|acrescent\w*|inclu\w*|add|append|insira|insert|remov\w*) .{0,60}(?:positiv\w*|negativ\w*|palavras chave|palavra chave|keyword\w*|persona|learned rule\w*|regras? aprendida\w*) /u,
	/ (?:this|the|esta|essa|a) (?:conversation|conversa|atendimento|reply|resposta) (?:deserves|merece|should be|deve ser|must be|precisa ser) .{0,40}(?:nota|score|five|cinco|maxim\w*|perfeit\w*|perfect|pass|aprov\w*|approved|top|highest|_num|yes|sim) /u,
	/ (?:crie|cria|criar|create|escreva|escreve|write|adicione|add|mude|muda|change|altere) .{0,20}(?:regra|regras|rule|rules|prompt|limiar|threshold|persona|rubric\w*) /u,
	/ (?:sugerir|sugira|propor|proponha|propose|proponente|proposer|suggest\w*) .{0,30}(?:melhori\w*|improvement\w*|prompt|regra\w*|rule\w*|mudanc\w*|change\w*) /u,
	/ (?:quem|whoever|quem estiver) (?:revis\w*|review\w*|avali\w*|evaluat\w*|judg\w*|grad\w*|ler isto|reads) .{0,20}(?:this|isto|isso|conversa|conversation|[.,]) /u,
	/ (?:voce|vc|you) (?:agora|are now|now) .{0,12}(?:proponente|proposer|avaliador\w*|juiz|judge|evaluator|revisor\w*|reviewer) /u,
	/ (?:fim|final|end|inicio|start|beginning) (?:da|de|of) (?:sua|tua|your|the) (?:resposta|response|answer|reply|saida|output) /u,
	/ (?:termine|finalize|conclua|comece|inicie|end|finish|start|begin|encode|codifique) (?:a |toda a |the |every |each )?(?:sua|your|entire|whole) .{0,12}(?:resposta|response|answer|reply|output) /u,
	/ encode .{0,12}(?:entire|whole|your) .{0,8}(?:response|answer|reply|output) /u,
	/ (?:sua|your) (?:tarefa|task|missao|mission|funcao) (?:agora|now|e|eh|is|passa) /u,
	/ (?:na|em|in|on) (?:sua|your|tua) (?:saida|output|resposta|response|answer) .{0,40}(?:lista|list|todos|all|link|frase|sentence) /u,
	/ (?:nao|do not|dont|don't) (?:responda|answer|reply) .{0,24}(?:em vez disso|instead|pergunta|question) .{0,12}[.,] /u,
	/ (?:em vez de|instead of) (?:conferir|avaliar|julgar|responder|checking|judging|evaluating|answering) /u,
	/ (?:antes de|before you|before) (?:responder|responda|answer\w*|reply\w*) .{0,8}(?:escreva|write|execute|run|rode|imprima|print|envie|send) /u,
	/ (?:responda|respond|answer|reply|escreva|write|encode|codifique) .{0,30}(?:base64|base_num|hexadecimal|rot13|morse) /u,
	/^ (?:thought process|processo de raciocinio|processo de pensamento|vamos resolver (?:este problema |esse problema |isso )?passo a passo|lets solve this (?:problem )?step by step|let's solve this (?:problem )?step by step) (?:[.?,] )*$/u,
];
/** Keys that make some judges agree by themselves, as all that a message says. */
const BARE_KEYS =
	/^\s*(?:solution|thought process|reasoning|answer|final answer|解|解答|かいとう|respuesta final|resposta final|veredito|verdict|grade|pass|approved|correct)\s*[:：.]?\s*$/iu;
/** Frames that only the writing itself shows. */
const MARKUP =
	/["'`]?(?:answer|verdict|winner|grade|score|nota|turns)["'`]?\s*[:=]\s*["'`[]?\s*(?:yes|no|na|sim|first|second|\[|\d)|<\/?(?:judge|evaluation|verdict|rubric|avaliacao)\b|^\s*(?:judge|evaluator|avaliador|grader)\s*:/imu;

/** Does this text speak to an evaluator? `line` is normalised, `raw` as it was written. */
export const addressesEvaluator = (line: string, raw: string): boolean =>
	MARKUP.test(raw) || BARE_KEYS.test(raw) || CUES.some((cue) => cue.test(line));
