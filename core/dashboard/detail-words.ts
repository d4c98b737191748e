import type { PageLanguage } from '../pages';

interface Words {
	back: string;
	replies: string;
	noReplies: string;
	why: string;
	said: string;
	asked: string;
	history: string;
	class: string;
	noClass: string;
	score(classification: string, score: number): string;
	ofBefore: string;
	versions: string;
	agent: string;
	prompt: string;
	persona: string;
	rules(count: number): string;
	documents: string;
	tools: string;
	noTools: string;
	checks: string;
	noChecks: string;
	fired: string;
	passed: string;
	sending: string;
	times: Record<'createdAt' | 'sentAt' | 'deliveredAt' | 'readAt' | 'failedAt' | 'unknownSince', string>;
	cost: string;
	calls: Record<'model' | 'purpose' | 'tokens' | 'latency', string>;
	gone: Record<'taken_back' | 'retention', string>;
	removed: Record<'turn' | 'model_calls' | 'send' | 'texts', string>;
	authors: Record<string, string>;
	thisPart(at: number, of: number): string;
	compare: string;
	before: string;
	after: string;
	changed(added: number, removed: number): string;
	cut(lines: number): string;
	sameText: string;
	inService: string;
	restore(version: number): string;
	askTitle(target: string, version: number): string;
	affected(people: number, lastWeek: number, open: number): string;
	endsRollout: string;
	reason: string;
	reasonMissing: string;
	reasonTooLong(most: number): string;
	confirm: string;
	restored(version: number): string;
	unchanged: string;
	noVersions: string;
	breaker: string;
	breakerOpen(target: string, since: string, reason: string): string;
	breakerHalfOpen(target: string): string;
	tryAgain: string;
	close: string;
	breakerSet: string;
	breakerMoved: string;
	/** What is wrong, by the error's code; of the others the error's own words. */
	failures: Readonly<Record<string, string>>;
}

