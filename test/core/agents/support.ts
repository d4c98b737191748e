import type { LlmPort, LlmRequest, LlmResult, LlmUsage } from '../../../core/llm';
import {
	compileAgent,
	type AgentReply,
	type AgentSpecInput,
	type CompiledAgentBundle,
	type TurnContext,
} from '../../../core/agents';

export const CANARY = 'cnry-7f3a91b2c4';
/** Saturday 2026-11-21, 12:00 in São Paulo. */
export const NOON = new Date('2026-11-21T15:00:00.000Z');

export const priceList = {
	title: 'Planos e preços',
	content: [
		'Plano Essencial: R$ 1.297,00 por mês, com gestão de Instagram e 12 posts.',
		'Plano Completo: R$ 2.490 por mês, com tráfego pago. SetUp R$ 5k.',
		'Pagamento anual: 10% de desconto. Parcelamos em 12x de R$ 97,50.',
		'O diagnóstico inicial é gratuito.',
		'Fale com a gente: contato@socialfy.com.br ou (11) 3456-7890. CNPJ 11.222.333/0001-81.',
	].join('\n'),
};

/** A marketing agency, the smallest spec that exercises every section. */
export const agencySpec = (changes: Partial<AgentSpecInput> = {}): AgentSpecInput => ({
	identity: { name: 'Bia' },
	business: {
		name: 'Socialfy',
		type: 'agência de marketing',
		description: 'Gestão de redes sociais e tráfego pago para agências e pequenas empresas.',
		site: 'https://socialfy.com.br',
	},
	documents: [priceList],
	qualificationQuestions: ['Qual é o tamanho da sua equipe?'],
	forbiddenPhrases: ['garantia de resultado', 'barato'],
	forbiddenTopics: ['política', 'religião'],
	allowedLinks: ['https://wa.me/5511934567890', '*.socialfy.app'],
	...changes,
});

export const agency = (changes: Partial<AgentSpecInput> = {}): CompiledAgentBundle =>
	compileAgent({ spec: agencySpec(changes), canary: CANARY });

/** A turn with the given messages; everything else as on a quiet day. */
export function turn(incoming: string | string[], changes: Partial<TurnContext> = {}): TurnContext {
	const texts = Array.isArray(incoming) ? incoming : [incoming];
	return {
		tenant: {
			id: 't1',
			slug: 'socialfy',
			name: 'Socialfy',
			timezone: 'America/Sao_Paulo',
			maxAutoResponsesPerDay: null,
			autoResponsesToday: 0,
		},
		conversation: { id: 'c1', status: 'open', summary: null },
		contact: { name: null, optedOut: false },
		channel: { kind: 'whatsapp' },
		history: [],
		incoming: texts.map((text, index) => ({
			role: 'contact',
			text,
			at: NOON.toISOString(),
			messageId: `m${index}`,
			type: 'text',
		})),
		...changes,
	};
}

export const usage: LlmUsage = {
	provider: 'scripted',
	model: 'scripted',
	inputTokens: 10,
	cachedInputTokens: 0,
	outputTokens: 5,
	costUsd: null,
	latencyMs: 1,
	attempts: 1,
	requestId: null,
	outcome: 'ok',
};

/** A model port that answers what it is told and keeps what it was asked. */
export function scriptedModel(answer: Partial<AgentReply> | Error) {
	const requests: Array<LlmRequest<unknown>> = [];
	const port: LlmPort = {
		provider: 'scripted',
		generate<T>(request: LlmRequest<T>): Promise<LlmResult<T>> {
			requests.push(request);
			if (answer instanceof Error) return Promise.reject(answer);
			const full = { action: 'reply', messages: [], handoff_reason: null, language: 'pt', summary: null, ...answer };
			return Promise.resolve({ output: request.schema.parse(full), usage });
		},
	};
	return { port, requests };
}
