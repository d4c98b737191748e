/** A workflow as n8n's public API takes it. */
export interface CoreWorkflow {
	name: string;
	nodes: object[];
	connections: Record<string, unknown>;
	settings: Record<string, string>;
}

export interface CoreNode {
	name: string;
	type: string;
	typeVersion: number;
	parameters: Record<string, unknown>;
	credentials?: Record<string, { id: string; name: string }>;
	webhookId?: string;
}

/** What these benchmarks compare with: workflows of n8n's own nodes, set as fast as they go (no execution is kept). */
export function workflow(name: string, nodes: CoreNode[]): CoreWorkflow {
	const settings = { executionOrder: 'v1', saveDataSuccessExecution: 'none', saveDataErrorExecution: 'none' };
	const connections = Object.fromEntries(
		nodes.slice(1).map((node, n) => [nodes[n].name, { main: [[{ node: node.name, type: 'main', index: 0 }]] }]),
	);
	const placed = nodes.map((node, n) => ({ ...node, id: `${name} ${n}`, position: [n * 220, 0] }));
	return { name, nodes: placed, connections, settings };
}

export const webhook = (
	path: string,
	responseMode: 'onReceived' | 'lastNode',
	responseData: 'firstEntryJson' | 'noData' = 'firstEntryJson',
): CoreNode => ({
	name: 'Webhook',
	type: 'n8n-nodes-base.webhook',
	typeVersion: 2.1,
	webhookId: path.replace('/', '-'),
	parameters: { httpMethod: 'POST', path, responseMode, responseData, options: {} },
});

export const ACKNOWLEDGES = { path: 'bench/acknowledge' };
export const STORES = { path: 'bench/store', table: 'bench_messages' };
export const ANSWERS = { path: 'bench/answer' };

/** Says 200 and keeps nothing. */
export const acknowledgingWorkflow = (): CoreWorkflow =>
	workflow('Bench: acknowledge', [webhook(ACKNOWLEDGES.path, 'onReceived')]);

/** Stores the body with one insert, then says 200: no signature, no duplicates, no routing. */
export const storingWorkflow = (): CoreWorkflow =>
	workflow('Bench: store, then acknowledge', [
		webhook(STORES.path, 'lastNode'),
		{
			name: 'Postgres',
			type: 'n8n-nodes-base.postgres',
			typeVersion: 2.6,
			credentials: { postgres: { id: 'afPostgres000001', name: 'Agent Factory database' } },
			parameters: {
				operation: 'executeQuery',
				query: `insert into ${STORES.table} (payload) values ($1) returning id`,
				options: { queryReplacement: '={{ [$json.body] }}' },
			},
		},
	]);

const MESSAGE = 'body.entry[0].changes[0].value.messages[0]';

const httpPost = (name: string, url: string, headers: Record<string, string>, jsonBody: string): CoreNode => ({
	name,
	type: 'n8n-nodes-base.httpRequest',
	typeVersion: 4.2,
	parameters: {
		method: 'POST',
		url,
		sendHeaders: true,
		headerParameters: { parameters: Object.entries(headers).map(([key, value]) => ({ name: key, value })) },
		sendBody: true,
		specifyBody: 'json',
		jsonBody,
		options: {},
	},
});

/** Acknowledges, asks the model, sends its words: no signature, no database, no order, no second try. */
export const answeringWorkflow = (llmUrl: string, graphUrl: string, phoneNumberId: string): CoreWorkflow =>
	workflow('Bench: answer', [
		webhook(ANSWERS.path, 'onReceived'),
		httpPost(
			'Ask the Model',
			`${llmUrl}/v1/messages`,
			{ 'x-api-key': 'bench', 'anthropic-version': '2023-06-01' },
			`={{ JSON.stringify({ model: 'claude-haiku-4-5', max_tokens: 300, messages: [{ role: 'user', content: $json.${MESSAGE}.text.body }] }) }}`,
		),
		httpPost(
			'Send the Answer',
			`${graphUrl}/v25.0/${phoneNumberId}/messages`,
			{ authorization: 'Bearer bench' },
			`={{ JSON.stringify({ messaging_product: 'whatsapp', type: 'text', to: $('Webhook').item.json.${MESSAGE}.from, text: { body: $json.content[0].text } }) }}`,
		),
	]);
