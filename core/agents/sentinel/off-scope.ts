import { clauses, words } from './text/fold';
import { subjectStems } from './text/scope';
import { pass, type CheckFactory, type CheckOutcome } from './types';

const MAKE =
	'(?:escreva|escreve|escrever|crie|cria|criar|faca|faz|fazer|fazes|gere|gera|gerar|componha|compoe|compor|invente|inventa|inventar|conte|conta|contar|recite|write|make|create|compose|tell|generate|escribe|escriba|escribir|haz|hazme|escribeme|cuentame|cuenta|inventa|crea)';
const FOR_ME =
	'(?: (?:me|pra mim|para mim|por favor|ai|a|an|the|um|uma|uns|umas|o|os|as|meu|minha|meus|minhas|my|some|mi|un|una|unos|el|la))*';
const WORKS =
	'(?:poemas?|poesias?|sonetos?|cordel|haicai|letra de musica|redacao|redacoes|piadas?|tcc|monografia|dissertacao|fanfic|conto(?! com)|cronica|rap|poems?|poetry|haiku|song lyrics|song|essay|jokes?|short story|bedtime story|poesia|cancion|chistes?|ensayo|cuento)';
const HOMEWORK =
	'(?:licao|licoes|licao de casa|dever de casa|deveres|tarefa de casa|tarefa da escola|trabalho da (?:escola|faculdade)|trabalho de (?:escola|faculdade|historia|geografia|portugues|matematica|ciencias|biologia)|prova de \\p{L}+|homework|deberes|tarea de la escuela)';
const CODE_IN =
	'(?:python|java|javascript|js|typescript|php|html|css|sql|c|c sharp|rust|golang|ruby|excel vba|vba|bash)';

/** Requests to a general assistant. Each has a name, so that an ops person sees which one fired. */
const REQUESTS: ReadonlyArray<readonly [string, RegExp]> = (
	[
		['creative_writing', `${MAKE}${FOR_ME} (?:\\p{L}+ )?${WORKS}`],
		[
			'creative_writing',
			`${MAKE}${FOR_ME} (?:historia|musica|story|historia) (?:infantil|de terror|de ninar|de amor|engracada|sobre|about|para dormir)`,
		],
		[
			'homework',
			`(?:${MAKE}|ajuda|ajude|ajudar|resolva|resolve|resolver|do|help me with|help with|ayudame con)(?: me| com| na| no| a| o| minha| meu| meus| minhas| my| mi| mis| pra mim| para mim| fazer)* ${HOMEWORK}`,
		],
		[
			'homework',
			'(?:resolva|resolve|resolver|calcule|solve|resuelve)(?: me| para mim| pra mim)?(?: essa| esta| esse| este| a| o| this| the| esta)? (?:equacao|integral|derivada|exercicio|questao|problema de matematica|equation|integral|math problem|ecuacion)',
		],
		[
			'translation',
			'(?:traduza|traduz|traduzir|traduce|traducir|translate)(?: me| para mim| pra mim)?(?: (?:isso|isto|este|esta|esse|essa|o seguinte|a seguinte|this|the following|following|esto|texto|frase|para o|pro|to|into|al|para)(?![\\p{L}\\p{N}]))',
		],
		[
			'code',
			`(?:${MAKE}|corrija|corrige|fix|programe)${FOR_ME} (?:codigo|script|programa|funcao|algoritmo|query|code|program|function|algorithm|funcion)(?: \\p{L}+)? (?:em|in|en|de|fonte em) ${CODE_IN}`,
		],
		[
			'code',
			`(?:${MAKE})${FOR_ME} (?:script|code|${CODE_IN} (?:code|script|program|function)) (?:em|in|en|that|que|to|para)`,
		],
		[
			'summary',
			'(?:resuma|resume|resumir|faca um resumo|faz um resumo|summarize)(?: me| para mim| pra mim| o| do| este| deste| esse| desse| um| the| this| el)* (?:livro|capitulo|artigo|filme|book|chapter|article|movie|libro|capitulo)',
		],
		[
			'general_knowledge',
			'(?:qual (?:e |eh )?a capital d[aoe]|quem (?:descobriu|inventou|pintou|escreveu o livro)|quem ganhou (?:o jogo|a copa|a eleicao|as eleicoes)|quem foi o presidente|what is the capital of|who (?:invented|discovered|won the)|cual es la capital de|quien (?:invento|descubrio))',
		],
		[
			'roleplay',
			'(?:finja|finge|pretend|act as|aja como|atue como|haz de cuenta)(?: que)?(?: e| voce e| ser| to be| you are| eres| um| uma| a| an| my| meu| minha)* (?:namorad[oa]|girlfriend|boyfriend|psicolog[oa]|therapist|terapeuta|chatgpt|advogad[oa]|medic[oa]|doctor|lawyer)',
		],
	] as const
).map(([name, form]) => [name, new RegExp(`(?<![\\p{L}\\p{N}])(?:${form})(?![\\p{L}\\p{N}])`, 'u')] as const);

const phrase = (text: string): RegExp =>
	new RegExp(`(?<![\\p{L}\\p{N}])${words(text).join(' ')}(?![\\p{L}\\p{N}])`, 'u');

/**
 * Requests that are not of this business. Conservative: a clause that shares a subject word with what the business says about
 * itself goes to the model, whose prompt holds the same rule. A translation agency may be asked for translations.
 */
export const createOffScopeCheck: CheckFactory = (policy) => {
	const own = new Set(policy.scopeStems);
	const topics = policy.forbiddenTopics
		.filter((topic) => words(topic).length > 0)
		.map((topic) => ({ form: phrase(topic), stems: new Set(subjectStems(topic)) }));
	const isOwnSubject = (clause: string, besides: ReadonlySet<string>) =>
		subjectStems(clause).some((stem) => own.has(stem) && !besides.has(stem));

	const judge = (clause: string): CheckOutcome | null => {
		const request = REQUESTS.find(([, form]) => form.test(clause));
		if (request && !isOwnSubject(clause, new Set()))
			return fire('A request to a general assistant, not to this business.', { request: request[0] });
		const topic = topics.findIndex(({ form }) => form.test(clause));
		if (topic >= 0 && !isOwnSubject(clause, topics[topic].stems))
			return fire('A subject that the agent does not speak about.', { forbiddenTopic: topic });
		return null;
	};
	const fire = (reason: string, details: Record<string, unknown>): CheckOutcome => ({
		fired: true,
		action: policy.outOfScope.action === 'handoff' ? 'handoff' : 'block',
		reason,
		details,
	});

	return ({ context }) => {
		for (const clause of context.incoming.flatMap(({ text }) => clauses(text))) {
			const outcome = judge(clause);
			if (outcome) return outcome;
		}
		return pass('Nothing outside the scope of the business was recognised.');
	};
};
