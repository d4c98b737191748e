import { classifyInN8n, NODE_CONTENDERS, type InN8n, type NodeContender } from './support/classify-in-n8n';
import { classifyStored, rulesOf, STORED_CONTENDERS, type StoredFigures } from './support/classify-stored';
import { interleave, load } from './support/measure';
import type { Report, Table, Target } from './support/report';
import type { BenchContext } from './index';

const IN_MEMORY = 5_000;
const ROUNDS = 3;

/** What a class costs: in memory, with its row, and as a node of n8n beside n8n's own. */
export async function classifyBench(context: BenchContext): Promise<Report> {
	const { say, quick } = context;
	const calls = quick ? IN_MEMORY / 10 : IN_MEMORY;
	// The first messages pay for compiled patterns.
	await load(1, calls, async (n) => void rulesOf(n));
	const { rules } = await interleave(
		{ rules: async () => await load(1, calls, async (n) => void rulesOf(n)) },
		quick ? 1 : ROUNDS,
		(_, { perSecond }) => say(`rules in memory: ${Math.round(perSecond)}/s`),
	);
	const stored = await classifyStored(context);
	const inN8n = await classifyInN8n(context);
	return {
		tables: [
			{
				title: 'Rules in memory, one caller',
				columns: ['messages /s', 'ms a message', 'p99 ms'],
				rows: [{ label: 'rules', figures: [rules.perSecond, 1_000 / rules.perSecond, rules.p99] }],
			},
			storedTable(stored),
			nodesTable(inN8n),
		],
		targets: targets(stored, inN8n),
		notes: [
			'A bare insert: one row of the columns of classified_leads into a table with a primary key and no other index, no foreign key, no trigger and no policy, through the same pool in the same transaction of a tenant. Rules and stored: the class of the message, the person’s row, the plan’s counter, row level security, all indexes. Statistics are made once after the warm-up, as a server does within its first minute.',
			'Text Classifier: Webhook, Split Out, n8n’s Text Classifier with the OpenAI Chat Model, one model call a message, 20 of them side by side where an execution has 20 messages; nothing is stored and no execution is kept. Lead Classifier: the nodes of the shipped worker up to its classifier, their settings unchanged, woken by a webhook so that both are counted by the same clock: turns claimed, tenant resolved, known contacts, rules, the model where they are unsure, stored. The same synthetic messages for both, five executions at once, each message from another person, the stand-in for the model answering at once. “With the door” adds the time in which the shipped webhook took the same messages in. N8N_EXPRESSION_ENGINE=legacy.',
		],
	};
}

const storedTable = (stored: StoredFigures): Table => ({
	title: 'Stored one by one, one caller',
	columns: ['messages /s', 'p50 ms', 'p99 ms', 'time of a bare insert', 'time of a statement alone'],
	rows: STORED_CONTENDERS.map((label) => {
		const { perSecond, p50, p99 } = stored[label];
		const timesOf = (other: (typeof STORED_CONTENDERS)[number]): number => stored[other].perSecond / perSecond;
		return { label, figures: [perSecond, p50, p99, timesOf('bare insert'), timesOf('bare insert, one statement')] };
	}),
});

const nodesTable = (inN8n: InN8n): Table => ({
	title: 'In one n8n, five executions at once, the model answering at once',
	columns: [
		'messages /s',
		'with the door /s',
		'CPU ms of n8n a message',
		'model calls a message',
		'of the Text Classifier with one',
	],
	rows: NODE_CONTENDERS.map((name) => {
		const { perSecond, withDoor, cpuMs, modelCalls } = inN8n[name];
		return {
			label: `${name} an execution`,
			figures: [perSecond, withDoor, cpuMs, modelCalls, perSecond / inN8n['Text Classifier, 1'].perSecond],
		};
	}),
});

function targets(stored: StoredFigures, inN8n: InN8n): Target[] {
	const gate = true;
	const perSecond = (name: NodeContender): number => inN8n[name].perSecond;
	return [
		{
			name: 'rules and stored, time of a bare insert',
			figure: stored['bare insert'].perSecond / stored['rules and stored'].perSecond,
			atMost: 3,
			gate,
		},
		// The Text Classifier's time holds its webhook: ours is counted with the door that takes the place of it.
		{
			name: 'messages/s from the webhook to the class, 20 an execution behind the door, of Webhook and Text Classifier',
			figure: inN8n['Lead Classifier, 20'].withDoor / perSecond('Text Classifier, 1'),
			atLeast: 5,
			gate,
		},
		{
			name: 'messages/s behind the door, of Webhook and Text Classifier',
			figure: perSecond('Lead Classifier, 20') / perSecond('Text Classifier, 1'),
			atLeast: 5,
			gate: false,
		},
		{
			name: 'messages/s with 20 an execution on both sides',
			figure: perSecond('Lead Classifier, 20') / perSecond('Text Classifier, 20'),
			atLeast: 5,
			gate: false,
		},
	];
}
