import { Editor, noBrowser, shippedWorkflows } from './support/editor';
import { state } from './support/running';

const LIMIT_MS = 90_000;

test(
	'n8n hands out the schemas of the pack, and none that is not there',
	async () => {
		const statusOf = async (path: string): Promise<number> =>
			(await fetch(`${state().n8n.url}/schemas/n8n-nodes-agent-factory.${path}`)).status;
		expect(await statusOf('queueClaim/1.0.0/claim.json')).toBe(200);
		expect(await statusOf('agentFactory/1.0.0/lead/getMany.json')).toBe(200);
		expect(await statusOf('agentReply/1.0.0.json')).toBe(200);
		expect(await statusOf('queueClaim/1.0.0/nothing.json')).toBe(404);
	},
	LIMIT_MS,
);

const skipped = noBrowser !== undefined && process.env.CI !== 'true';
(skipped ? test.skip : test)(
	'fields of a node that never ran can be dragged into the next one',
	async () => {
		if (noBrowser) throw new Error(`The editor cannot be tested: ${noBrowser}`);
		const worker = shippedWorkflows().find(({ id }) => id === 'af20ConvWorker00')!;
		const editor = await Editor.open();
		try {
			await editor.openWorkflow(worker);
			for (const [node, fields] of [
				['Tenant Resolver', ['turnId', 'conversationId', 'attempts']],
				['Enqueue Reply', ['decision', 'agentVersion']],
			] as const) {
				await editor.openNode(node);
				const shown = editor.page.getByTestId('ndv').getByTestId('run-data-schema-item');
				for (const field of fields) await shown.filter({ hasText: field }).first().waitFor();
				await editor.screenshot(`preview-${node.toLowerCase().replace(' ', '-')}`);
				await editor.closeNode();
			}
		} finally {
			await editor.close();
		}
	},
	LIMIT_MS,
);
