import type { LeadClass } from '../leads';
import type { RejectReason } from './findings';
import type { GateResult } from './gate';
import type { CardLanguage } from './texts';

interface Words {
	title: string;
	escalation: string;
	changes: string;
	why: string;
	expected: string;
	backtest: string;
	noBacktest: string;
	columns: readonly [string, string, string, string];
	metrics: Record<GateResult['table'][number]['metric'], string>;
	verdicts: Record<GateResult['verdict'], string>;
	who: string;
	nobody: string;
	hotter: string;
	colder: string;
	affected(leads: number, days: number, changed: number, before: number, after: number): string;
	risk: string;
	cost: string;
	freeOfCharge: string;
	tokens(more: number): string;
	approve: string;
	reject: string;
	reason: string;
	moreData: string;
	edit: string;
	editHint: string;
	sendEdit: string;
	close: string;
	reasons: Record<RejectReason, string>;
	decided: Record<'approved' | 'rejected' | 'needs_data' | 'edited' | 'escalation_closed' | 'superseded', string>;
	done: string;
	failed: string;
	/** What is wrong, by the error's code; of the others the error's own words. */
	failures: Readonly<Record<string, string>>;
	person(name: string): string;
	classes: Record<LeadClass, string>;
}

const CLASSES: Record<LeadClass, string> = {
	LEAD_HOT: 'HOT',
	LEAD_WARM: 'WARM',
	LEAD_COLD: 'COLD',
	PESSOAL: 'PESSOAL',
	SPAM: 'SPAM',
	DESQUALIFICADO: 'DESQUALIFICADO',
};

/** Forged, foreign, expired, or of a suggestion that is gone: one answer, so that nobody learns which. */
const refused = (text: string): Record<string, string> => ({
	APPROVAL_LINK_EXPIRED: text,
	APPROVAL_LINK_INVALID: text,
	NOT_FOUND: text,
});

