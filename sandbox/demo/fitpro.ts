import type { AgentSpecInput } from '../../core/agents';
import type { NewKnownContact, NewPersona } from '../../core/leads';

/** Demo tenant: a gym. */
export const fitpro: AgentSpecInput = {
	identity: { name: 'Léo', role: 'atendente da recepção' },
	business: {
		name: 'FitPro',
		type: 'academia',
		description: 'Academia de bairro com musculação, aulas coletivas e avaliação física.',
		address: 'Rua das Acácias, 120',
	},
	goals: ['Tirar dúvidas sobre planos e horários', 'Convidar para uma aula experimental'],
	tone: 'animado e acolhedor',
	documents: [
		{
			title: 'Planos',
			content: [
				'Plano mensal: R$ 129 sem fidelidade.',
				'Plano anual: R$ 99 por mês, com 12 meses de fidelidade.',
				'A aula experimental custa R$ 20 e vira crédito na matrícula.',
			].join('\n'),
		},
		{
			title: 'Horários',
			content: 'Segunda a sexta das 6h às 23h, sábados das 8h às 16h. Aulas de dança às terças e quintas, 19h.',
		},
	],
	qualificationQuestions: ['Você já treina ou está começando agora?', 'Qual horário fica melhor para você?'],
	forbiddenTopics: ['receita de remédio', 'anabolizantes'],
};

/** Who should train there. */
export const fitproPersona: NewPersona = {
	businessType: 'academia',
	targetAudience: 'Moradores do bairro que querem treinar, começando ou voltando',
	productService: 'planos de academia, musculação, aulas coletivas, avaliação física',
	valueProposition: 'Treino perto de casa com acompanhamento de verdade',
	mainPainPoints: ['falta de tempo', 'falta de motivação', 'dor nas costas'],
	solutionsOffered: ['musculação', 'dança', 'avaliação física', 'aula experimental'],
	idealNiches: ['saúde', 'bem-estar', 'esporte'],
	positiveKeywords: ['treinar', 'academia', 'matrícula', 'plano', 'musculação', 'aula experimental', 'emagrecer'],
	negativeKeywords: ['anabolizante', 'vaga', 'currículo'],
	aiClassificationPrompt: 'Encaixa quem mora ou trabalha perto e quer treinar. Quem só quer suplementos não encaixa.',
};

export const fitproContacts: NewKnownContact[] = [
	{ platform: 'whatsapp', username: '+55 11 97000-0001', fullName: 'Dona Marta', contactType: 'familia' },
	{ platform: 'whatsapp', username: '+55 11 97000-0002', fullName: 'Carlos Aluno', contactType: 'cliente' },
];
