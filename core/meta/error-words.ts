import { ERROR_CLASSES, type GraphErrorName } from './error-table';
import { classifyGraphError, type GraphFault } from './errors';

export type AdviceLanguage = 'pt-BR' | 'en';

/** What an ops person does about it, in Brazilian Portuguese; English stands in the table itself. */
const PORTUGUESE: Record<GraphErrorName, string> = {
	connection_failed: 'Nada foi enviado. Verifique DNS, proxy e a saída HTTPS desta máquina.',
	outcome_unknown:
		'A Meta pode ter aceitado a mensagem. Espere um status dela ou resolva o envio à mão em Outbox Send > Settle Unknown.',
	app_rate_limit: 'O app da Meta atingiu o limite de chamadas. Espere alguns minutos e tente de novo.',
	account_rate_limit: 'A conta atingiu o limite de chamadas da Meta. Ela espera e continua sozinha.',
	call_rate_limit: 'Chamadas demais à Meta. Espere alguns minutos e tente de novo.',
	number_throughput: 'O número envia mais rápido do que a Meta permite. Diminua o ritmo na conta do canal.',
	pair_rate_limit: 'Mensagens demais para uma só pessoa. O resto espera; as outras pessoas não são afetadas.',
	number_maintenance: 'A Meta está atualizando o número. Ele volta em minutos.',
	server_unavailable: 'A Meta está fora do ar por um momento. Tente de novo em um minuto.',
	number_just_deleted: 'O número acabou de ser removido na Meta. Espere cinco minutos e registre de novo.',
	template_syncing: 'A Meta ainda prepara os modelos de marketing. Tente de novo em dez minutos.',
	outside_window: 'Mais de 24 horas desde a última mensagem desta pessoa: envie um modelo aprovado.',
	undeliverable:
		'Esta pessoa não pode ser alcançada no WhatsApp (sem conta, app antigo ou termos não aceitos). Confira o número ou use outro canal.',
	spam_rate_limit: 'Pessoas bloqueiam ou denunciam este número. Pare o marketing e veja a qualidade dele na Meta.',
	marketing_cap: 'Esta pessoa já recebeu marketing demais. Não repita em 24 horas; outras categorias ainda saem.',
	marketing_opt_out: 'Esta pessoa parou as mensagens de marketing. Não envie marketing de novo.',
	user_in_experiment: 'A Meta deixa esta pessoa fora do marketing por enquanto. Não há o que fazer.',
	user_blocked_by_us: 'A empresa bloqueou esta pessoa. Desbloqueie primeiro.',
	country_not_allowed: 'Esta empresa não pode escrever a pessoas desse país.',
	sender_is_recipient: 'Um número não escreve para si mesmo. Use outro telefone.',
	number_not_ready:
		'O número não está pronto para enviar: registre-o e tenha o nome de exibição aprovado no Gerenciador do WhatsApp.',
	payment_problem: 'Corrija a forma de pagamento da conta do WhatsApp nas configurações da empresa na Meta.',
	account_restricted: 'A Meta bloqueou ou restringiu a conta. Abra a Qualidade da conta no Gerenciador e peça revisão.',
	unsupported_type: 'O WhatsApp não conhece esse tipo de mensagem. Mude a mensagem.',
	media_failed: 'A Meta não conseguiu ler o arquivo. Envie-o de novo em outra mensagem.',
	user_id_not_allowed: 'Esse tipo não vai para quem só tem nome de usuário. Peça o telefone primeiro.',
	marketing_api_only: 'Este modelo só sai pelas Marketing Messages da Meta.',
	template_limit: 'A Meta limita modelos desta categoria. O limite cai sozinho.',
	template_data: 'Compare nome, idioma e variáveis com o modelo aprovado e envie de novo.',
	template_paused: 'A Meta pausou o modelo por baixa qualidade. Escolha outro ou espere que ele volte.',
	template_disabled: 'A Meta desativou o modelo. Crie um novo.',
	registration_fault: 'Falha de registro ou de PIN. Um administrador registra o número no Gerenciador do WhatsApp.',
	marketing_setup: 'Termine a configuração das Marketing Messages desta conta.',
	bad_request: 'A Meta recusou um dado: confira os IDs e o que foi digitado. O mesmo dado falha de novo.',
	object_not_found: 'O ID é desconhecido da Meta, ou este token não o vê: confira o ID e a qual empresa ele pertence.',
	token_invalid: 'O token expirou ou não é da Meta: gere um novo token de usuário do sistema e cole-o inteiro.',
	permission_missing:
		'O token não tem permissão para esta conta: atribua a conta ao usuário do sistema, dê a permissão ao app e gere um token novo.',
	identity_changed: 'A identidade da pessoa mudou. Confirme com ela e envie de novo.',
	group_fault: 'O grupo recusou a mensagem.',
	send_window_closed: 'Mais de 24 horas desde a última mensagem desta pessoa. Só uma pessoa ainda pode escrever.',
	profile_consent: 'A pessoa não permitiu ler o perfil. Continue sem ele.',
	person_unavailable: 'Esta pessoa não pode receber mensagens, ou a única resposta privada já foi usada.',
	rejected: 'A Meta recusou o pedido.',
};

