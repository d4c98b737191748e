import type { Database } from '../database';
import { inTenant } from '../tenancy';

export type PageLanguage = 'en' | 'pt-BR';
/** `act`: customers wait or nothing is sent; `look`: something needs a person soon; `know`: told for completeness. */
export type HealthLevel = 'act' | 'look' | 'know';

export interface HealthFinding {
	code: string;
	/** How many things of the kind. */
	n: number;
	since: Date | null;
	level: HealthLevel;
	/** What it is and what to do, for a person. */
	advice: string;
}

type Advice = Record<PageLanguage, string> & { level: HealthLevel };

/** Every code of the function `ingest_health`: what to do about it. */
export const HEALTH_ADVICE: Record<string, Advice> = {
	events_pending: {
		level: 'look',
		en: 'Leads of Facebook forms wait to be imported. Publish 73-lead-ads-import, and look whether Lead Import > Connect has a token of the page.',
		'pt-BR':
			'Leads de formulários do Facebook esperam importação. Publique 73-lead-ads-import e veja se Lead Import > Connect tem um token da página.',
	},
	turns_overdue: {
		level: 'act',
		en: 'Customers wrote and nobody answers. Publish 20-conversation-worker, and look at its last executions.',
		'pt-BR':
			'Clientes escreveram e ninguém responde. Publique 20-conversation-worker e veja as últimas execuções dele.',
	},
	turns_retrying: {
		level: 'look',
		en: 'Answers failed and are tried again later. Look at the last executions of 20-conversation-worker: often the model key or its limit.',
		'pt-BR':
			'Respostas falharam e serão tentadas de novo. Veja as últimas execuções de 20-conversation-worker: muitas vezes é a chave do modelo ou o limite dela.',
	},
	dead_letters: {
		level: 'act',
		en: 'Answers were given up after all tries. Mend the cause that Queue Claim > List Dead Letters names, then Requeue Dead Letters.',
		'pt-BR':
			'Respostas foram abandonadas depois de todas as tentativas. Corrija a causa que Queue Claim > List Dead Letters mostra e use Requeue Dead Letters.',
	},
	sends_overdue: {
		level: 'act',
		en: 'Messages are ready and do not leave. Publish 30-outbox-sender, and look at its last executions.',
		'pt-BR': 'Mensagens prontas não saem. Publique 30-outbox-sender e veja as últimas execuções dele.',
	},
	sends_paused: {
		level: 'act',
		en: 'Messages wait because their number is paused. Mend what paused it, then Agent Factory > Channel Account > Resume.',
		'pt-BR':
			'Mensagens esperam porque o número está pausado. Corrija o motivo e use Agent Factory > Channel Account > Resume.',
	},
	sends_unknown: {
		level: 'look',
		en: 'Meta gave no answer to some sends. A status settles them; after 10 minutes ask the customer or settle them with Outbox Send > Settle Unknown. They are never sent again by themselves.',
		'pt-BR':
			'A Meta não respondeu a alguns envios. Um status os resolve; depois de 10 minutos confirme com o cliente ou resolva em Outbox Send > Settle Unknown. Nunca são reenviados sozinhos.',
	},
	accounts_paused: {
		level: 'act',
		en: 'A number is paused. Agent Factory > Channel Account > Get Paused says why; mend it and resume it.',
		'pt-BR': 'Um número está pausado. Agent Factory > Channel Account > Get Paused diz o motivo; corrija e retome.',
	},
	notices_failing: {
		level: 'look',
		en: 'Notices to your own systems fail and are tried again. Look whether the address answers.',
		'pt-BR': 'Avisos aos seus sistemas falham e serão tentados de novo. Veja se o endereço responde.',
	},
	notices_dead: {
		level: 'look',
		en: 'Notices were given up in the last day. Mend the receiver, then Agent Factory > Notification > Replay Notices.',
		'pt-BR':
			'Avisos foram abandonados no último dia. Corrija o destino e use Agent Factory > Notification > Replay Notices.',
	},
	sign_in_mails_failed: {
		level: 'look',
		en: 'Members asked for a link to sign in, and the mail server refused the mails. Look at the SMTP credential and the sender of Send Email in 62-dashboard.',
		'pt-BR':
			'Membros pediram um link para entrar e o servidor de e-mail recusou os e-mails. Veja a credencial SMTP e o remetente de Send Email em 62-dashboard.',
	},
	jobs_overdue: {
		level: 'look',
		en: 'Background work waits. Look which type with Agent Factory > Background Job > Get Many, and publish its workflow.',
		'pt-BR':
			'Tarefas de fundo esperam. Veja o tipo em Agent Factory > Background Job > Get Many e publique o workflow dele.',
	},
	jobs_failed: {
		level: 'look',
		en: 'Background work failed for good. Agent Factory > Background Job > Get Many shows the error; mend it and requeue.',
		'pt-BR':
			'Tarefas de fundo falharam de vez. Agent Factory > Background Job > Get Many mostra o erro; corrija e recoloque na fila.',
	},
	handoffs_overdue: {
		level: 'act',
		en: 'People wait for a person longer than promised. Open the hand-off page and answer.',
		'pt-BR': 'Pessoas esperam atendimento humano além do prazo. Abra a página de atendimento e responda.',
	},
	automation_stopped: {
		level: 'act',
		en: 'Everything automatic of this tenant is stopped by a person. Agent Factory > Tenant > Start Automation starts it.',
		'pt-BR':
			'Alguém parou tudo que é automático deste cliente. Agent Factory > Tenant > Start Automation liga de novo.',
	},
	proactive_stopped: {
		level: 'look',
		en: 'What we start is stopped because a day was out of proportion. Look at it, then Agent Factory > Sending > Close Breaker.',
		'pt-BR':
			'O que nós iniciamos está parado porque um dia saiu da proporção. Verifique e use Agent Factory > Sending > Close Breaker.',
	},
	figures_old: {
		level: 'know',
		en: 'The figures have not been counted for two hours. Publish 90-maintenance (Agent Factory > Analytics > Roll Up Days), or look at its last executions.',
		'pt-BR':
			'Os números não são contados há duas horas. Publique 90-maintenance (Agent Factory > Analytics > Roll Up Days) ou veja as últimas execuções dele.',
	},
};

const UNKNOWN: Advice = {
	level: 'look',
	en: 'Something waits that this version of the pack has no words for. Update the pack.',
	'pt-BR': 'Algo espera que esta versão do pacote não conhece. Atualize o pacote.',
};

export const adviceOf = (code: string, language: PageLanguage): { level: HealthLevel; advice: string } => {
	const found = HEALTH_ADVICE[code] ?? UNKNOWN;
	return { level: found.level, advice: found[language] };
};

const LEVELS: HealthLevel[] = ['act', 'look', 'know'];

/** What of a tenant is stuck, since when, and what to do: the worst first. An empty list is good. */
export async function ingestHealth(
	database: Database,
	tenantId: string,
	language: PageLanguage = 'en',
): Promise<HealthFinding[]> {
	const rows = await inTenant(
		database,
		tenantId,
		async (db) =>
			await db.all<{ code: string; n: number; since: Date | null }>(
				'select code, n, since from ingest_health($1::uuid)',
				[tenantId],
			),
	);
	const found = rows.map((row): HealthFinding => ({ ...row, ...adviceOf(row.code, language) }));
	return found.sort((a, b) => LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level));
}
