import type { AgentSpecInput } from '../../core/agents';
import type { NewKnownContact, NewPersona } from '../../core/leads';

/** Demo tenant: a marketing agency that sells to agencies and shops. */
export const socialfy: AgentSpecInput = {
	identity: { name: 'Bia', role: 'consultora de atendimento' },
	business: {
		name: 'Socialfy',
		type: 'agência de marketing digital',
		description:
			'Agência de marketing digital que atende outras agências, clínicas e lojas: redes sociais, tráfego pago e atendimento automático no WhatsApp.',
		site: 'https://socialfy.example',
		email: 'contato@socialfy.example',
	},
	goals: [
		'Entender o negócio da pessoa e o que ela procura',
		'Explicar o plano certo com o preço',
		'Marcar uma conversa com o time comercial',
	],
	tone: 'próximo e direto, frases curtas, sem jargão',
	documents: [
		{
			title: 'Planos e preços',
			content: [
				'Plano Start para agências pequenas: R$ 1.490 por mês, 1 número de WhatsApp e 2 usuários.',
				'Plano Pro para agências em crescimento: R$ 2.990 por mês, 3 números e relatórios semanais.',
				'SetUp R$ 5k, cobrado uma vez: configuração do agente, treinamento e acompanhamento de 30 dias.',
				'Contrato mínimo de 3 meses.',
			].join('\n'),
		},
		{
			title: 'Como funciona',
			content:
				'Depois da conversa inicial montamos o agente em 10 dias úteis. O cliente aprova cada texto antes de publicar. O atendimento humano funciona de segunda a sexta, das 9h às 18h.',
		},
	],
	qualificationQuestions: [
		'Quantas pessoas trabalham na sua agência hoje?',
		'Quantos contatos vocês recebem por mês?',
		'Quando vocês gostariam de começar?',
	],
	forbiddenTopics: ['política', 'religião'],
	forbiddenPhrases: ['resultado garantido', 'garantia de vendas'],
	allowedLinks: ['socialfy.example'],
};

/** Who should buy there. */
export const socialfyPersona: NewPersona = {
	businessType: 'agência de marketing digital',
	targetAudience: 'Donos de agências, clínicas e lojas que recebem contatos pelo WhatsApp e pelo Instagram',
	productService: 'gestão de redes sociais, tráfego pago, atendimento automático no WhatsApp',
	valueProposition: 'Mais vendas com os contatos que a empresa já recebe',
	mainPainPoints: ['demora para responder', 'contatos perdidos', 'anúncio sem retorno'],
	solutionsOffered: ['plano Start', 'plano Pro', 'SetUp do agente'],
	idealNiches: ['agência', 'clínica', 'e-commerce', 'loja'],
	idealJobTitles: ['dono', 'dona', 'sócio', 'CEO', 'gestor', 'gerente de marketing'],
	idealBusinessTypes: ['agência', 'clínica', 'loja', 'e-commerce'],
	minFollowers: 500,
	maxFollowers: 200_000,
	positiveKeywords: [
		'agência',
		'tráfego pago',
		'leads',
		'anúncios',
		'automação',
		'redes sociais',
		'orçamento',
		'plano',
	],
	negativeKeywords: ['vaga', 'currículo', 'tcc', 'grátis'],
	aiClassificationPrompt:
		'Encaixa quem tem negócio próprio ou decide o marketing de um. Estudantes e quem oferece serviços não encaixam.',
};

export const socialfyContacts: NewKnownContact[] = [
	{ platform: 'whatsapp', username: '+55 11 97000-0001', fullName: 'Mãe do Rafa', contactType: 'familia' },
	{
		platform: 'whatsapp',
		username: '+55 11 97000-0002',
		fullName: 'Clínica Sorriso',
		contactType: 'cliente',
		autoClassifyAs: 'CLIENTE_VIP',
	},
	{ platform: 'instagram', username: '@agencia.parceira', fullName: 'Agência Parceira', contactType: 'socio' },
];
