import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LEAD_CLASSES } from '../../core/leads';
import { webhook, workflow, type CoreNode, type CoreWorkflow } from './core-workflows';

/** Messages an execution. */
export type Share = 1 | 20;

export const textClassifierPath = (share: Share): string => `bench/text-classifier-${share}`;
export const leadClassifierPath = (share: Share): string => `bench/lead-classifier-${share}`;

const MEANINGS: Record<(typeof LEAD_CLASSES)[number], string> = {
	LEAD_HOT: 'wants to buy now and fits the gym',
	LEAD_WARM: 'is interested, or asks what it costs',
	LEAD_COLD: 'is curious, or only says hello',
	PESSOAL: 'family, friends, staff, or a client about a running matter',
	SPAM: 'advertising, scams, bots',
	DESQUALIFICADO: 'job seekers, suppliers, students, wrong numbers',
};

/**
 * The classifier that people build of n8n's own nodes: one model call a message, nothing stored. `share` messages an execution, asked
 * side by side, so that its model calls do not wait for each other.
 */
export function textClassifierWorkflow(share: Share): CoreWorkflow {
	const split: CoreNode = {
		name: 'Split Out',
		type: 'n8n-nodes-base.splitOut',
		typeVersion: 1,
		parameters: { fieldToSplitOut: 'body.messages', options: {} },
	};
	const classifier: CoreNode = {
		name: 'Text Classifier',
		type: '@n8n/n8n-nodes-langchain.textClassifier',
		typeVersion: 1.1,
		parameters: {
			inputText: '={{ $json.text }}',
			categories: {
				categories: LEAD_CLASSES.map((category) => ({ category, description: MEANINGS[category] })),
			},
			options: { batching: { batchSize: share, delayBetweenBatches: 0 } },
		},
	};
	const model: CoreNode = {
		name: 'OpenAI Chat Model',
		type: '@n8n/n8n-nodes-langchain.lmChatOpenAi',
		typeVersion: 1.2,
		credentials: { openAiApi: { id: 'afOpenAi00000001', name: 'OpenAI' } },
		parameters: { model: { __rl: true, mode: 'id', value: 'gpt-4.1-mini' }, options: {} },
	};
	const made = workflow(`Bench: Text Classifier, ${share} an execution`, [
		webhook(textClassifierPath(share), 'lastNode', 'noData'),
		split,
		classifier,
	]);
	return {
		...made,
		nodes: [...made.nodes, { ...model, id: 'bench model', position: [440, 220] }],
		connections: {
			...made.connections,
			[model.name]: { ai_languageModel: [[{ node: classifier.name, type: 'ai_languageModel', index: 0 }]] },
		},
	};
}

const WORKER = join(__dirname, '../../workflows/20-conversation-worker.json');

/** The shipped worker up to its Lead Classifier, its nodes as they are, woken by a webhook instead of the queue. */
export function leadClassifierWorkflow(share: Share): CoreWorkflow {
	const worker = JSON.parse(readFileSync(WORKER, 'utf8')) as { nodes: CoreNode[] };
	const shipped = ['Claim Turn', 'Tenant Resolver', 'Lead Classifier'].map((name): CoreNode => {
		const node = worker.nodes.find((candidate) => candidate.name === name);
		if (!node) throw new Error(`Workflow 20 has no node "${name}"`);
		const { type, typeVersion, credentials } = node;
		const parameters = name === 'Claim Turn' ? { ...node.parameters, limit: share } : node.parameters;
		return { name, type, typeVersion, parameters, credentials };
	});
	return workflow(`Bench: Lead Classifier, ${share} an execution`, [
		webhook(leadClassifierPath(share), 'lastNode', 'noData'),
		...shipped,
	]);
}