export const WORDS: Record<CardLanguage, Words> = {
	'pt-BR': {
		title: 'Sugestão de melhoria',
		escalation: 'Precisa de uma pessoa',
		changes: 'O que muda',
		why: 'Por quê',
		expected: 'Efeito esperado',
		backtest: 'Teste com leads guardados, com o mesmo volume de HOT',
		noBacktest: 'Não há teste com leads guardados para esta mudança: o efeito só aparece em conversas reais.',
		columns: ['', 'Hoje', 'Com a mudança', 'Diferença (90 %)'],
		metrics: {
			hot_volume: 'Leads HOT',
			precision: 'Precisão',
			recall: 'Recall (conversões entre os HOT)',
			false_positives_per_1000: 'Falsos positivos por 1.000',
			false_negatives_per_1000: 'Falsos negativos por 1.000',
			ece: 'Erro de calibração',
		},
		verdicts: {
			pass: 'Aprovado no teste',
			reject: 'Reprovado no teste',
			needs_data: 'Dados insuficientes para concluir',
		},
		who: 'Quem seria afetado',
		nobody: 'Ninguém mudaria de classe.',
		hotter: 'Subiriam',
		colder: 'Desceriam',
		affected: (leads, days, changed, before, after) =>
			`${changed} de ${leads} pessoas dos últimos ${days} dias mudariam de classe; HOT: ${before} → ${after}.`,
		risk: 'Risco',
		cost: 'Custo',
		freeOfCharge: 'Nenhum custo por mensagem: as regras não usam tokens.',
		tokens: (more) => `${more >= 0 ? '+' : ''}${more} tokens de entrada por resposta (estimativa).`,
		approve: 'Aprovar em 10 %',
		reject: 'Rejeitar',
		reason: 'Motivo',
		moreData: 'Pedir mais dados',
		edit: 'Editar',
		editHint: 'As operações em JSON, no máximo seis. A versão editada é uma nova sugestão e passa de novo pelo teste.',
		sendEdit: 'Enviar edição',
		close: 'Li e vou cuidar disso',
		reasons: {
			wrong: 'Está errada',
			too_risky: 'Arriscada demais',
			not_now: 'Agora não',
			unclear: 'Não está clara',
			off_brand: 'Não combina com a marca',
			other: 'Outro motivo',
		},
		decided: {
			approved: 'Aprovada. 10 % das pessoas encontram a mudança a partir de agora.',
			rejected: 'Rejeitada. Ela não volta a ser sugerida por 30 dias.',
			needs_data: 'Anotado. A sugestão espera por mais dados.',
			edited: 'A sugestão editada foi criada e passa agora pelo teste.',
			escalation_closed: 'Anotado. A tarefa está encerrada.',
			superseded: 'Outra versão já está em uso, por isso esta sugestão foi encerrada.',
		},
		done: 'Anotado',
		failed: 'Não deu certo',
		failures: {
			...refused(
				'Este link não abre nada: ele venceu, chegou pela metade, ou a sugestão mudou. Peça um novo, ou decida no n8n.',
			),
			APPROVAL_LINK_USED: 'Este link já foi usado: cada link vale uma decisão. Para outra decisão, peça um novo.',
			SUGGESTION_INVALID: 'A edição não pode ser usada: corrija as operações e envie de novo.',
			VALUE_REFUSED: 'Faltou algo no que foi enviado, ou foi escolhido o que a página não oferece. Decida de novo.',
			WRONG_STATE: 'Sobre esta sugestão já se decidiu de outro modo. Veja no n8n em que pé ela está.',
			ROLLOUT_REFUSED:
				'A mudança não pode começar agora: outra está em teste, ou as mudanças estão suspensas. Nada mudou e o link ainda vale; tente mais tarde ou veja o motivo no n8n.',
		},
		person: (name) => `Decisão em nome de ${name}.`,
		classes: CLASSES,
	},
	en: {
		title: 'Suggested improvement',
		escalation: 'A person is needed',
		changes: 'What changes',
		why: 'Why',
		expected: 'Expected effect',
		backtest: 'Test on held-back leads, at equal HOT volume',
		noBacktest: 'There is no test on held-back leads for this change: its effect shows in real conversations only.',
		columns: ['', 'Today', 'With the change', 'Difference (90 %)'],
		metrics: {
			hot_volume: 'HOT leads',
			precision: 'Precision',
			recall: 'Recall (conversions among HOT)',
			false_positives_per_1000: 'False positives per 1,000',
			false_negatives_per_1000: 'False negatives per 1,000',
			ece: 'Calibration error',
		},
		verdicts: { pass: 'Passed the test', reject: 'Failed the test', needs_data: 'Too little data to tell' },
		who: 'Who would be affected',
		nobody: 'Nobody would change class.',
		hotter: 'Would rise',
		colder: 'Would fall',
		affected: (leads, days, changed, before, after) =>
			`${changed} of ${leads} people of the last ${days} days would change class; HOT: ${before} → ${after}.`,
		risk: 'Risk',
		cost: 'Cost',
		freeOfCharge: 'Nothing per message: rules use no tokens.',
		tokens: (more) => `${more >= 0 ? '+' : ''}${more} input tokens a reply (estimate).`,
		approve: 'Approve for 10 %',
		reject: 'Reject',
		reason: 'Reason',
		moreData: 'Ask for more data',
		edit: 'Edit',
		editHint: 'The operations as JSON, six at most. What you edit is a new suggestion and goes through the test again.',
		sendEdit: 'Send the edit',
		close: 'I have read it and will see to it',
		reasons: {
			wrong: 'It is wrong',
			too_risky: 'Too risky',
			not_now: 'Not now',
			unclear: 'Not clear',
			off_brand: 'Does not fit the brand',
			other: 'Another reason',
		},
		decided: {
			approved: 'Approved. From now on 10 % of people meet the change.',
			rejected: 'Rejected. It will not be suggested again for 30 days.',
			needs_data: 'Noted. The suggestion waits for more data.',
			edited: 'The edited suggestion was made and goes through the test now.',
			escalation_closed: 'Noted. The task is closed.',
			superseded: 'Another version is in use by now, so this suggestion was closed.',
		},
		done: 'Noted',
		failed: 'That did not work',
		failures: {
			...refused(
				'This link opens nothing: it has expired, came incomplete, or the suggestion has changed. Ask for a new one, or decide in n8n.',
			),
		},
		person: (name) => `Decided in the name of ${name}.`,
		classes: CLASSES,
	},
};
