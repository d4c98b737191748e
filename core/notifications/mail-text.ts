import { MAX_FACT, MAX_SUBJECT } from './defaults';
import type { MailedEvent, NoticePayload } from './events';

export type MailLanguage = 'pt-BR' | 'en';

/** What happened, and what to do about it. */
type Words = readonly [headline: string, advice: string];

const EVENTS: Record<MailLanguage, Record<MailedEvent, Words>> = {
	'pt-BR': {
		'conversation.handoff': [
			'Uma conversa espera por uma pessoa',
			'Abra a página, assuma e responda: o robô fica em silêncio até você devolver a conversa.',
		],
		'handoff.overdue': [
			'Uma conversa espera há tempo demais por uma pessoa',
			'Ninguém respondeu no prazo. Abra a página e assuma.',
		],
		'suggestion.created': ['Uma sugestão de melhoria espera a sua decisão', 'Aprove ou recuse antes que ela expire.'],
		'suggestion.applied': [
			'Uma mudança começou a ser testada com uma parte dos contatos',
			'Nada a fazer: ela avança ou é desfeita pelos resultados. Você pode desfazê-la quando quiser.',
		],
		'suggestion.escalated': [
			'A qualidade caiu e a causa precisa de uma pessoa',
			'Leia a tarefa, corrija o que for preciso e encerre-a.',
		],
		'rollout.advanced': ['A mudança em teste passou para mais contatos', 'Nada a fazer.'],
		'rollout.promoted': ['A mudança em teste agora vale para todos os contatos', 'Nada a fazer.'],
		'rollout.rolled_back': [
			'A mudança em teste foi desfeita',
			'A versão anterior responde a todos. Leia o motivo antes de tentar de novo.',
		],
		'rollout.expired': [
			'O teste de uma mudança terminou sem resultado',
			'A versão anterior continua. Com poucos contatos, uma pessoa pode decidir.',
		],
		'breaker.opened': [
			'As mudanças automáticas pararam',
			'Elas só voltam quando uma pessoa as libera, depois de entender o motivo.',
		],
		'practice.withdrawn': [
			'Uma prática compartilhada foi retirada',
			'O que veio dela foi desfeito. Onde outra versão se apoia nela, uma sugestão espera a decisão de uma pessoa.',
		],
		'call.due': ['Há uma ligação a fazer', 'Abra o nó Voice Call > Get Tasks no n8n, ligue e conclua a tarefa.'],
		'channel.trouble': [
			'Um canal parou de enviar mensagens',
			'As mensagens são guardadas e esperam. Leia o motivo, corrija e retome o canal: Agent Factory > Channel Account > Resume.',
		],
		'endpoint.disabled': [
			'Um endereço de avisos foi desativado',
			'Corrija o sistema que recebe e ative-o: Agent Factory > Notification > Enable Endpoint. Replay Notices envia o que ele perdeu.',
		],
		'proactive.breaker_opened': [
			'O envio de mensagens que nós iniciamos parou',
			'Hoje saíram muito mais mensagens do que de costume. Entenda o motivo e libere: Agent Factory > Sending > Close Breaker. As respostas continuam.',
		],
		'plan.message_spend': [
			'O limite de gasto com mensagens do mês foi atingido',
			'Nada que nós iniciamos sai até o mês que vem ou até um limite maior: Agent Factory > Sending > Save Settings. As respostas continuam.',
		],
	},
	en: {
		'conversation.handoff': [
			'A conversation waits for a person',
			'Open the page, take it and answer: the bot is silent until you give the conversation back.',
		],
		'handoff.overdue': [
			'A conversation has waited too long for a person',
			'Nobody answered in time. Open the page and take it.',
		],
		'suggestion.created': [
			'A suggested improvement waits for your decision',
			'Approve or reject it before it expires.',
		],
		'suggestion.applied': [
			'A change is being tried on a part of the contacts',
			'Nothing to do: it advances or is taken back by its results. You can take it back at any time.',
		],
		'suggestion.escalated': [
			'Quality fell, and the cause needs a person',
			'Read the task, correct what it names and close it.',
		],
		'rollout.advanced': ['The change being tried now meets more contacts', 'Nothing to do.'],
		'rollout.promoted': ['The change being tried is now in service for all contacts', 'Nothing to do.'],
		'rollout.rolled_back': [
			'The change being tried was taken back',
			'The version before answers everybody. Read the reason before you try again.',
		],
		'rollout.expired': [
			'The trial of a change ended without a result',
			'The version before stays. With few contacts a person may decide.',
		],
		'breaker.opened': ['Automatic changes have stopped', 'They go on when a person who knows the reason lets them.'],
		'practice.withdrawn': [
			'A shared practice was withdrawn',
			'What came from it was undone. Where another version stands on it, a suggestion waits for a person.',
		],
		'call.due': ['There is somebody to call', 'Open Voice Call > Get Tasks in n8n, call, and complete the task.'],
		'channel.trouble': [
			'A channel has stopped sending',
			'Messages are stored and wait. Read the reason, mend it and resume the channel: Agent Factory > Channel Account > Resume.',
		],
		'endpoint.disabled': [
			'An address for notices was disabled',
			'Mend the system that receives them and enable it: Agent Factory > Notification > Enable Endpoint. Replay Notices sends what it missed.',
		],
		'proactive.breaker_opened': [
			'The messages that we start have stopped',
			'Far more of them left today than usual. Find out why and let go: Agent Factory > Sending > Close Breaker. Answers go on.',
		],
		'plan.message_spend': [
			"The month's cap on message spending is reached",
			'Nothing that we start leaves until next month or a higher cap: Agent Factory > Sending > Save Settings. Answers go on.',
		],
	},
};

