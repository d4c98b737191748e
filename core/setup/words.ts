import type { PageLanguage } from '../pages';
import type { Check } from './checklist';

interface Words {
	title: string;
	done: string;
	next: string;
	later: string;
	allDone: string;
	progress(done: number, all: number): string;
	looks: string;
	waits: string;
	checks: Record<Check, { name: string; todo: string }>;
}

export const SETUP_WORDS: Record<PageLanguage, Words> = {
	en: {
		title: 'Setup',
		done: 'Done',
		next: 'Next',
		later: 'Later',
		allDone:
			'Everything works. Publish the other workflows you want, and onboard your first client with workflow 60. For members to sign in by mail, give Send Email in workflow 62 an SMTP credential and switch it on.',
		progress: (done, all) => `${done} of ${all} done`,
		looks: 'Nothing has to be ticked off: load this page again, and what is done is green.',
		waits: 'A message has come and waits: publish workflows 20 and 30, and look at their executions.',
		checks: {
			database: { name: 'Database', todo: 'Run workflow 00: it creates and updates the tables.' },
			verifyToken: {
				name: 'Verify token',
				todo: 'Publish workflow 10. In Meta’s app dashboard, WhatsApp > Configuration, put its production URL and the verify token of your Meta App credential, and press Verify and save.',
			},
			metaApp: {
				name: 'Meta app',
				todo: 'In Meta’s app dashboard, WhatsApp > Configuration, subscribe to "messages". The first signed webhook that arrives proves the app secret; "Test" beside the field sends one.',
			},
			tenant: {
				name: 'First client',
				todo: 'Create the client and connect its number: workflow 60 does both, or Agent Factory > Tenant > Create and Channel Account > Create.',
			},
			agent: { name: 'Agent', todo: 'Compile and activate an agent: workflow 60 does it, or the Agent Compiler node.' },
			modelKey: {
				name: 'Model key',
				todo: 'Choose the Anthropic or OpenAI credential in workflow 20. The first answer of the model proves the key.',
			},
			testMessage: {
				name: 'Test message',
				todo: 'Publish workflows 20 and 30 and write to the number from your own phone. The answer that leaves turns this green.',
			},
		},
	},
	'pt-BR': {
		title: 'Instalação',
		done: 'Pronto',
		next: 'A seguir',
		later: 'Depois',
		allDone:
			'Tudo funciona. Publique os outros fluxos que quiser e cadastre o primeiro cliente com o fluxo 60. Para os membros entrarem por e-mail, dê uma credencial SMTP ao Send Email do fluxo 62 e ligue-o.',
		progress: (done, all) => `${done} de ${all} prontos`,
		looks: 'Não é preciso marcar nada: carregue esta página de novo, e o que está pronto fica verde.',
		waits: 'Uma mensagem chegou e espera: publique os fluxos 20 e 30 e veja as execuções deles.',
		checks: {
			database: { name: 'Banco de dados', todo: 'Execute o fluxo 00: ele cria e atualiza as tabelas.' },
			verifyToken: {
				name: 'Token de verificação',
				todo: 'Publique o fluxo 10. No painel do app da Meta, WhatsApp > Configuração, informe a URL de produção dele e o token de verificação da sua credencial Meta App, e aperte Verificar e salvar.',
			},
			metaApp: {
				name: 'App da Meta',
				todo: 'No painel do app da Meta, em WhatsApp > Configuração, assine "messages". O primeiro webhook assinado que chega prova a chave secreta do app; "Testar" ao lado do campo envia um.',
			},
			tenant: {
				name: 'Primeiro cliente',
				todo: 'Crie o cliente e conecte o número dele: o fluxo 60 faz os dois, ou Agent Factory > Tenant > Create e Channel Account > Create.',
			},
			agent: { name: 'Agente', todo: 'Compile e ative um agente: o fluxo 60 faz isso, ou o node Agent Compiler.' },
			modelKey: {
				name: 'Chave do modelo',
				todo: 'Escolha a credencial da Anthropic ou da OpenAI no fluxo 20. A primeira resposta do modelo prova a chave.',
			},
			testMessage: {
				name: 'Mensagem de teste',
				todo: 'Publique os fluxos 20 e 30 e escreva para o número do seu próprio telefone. A resposta que sai deixa esta linha verde.',
			},
		},
	},
};