/** Codes of which more can be said than of their class: Portuguese and English. */
const BY_CODE: Readonly<Record<number, readonly [string, string]>> = {
	0: [PORTUGUESE.token_invalid, 'The token is expired or no token of Meta: make a new one and paste it whole.'],
	190: [
		PORTUGUESE.token_invalid,
		'The token is expired or no token of Meta: make a new system user token and paste it whole.',
	],
	100: [
		PORTUGUESE.object_not_found,
		'The ID is unknown to Meta, or this token may not see it: check the ID and the business that owns it.',
	],
	133000: [
		'Um registro anterior ficou pela metade: cancele o registro do número no Gerenciador do WhatsApp e tente de novo.',
		'An earlier registration stopped half way: deregister the number in WhatsApp Manager, then try again.',
	],
	133005: [
		'O PIN está errado: este número já foi registrado com um PIN de verificação em duas etapas. Use esse PIN, ou redefina-o no Gerenciador do WhatsApp.',
		'The PIN is wrong: use the two-step verification PIN that the number already has, or reset it in WhatsApp Manager.',
	],
	133006: [
		'O número ainda não foi verificado: verifique-o por SMS ou ligação no Gerenciador do WhatsApp.',
		'The number is not verified yet: verify it by SMS or voice in WhatsApp Manager first.',
	],
	133008: [
		'PINs errados demais: a Meta bloqueou as tentativas por um tempo. Espere algumas horas e use o PIN certo.',
		'Too many wrong PINs: Meta blocks more tries for some time. Wait some hours, then use the right PIN.',
	],
	133009: [
		'PINs digitados rápido demais: espere alguns minutos antes de tentar de novo.',
		'PINs were tried too fast: wait some minutes before the next try.',
	],
	133010: [
		'O número não está registrado na Cloud API: registre-o com um PIN de seis dígitos na página do canal.',
		'The number is not registered with the Cloud API: register it with a six-digit PIN on the page of the channel.',
	],
	133015: [
		'O número acabou de ser removido na Meta: espere cinco minutos e registre de novo.',
		'The number was just deleted at Meta: wait five minutes, then register it again.',
	],
	133016: [
		'O registro está bloqueado por tentativas demais: espere 72 horas e tente uma vez, com o PIN certo.',
		'Registration is locked after too many tries: wait 72 hours, then try once with the right PIN.',
	],
};

const UNKNOWN: Record<AdviceLanguage, string> = {
	'pt-BR':
		'Este código não está na nossa lista. Procure-o em developers.facebook.com (WhatsApp Cloud API > Error codes), corrija e tente de novo; se continuar, abra um chamado na Meta com o código.',
	en: 'This code is not on our list. Look it up at developers.facebook.com (WhatsApp Cloud API > Error codes), mend it and try again; if it stays, open a ticket with Meta and name the code.',
};

/** What to do about a fault of Graph, by its code; a subcode that says more goes first. */
export function graphAdvice(fault: GraphFault, language: AdviceLanguage): string {
	const own = BY_CODE[fault.subcode ?? -1] ?? BY_CODE[fault.code ?? -1];
	if (own) return own[language === 'en' ? 1 : 0];
	const name = classifyGraphError(fault).name as GraphErrorName;
	if (name === 'rejected' || (name === 'outcome_unknown' && fault.code !== null && !KNOWN_DARK.has(fault.code)))
		return UNKNOWN[language];
	return language === 'en' ? ERROR_CLASSES[name].advice : PORTUGUESE[name];
}

/** Codes of which Meta itself says that it failed; another code with a 5xx is one that we do not know. */
const KNOWN_DARK = new Set([1, 2, 131000, 131016, 2494100]);