/** One for all conversations that a thrown switch handed to people. */
const STOPPED: Record<MailLanguage, Record<string, Words>> = {
	'pt-BR': {
		'conversation.handoff': [
			'Os robôs estão parados: quem escreve espera por uma pessoa',
			'Este é o único aviso desta parada. A fila da página mostra todas as conversas; ao religar, o robô assume as que ninguém respondeu.',
		],
		'handoff.overdue': [
			'Os robôs estão parados e há gente esperando há tempo demais',
			'Abra a fila e responda, ou religue: Agent Factory > Tenant > Start Automation. Este aviso vale por todas as conversas.',
		],
	},
	en: {
		'conversation.handoff': [
			'The bots are stopped: whoever writes waits for a person',
			'This is the only notice of this stop. The queue on the page shows all conversations; started again, the bot takes those that nobody answered.',
		],
		'handoff.overdue': [
			'The bots are stopped, and people have waited too long',
			'Open the queue and answer, or start them again: Agent Factory > Tenant > Start Automation. This notice stands for all conversations.',
		],
	},
};

/** Facts that people read, in this order; the rest of a notice is for machines. */
const LABELS: Record<MailLanguage, Readonly<Record<string, string>>> = {
	'pt-BR': {
		...{ target: 'Alvo', type: 'Tipo', operations: 'Alterações', step: 'Etapa', scope: 'Alcance', reason: 'Motivo' },
		...{ classification: 'Classe', score: 'Nota', dueAt: 'Responder até', level: 'Aviso' },
		...{ expiresAt: 'Expira em', suggestionId: 'Sugestão', rolloutId: 'Teste', agentId: 'Agente', subjectId: 'Id' },
	},
	en: {
		...{ target: 'Target', type: 'Type', operations: 'Changes', step: 'Step', scope: 'Scope', reason: 'Reason' },
		...{ classification: 'Class', score: 'Score', dueAt: 'Answer by', level: 'Reminder' },
		...{ expiresAt: 'Expires', suggestionId: 'Suggestion', rolloutId: 'Roll-out', agentId: 'Agent', subjectId: 'Id' },
	},
};

/** Subject and text of an e-mail: plain text, one line a fact, no word of a customer. */
export function mailText(
	{ type, timestamp, data }: NoticePayload,
	tenantName: string,
	language: MailLanguage,
	link: string | null = null,
): { subject: string; text: string } {
	const stopped = data.reason === 'automation_stopped' ? STOPPED[language][type] : undefined;
	const [headline, advice] = stopped ?? EVENTS[language][type as MailedEvent];
	const facts = Object.entries(LABELS[language])
		.filter(([key]) => ['string', 'number'].includes(typeof data[key]) && data[key] !== '')
		.map(([key, label]) => `${label}: ${oneLine(String(data[key]), MAX_FACT)}`);
	return {
		subject: oneLine(`[${tenantName}] ${headline}`, MAX_SUBJECT),
		text: [`${headline}.`, '', ...facts, timestamp, '', advice, ...(link ? ['', link] : [])].join('\n'),
	};
}

// eslint-disable-next-line no-control-regex -- what a mailer could take for the end of a header
const oneLine = (text: string, length: number): string => text.replace(/[\u0000-\u001f\u007f]+/g, ' ').slice(0, length);