export const DETAIL_WORDS: Record<PageLanguage, Words> = {
	en: {
		back: 'Back',
		replies: 'The latest answers',
		noReplies: 'The agent has not answered anybody yet.',
		why: 'Why did it say that?',
		said: 'It said',
		asked: 'It was asked',
		history: 'What it looked back on',
		class: 'Who it took the person for',
		noClass: 'The person was not classified.',
		score: (classification, score) => `${classification}, ${score} of 100`,
		ofBefore: 'from an earlier message',
		versions: 'Versions that answered',
		agent: 'Agent',
		prompt: 'Prompt',
		persona: 'Persona',
		rules: (count) => `${count} learned rules`,
		documents: 'Documents',
		tools: 'Tools it called',
		noTools: 'None.',
		checks: 'Checks before it left',
		noChecks: 'No check had anything to say.',
		fired: 'stepped in',
		passed: 'nothing to object',
		sending: 'On its way',
		times: {
			createdAt: 'written',
			sentAt: 'sent',
			deliveredAt: 'delivered',
			readAt: 'read',
			failedAt: 'failed',
			unknownSince: 'unknown since',
		},
		cost: 'Cost',
		calls: { model: 'Model', purpose: 'For', tokens: 'Tokens in / out', latency: 'Seconds' },
		gone: { taken_back: '(taken back by its writer)', retention: '(text removed: its time was over)' },
		removed: {
			turn: 'Checks and versions were removed after 400 days.',
			model_calls: 'Model calls were removed after 400 days.',
			send: 'The times of sending were removed after 35 days.',
			texts: 'Texts were removed as this client’s retention says.',
		},
		authors: { contact: 'customer', agent: 'agent', human: 'a person', system: 'system' },
		thisPart: (at, of) => `Part ${at} of ${of} of one answer.`,
		compare: 'Compare with the one before',
		before: 'Before',
		after: 'After',
		changed: (added, removed) => `${added} lines came, ${removed} went.`,
		cut: (lines) => `${lines} lines more are not shown.`,
		sameText: 'The texts are the same.',
		inService: 'in service',
		restore: (version) => `Put version ${version} back in service`,
		askTitle: (target, version) => `${target} ${version}: back in service?`,
		affected: (people, lastWeek, open) =>
			`${people} people have met the version in service, ${lastWeek} of them in the last week; ${open} conversations are open. From their next message on they meet the other one.`,
		endsRollout: 'A roll-out is running: it ends with this.',
		reason: 'Why',
		reasonMissing: 'Say why: it stands in the log.',
		reasonTooLong: (most) => `Shorten the reason: ${most} characters at most.`,
		confirm: 'Yes, put it back',
		restored: (version) => `Version ${version} is in service.`,
		unchanged: 'It is in service already.',
		noVersions: 'No version has been in service yet.',
		breaker: 'Breaker',
		breakerOpen: (target, since, reason) =>
			`${target}: stopped since ${since} (${reason}). Nothing changes by itself until a person closes it.`,
		breakerHalfOpen: (target) => `${target}: half open, one change a week for a tenth of the people.`,
		tryAgain: 'Half open it',
		close: 'Close it',
		breakerSet: 'Done. It is noted in your name.',
		breakerMoved: 'It was moved meanwhile, by somebody else or by the loop. Look at where it stands now.',
		failures: {},
	},
	'pt-BR': {
		back: 'Voltar',
		replies: 'As últimas respostas',
		noReplies: 'O agente ainda não respondeu a ninguém.',
		why: 'Por que ele disse isso?',
		said: 'Ele disse',
		asked: 'Perguntaram',
		history: 'O que ele leu antes',
		class: 'Por quem ele tomou a pessoa',
		noClass: 'A pessoa não foi classificada.',
		score: (classification, score) => `${classification}, ${score} de 100`,
		ofBefore: 'de uma mensagem anterior',
		versions: 'Versões que responderam',
		agent: 'Agente',
		prompt: 'Prompt',
		persona: 'Persona',
		rules: (count) => `${count} regras aprendidas`,
		documents: 'Documentos',
		tools: 'Ferramentas que ele usou',
		noTools: 'Nenhuma.',
		checks: 'Verificações antes de sair',
		noChecks: 'Nenhuma verificação teve o que dizer.',
		fired: 'interveio',
		passed: 'nada a objetar',
		sending: 'O caminho dela',
		times: {
			createdAt: 'escrita',
			sentAt: 'enviada',
			deliveredAt: 'entregue',
			readAt: 'lida',
			failedAt: 'falhou',
			unknownSince: 'desconhecida desde',
		},
		cost: 'Custo',
		calls: { model: 'Modelo', purpose: 'Para', tokens: 'Tokens entrada / saída', latency: 'Segundos' },
		gone: { taken_back: '(apagada por quem escreveu)', retention: '(texto removido: o prazo acabou)' },
		removed: {
			turn: 'Verificações e versões foram removidas depois de 400 dias.',
			model_calls: 'Chamadas ao modelo foram removidas depois de 400 dias.',
			send: 'Os horários de envio foram removidos depois de 35 dias.',
			texts: 'Os textos foram removidos como manda a retenção deste cliente.',
		},
		authors: { contact: 'cliente', agent: 'agente', human: 'uma pessoa', system: 'sistema' },
		thisPart: (at, of) => `Parte ${at} de ${of} de uma resposta.`,
		compare: 'Comparar com a anterior',
		before: 'Antes',
		after: 'Depois',
		changed: (added, removed) => `${added} linhas entraram, ${removed} saíram.`,
		cut: (lines) => `Mais ${lines} linhas não são mostradas.`,
		sameText: 'Os textos são iguais.',
		inService: 'em uso',
		restore: (version) => `Voltar a usar a versão ${version}`,
		askTitle: (target, version) => `${target} ${version}: voltar a usar?`,
		affected: (people, lastWeek, open) =>
			`${people} pessoas encontraram a versão em uso, ${lastWeek} delas na última semana; ${open} conversas estão abertas. A partir da próxima mensagem elas encontram a outra.`,
		endsRollout: 'Um teste de versões está em curso: ele termina com isto.',
		reason: 'Por quê',
		reasonMissing: 'Diga por quê: isso fica no registro.',
		reasonTooLong: (most) => `Encurte o motivo: no máximo ${most} caracteres.`,
		confirm: 'Sim, voltar a usar',
		restored: (version) => `A versão ${version} está em uso.`,
		unchanged: 'Ela já está em uso.',
		noVersions: 'Nenhuma versão esteve em uso ainda.',
		breaker: 'Disjuntor',
		breakerOpen: (target, since, reason) =>
			`${target}: parado desde ${since} (${reason}). Nada muda sozinho até uma pessoa fechar.`,
		breakerHalfOpen: (target) => `${target}: meio aberto, uma mudança por semana para um décimo das pessoas.`,
		tryAgain: 'Abrir pela metade',
		close: 'Fechar',
		breakerSet: 'Pronto. Fica registrado em seu nome.',
		breakerMoved: 'Ele mudou enquanto isso, por outra pessoa ou sozinho. Veja como está agora.',
		failures: {
			ROLLOUT_REFUSED: 'Isto não pode ser feito agora: outra mudança está em curso. Tente mais tarde.',
			WRONG_STATE:
				'Isto não pode ser feito: a situação mudou enquanto isso, ou a versão é de um agente que não está em uso.',
			PERSON_NEEDED: 'Só uma pessoa com nome pode fazer isto.',
		},
	},
};
