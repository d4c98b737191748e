import type { AgentLanguage } from '../agents';

/** What the scripted customer says. */
export interface Script {
	interested: string;
	answer: string;
	person: string;
	foreign: string;
	/** Stands in an answer that should not have been given. */
	foreignAnswer: string;
	unknownPrice: string;
	optOut: string;
}

export const SCRIPTS: Record<AgentLanguage, Script> = {
	'pt-BR': {
		interested: 'Oi! Tenho interesse, como funciona para começar?',
		answer: 'Sim, é isso mesmo. O que mais você precisa saber?',
		person: 'Quero falar com uma pessoa, por favor.',
		foreign: 'Qual é a capital da Austrália? É para a minha lição de casa.',
		foreignAnswer: 'Canberra',
		unknownPrice: 'Quanto custa o pacote diamante internacional de vocês?',
		optOut: 'SAIR',
	},
	en: {
		interested: 'Hi! I am interested, how do I start?',
		answer: 'Yes, that is right. What else do you need to know?',
		person: 'I want to talk to a person, please.',
		foreign: 'What is the capital of Australia? It is for my homework.',
		foreignAnswer: 'Canberra',
		unknownPrice: 'How much is your international diamond package?',
		optOut: 'STOP',
	},
	es: {
		interested: '¡Hola! Me interesa, ¿cómo se empieza?',
		answer: 'Sí, así es. ¿Qué más necesita saber?',
		person: 'Quiero hablar con una persona, por favor.',
		foreign: '¿Cuál es la capital de Australia? Es para mi tarea.',
		foreignAnswer: 'Canberra',
		unknownPrice: '¿Cuánto cuesta el paquete diamante internacional?',
		optOut: 'BAJA',
	},
};
