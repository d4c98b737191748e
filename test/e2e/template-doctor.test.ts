import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { markOf, type Workflow } from '../../core/shipped-workflows';
import { checkoutFolder } from '../../sandbox/paths';
import { waitFor } from '../support/wait-for';
import { Editor, noBrowser, shippedWorkflows } from './support/editor';
import { state } from './support/running';

const OLD = 'test/fixtures/workflows/20-conversation-worker-1.0.0.json';
const readJson = (file: string): Workflow & { id: string } =>
	JSON.parse(readFileSync(join(checkoutFolder(), file), 'utf8'));

async function api(method: string, path: string, body?: unknown): Promise<any> {
	const { url, apiKey } = state().n8n;
	const response = await fetch(`${url}/api/v1/workflows${path}`, {
		method,
		headers: { 'x-n8n-api-key': apiKey, 'content-type': 'application/json' },
		body: body === undefined ? undefined : JSON.stringify(body),
	});
	if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
	return await response.json();
}

/** The shipped doctor behind a webhook, so that a test can press its button. */
async function runDoctor(change: (doctor: Workflow) => void): Promise<any[]> {
	const doctor = readJson('workflows/01-template-doctor.json');
	const path = `doctor-${Date.now()}`;
	const trigger = doctor.nodes.find(({ name }) => name === 'When clicking Execute')!;
	Object.assign(trigger, {
		...{ type: 'n8n-nodes-base.webhook', typeVersion: 2.1, webhookId: path },
		parameters: { path, responseMode: 'lastNode', responseData: 'allEntries', options: {} },
	});
	change(doctor);
	const { nodes, connections } = doctor;
	const { id } = await api('POST', '', { name: path, nodes, connections, settings: { executionOrder: 'v1' } });
	await api('POST', `/${id}/activate`);
	try {
		return await waitFor<any>(
			async () => {
				const response = await fetch(`${state().n8n.url}/webhook/${path}`);
				if (response.status === 404) return false;
				const text = await response.text();
				if (!response.ok) throw new Error(`the doctor answered ${response.status}: ${text}`);
				return JSON.parse(text);
			},
			{ timeoutMs: 30_000, what: 'the doctor' },
		);
	} finally {
		// n8n deletes nothing that is published, and takes its time to unpublish.
		await api('POST', `/${id}/deactivate`);
	}
}

const endAt = (doctor: Workflow, last: string): void => {
	delete doctor.connections[last];
};

test('the list shows every shipped workflow as current', async () => {
	const list = await runDoctor((doctor) => endAt(doctor, 'Check Templates'));
	const shipped = shippedWorkflows();
	const found = shipped.map(({ id }) => list.find(({ workflowId }) => workflowId === id));
	expect(found.map((check) => check?.edits)).toEqual(shipped.map(() => []));
	expect(found.map((check) => check?.state)).toEqual(shipped.map(() => 'current'));
	expect(list.filter(({ state: it }) => it === 'not imported')).toEqual([]);
});

test('a workflow of an older version is written back as the newest, with what the person made of it', async () => {
	const old = readJson(OLD);
	const own = old.nodes.find(({ name }) => name === 'Queue Trigger')!;
	own.parameters!.executionsAtOnce = 2;
	const made = await api('POST', '', {
		...{ name: 'Nosso worker', connections: old.connections, settings: { executionOrder: 'v1' } },
		nodes: old.nodes.map(({ notes: _, ...node }) => node),
	});
	try {
		const compared = await runDoctor((doctor) => {
			endAt(doctor, 'Compare');
			doctor.connections['Only Those Behind'].main[0]!.splice(1);
		});
		expect(compared).toHaveLength(1);
		expect(compared[0].text).toContain('Node "Lead Classifier" is new');
		expect(compared[0].text).toContain('executionsAtOnce is "2"');
		await runDoctor((doctor) => {
			doctor.nodes.find(({ name }) => name === 'Write Back')!.disabled = false;
			doctor.connections['Only Those Behind'].main[0]!.splice(0, 1);
		});
		const written = (await api('GET', `/${made.id}`)) as Workflow;
		const version = String(readJson('workflows/20-conversation-worker.json').meta?.templateVersion);
		expect(written.nodes.map(({ name }) => name)).toContain('Lead Classifier');
		expect(written.nodes.find(({ name }) => name === 'Queue Trigger')?.parameters?.executionsAtOnce).toBe(2);
		expect(written.nodes.map(({ notes }) => notes)).toContain(markOf('20-conversation-worker', version));
		expect(written.settings).toMatchObject({ errorWorkflow: 'af99ErrorHandler', executionTimeout: 300 });
		const list = await runDoctor((doctor) => endAt(doctor, 'Check Templates'));
		expect(list.find(({ workflowId }) => workflowId === made.id)).toMatchObject({ state: 'edited', version });
	} finally {
		await api('DELETE', `/${made.id}`);
	}
});

(noBrowser ? test.skip : test)('a file imported in the editor is known by its mark', async () => {
	const folder = mkdtempSync(join(tmpdir(), 'agent-factory-import-'));
	const file = join(folder, 'workflow.json');
	const shipped = readJson('workflows/43-lead-verdicts.json');
	writeFileSync(file, JSON.stringify({ ...shipped, name: 'Imported by hand' }));
	const editor = await Editor.open();
	try {
		await editor.page.goto('/workflow/new');
		await editor.page.getByTestId('workflow-import-input').setInputFiles(file);
		await editor.node('Train Scorer').waitFor();
		await editor.page.keyboard.press('Control+s');
		const id = await waitFor<string | false>(
			async () => {
				const { data } = await api('GET', '?name=Imported%20by%20hand');
				return data[0]?.id ?? false;
			},
			{ timeoutMs: 20_000, what: 'the imported workflow to be saved' },
		);
		const imported = (await api('GET', `/${id}`)) as Workflow;
		expect(imported.nodes.map((node) => node.id)).not.toContain(shipped.nodes[0].id);
		const list = await runDoctor((doctor) => endAt(doctor, 'Check Templates'));
		expect(list.find(({ workflowId }) => workflowId === id)).toMatchObject({
			...{ template: '43-lead-verdicts', state: 'current', edits: [], version: shipped.meta!.templateVersion },
			missingSettings: expect.objectContaining({ errorWorkflow: 'af99ErrorHandler', executionTimeout: 300 }),
		});
		await api('DELETE', `/${id}`);
	} finally {
		await editor.close();
		rmSync(folder, { recursive: true, force: true });
	}
});
