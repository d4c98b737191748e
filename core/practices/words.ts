import type { PageLanguage } from '../pages';
import type { PracticesSaid } from './page';

interface Words {
	title: string;
	intro: string;
	consents: string;
	shareFrom(channel: string): string;
	receive: string;
	agree: string;
	withdraw: string;
	isGiven: string;
	isNotGiven: string;
	onlyOwners: string;
	textVersion(version: string): string;
	said: Record<PracticesSaid, string>;
	shared: string;
	sharedHint: string;
	nothingShared: string;
	received: string;
	receivedHint: string;
	nothingReceived: string;
	receipts: string;
	noReceipts: string;
	practice: string;
	leads: string;
	since: string;
	withdrawn: string;
	offered: string;
	state: string;
	before: string;
	after: string;
	when: string;
	what: string;
	who: string;
	text: string;
	agreed: string;
	tookBack: string;
	states: Readonly<Record<string, string>>;
	how: Readonly<Record<string, string>>;
}

export const PRACTICES_WORDS: Record<PageLanguage, Words> = {
	'pt-BR': {
		title: 'Práticas compartilhadas',
		intro:
			'O que negócios aprendem uns com os outros, só quando os dois lados concordam. Nada é compartilhado sem autorização.',
		consents: 'Autorizações',
		shareFrom: (channel) => `Compartilhar resultados do ${channel}`,
		receive: 'Receber práticas',
		agree: 'Autorizar',
		withdraw: 'Retirar autorização',
		isGiven: '✓ Autorizado',
		isNotGiven: 'Não autorizado',
		onlyOwners: 'Só proprietários e administradores autorizam e retiram autorizações.',
		textVersion: (version) => `Texto de ${version}.`,
		said: {
			given: 'Autorização registrada.',
			withdrawn:
				'Autorização retirada. O efeito é imediato; o que for preciso desfazer em outros lugares já está na fila.',
			unchanged: 'Nada mudou: já estava assim.',
		},
		shared: 'O que compartilhamos',
		sharedHint:
			'Práticas que contam resultados nossos, e quantas pessoas nossas entraram na conta. O que foi retirado não conta mais.',
		nothingShared: 'Nenhum resultado nosso está em uma prática.',
		received: 'O que recebemos',
		receivedHint: 'A conversão é a do nosso próprio teste: com a versão anterior e com a nova.',
		nothingReceived: 'Nenhuma prática chegou até agora.',
		receipts: 'Comprovantes',
		noReceipts: 'Nenhuma autorização foi dada ou retirada.',
		practice: 'Prática',
		leads: 'Leads nossos',
		since: 'Desde',
		withdrawn: 'Retirado em',
		offered: 'Oferecida em',
		state: 'Situação',
		before: 'Conversão antes',
		after: 'Conversão depois',
		when: 'Quando',
		what: 'O quê',
		who: 'Quem',
		text: 'Texto',
		agreed: 'Autorizou',
		tookBack: 'Retirou',
		states: {
			awaiting_approval: 'espera aprovação',
			needs_data: 'espera uma pessoa',
			approved: 'aprovada',
			canary10: 'em teste com 10 %',
			canary50: 'em teste com 50 %',
			active: 'em uso',
			rejected: 'recusada',
			rolled_back: 'desfeita',
			superseded: 'encerrada',
			expired: 'expirou',
		},
		how: {
			offer_closed: 'retirada antes do uso',
			rollout_stopped: 'retirada; o teste parou',
			version_restored: 'retirada; a versão anterior voltou',
			needs_person: 'retirada; uma sugestão espera uma pessoa',
			nothing_live: 'retirada; não estava em uso',
		},
	},
	en: {
		title: 'Shared practices',
		intro: 'What businesses learn from each other, only when both sides agreed. Nothing is shared without consent.',
		consents: 'Consents',
		shareFrom: (channel) => `Share results from ${channel}`,
		receive: 'Receive practices',
		agree: 'Agree',
		withdraw: 'Take back',
		isGiven: '✓ Agreed',
		isNotGiven: 'Not agreed',
		onlyOwners: 'Only owners and admins agree and take back.',
		textVersion: (version) => `Wording of ${version}.`,
		said: {
			given: 'Your consent is on record.',
			withdrawn: 'Your consent is taken back, at once; what has to be undone elsewhere is in the queue.',
			unchanged: 'Nothing changed: it stood like this already.',
		},
		shared: 'What we share',
		sharedHint:
			'Practices that count results of ours, and how many people of ours are in them. What was taken out counts no more.',
		nothingShared: 'No result of ours is in a practice.',
		received: 'What we received',
		receivedHint: 'Conversion is that of our own trial: with the version before and with the new one.',
		nothingReceived: 'No practice has arrived yet.',
		receipts: 'Receipts',
		noReceipts: 'No consent was given or taken back.',
		practice: 'Practice',
		leads: 'Leads of ours',
		since: 'Since',
		withdrawn: 'Taken out',
		offered: 'Offered',
		state: 'State',
		before: 'Conversion before',
		after: 'Conversion after',
		when: 'When',
		what: 'What',
		who: 'Who',
		text: 'Wording',
		agreed: 'Agreed',
		tookBack: 'Took back',
		states: {
			awaiting_approval: 'waits for approval',
			needs_data: 'waits for a person',
			approved: 'approved',
			canary10: 'tried with 10 %',
			canary50: 'tried with 50 %',
			active: 'in use',
			rejected: 'refused',
			rolled_back: 'undone',
			superseded: 'closed',
			expired: 'expired',
		},
		how: {
			offer_closed: 'withdrawn before use',
			rollout_stopped: 'withdrawn; the trial stopped',
			version_restored: 'withdrawn; the version before is back',
			needs_person: 'withdrawn; a suggestion waits for a person',
			nothing_live: 'withdrawn; it was not in use',
		},
	},
};
