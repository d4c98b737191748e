import {
	NodeHelpers,
	type INode,
	type INodeCredentialDescription,
	type INodeProperties,
	type INodeTypeDescription,
} from 'n8n-workflow';
import { nodes as packNodes } from '../nodes/support/manifest';
import { waitFor } from '../support/wait-for';
import { createScratchWorkflow, deleteWorkflow, Editor, isNote, noBrowser, shippedWorkflows } from './support/editor';

/** A step takes seconds; the first waits for the editor's own start on a busy machine. */
const LIMIT_MS = 90_000;
const PACK = 'n8n-nodes-agent-factory.';

const templates = shippedWorkflows();
const [setup] = templates;
const descriptions = packNodes.map(({ node }) => node.description);
const descriptionOf = ({ type }: INode) => descriptions.find(({ name }) => type === PACK + name);

let editor: Editor;
let scratch: Awaited<ReturnType<typeof createScratchWorkflow>>;

// A developer without a browser is told so; a build without one must not pass.
const skipped = noBrowser !== undefined && process.env.CI !== 'true';
const inEditor = skipped ? describe.skip : describe;
// jest prints no names of a file that is skipped as a whole.
if (skipped) process.stderr.write(`The editor tests are skipped: ${noBrowser}\n`);

inEditor(skipped ? `the editor (skipped: ${noBrowser})` : 'the editor', () => {
	beforeAll(async () => {
		if (noBrowser) throw new Error(`The editor cannot be tested: ${noBrowser}`);
		scratch = await createScratchWorkflow();
		editor = await Editor.open();
	}, LIMIT_MS);

	afterAll(async () => {
		await editor?.close();
		if (scratch) await deleteWorkflow(scratch.id);
	}, LIMIT_MS);

	test.each(templates.map((template) => [template.name, template] as const))(
		'shows every node of "%s" with its icon, its notes whole, and no warning',
		async (_name, template) => {
			await editor.openWorkflow(template);
			const nodes = template.nodes.filter((node) => !isNote(node));
			expect((await editor.nodeNames()).sort()).toEqual(nodes.map(({ name }) => name).sort());
			for (const node of nodes) await expectIcon(node);
			await expectReadableNotes(template.nodes.filter(isNote));
			expect(await editor.markers()).toEqual([]);
			expect(await editor.errors()).toEqual([]);
			await editor.screenshot(fileName(template.name));
		},
		LIMIT_MS,
	);

	test(
		'shows icons of their own on a dark canvas',
		async () => {
			await editor.openWorkflow(templates[2]);
			await editor.page.emulateMedia({ colorScheme: 'dark' });
			for (const node of templates[2].nodes.filter((node) => descriptionOf(node))) {
				expect(await waitFor(async () => (await editor.iconOf(node.name)).match(/[\w-]+\.dark\.svg$/))).toBeTruthy();
			}
			await editor.screenshot(`${fileName(templates[2].name)}-dark`);
			await editor.page.emulateMedia({ colorScheme: 'light' });
		},
		LIMIT_MS,
	);

	test.each(descriptions.map((description) => [description.displayName, description] as const))(
		'opens %s with its fields and credentials and no issue',
		async (displayName, description) => {
			const workflow = [...templates, scratch].find(({ nodes }) =>
				nodes.some((node) => descriptionOf(node) === description),
			);
			const node = workflow!.nodes.find((candidate) => descriptionOf(candidate) === description)!;
			await editor.openWorkflow(workflow!);
			const panel = await editor.openNode(node.name);
			for (const label of labels(description, node)) {
				await panel.getByText(label, { exact: true }).first().waitFor({ timeout: 10_000 });
			}
			expect(await panel.getByTestId('parameter-issues').count()).toBe(0);
			expect(await editor.errors()).toEqual([]);
			await editor.screenshot(`node-${fileName(displayName)}`);
			await editor.closeNode();
		},
		LIMIT_MS,
	);

	test.each([
		['agent factory', descriptions.map(({ displayName }) => displayName)],
		['whatsapp', ['Agent Factory', 'Meta Trigger', 'Outbox Send']],
		['outbox', ['Outbox Send', 'Queue Trigger']],
	])(
		'finds its nodes under "%s" in the node creator',
		async (words, expected) => {
			await editor.openWorkflow(setup);
			const found = await editor.searchNodes(words, expected);
			expect(found).toEqual(expect.arrayContaining(expected));
			await editor.screenshot(`search-${fileName(words)}`);
		},
		LIMIT_MS,
	);

	test(
		'runs the setup workflow, and the doctor finds no problem',
		async () => {
			await editor.openWorkflow(setup);
			await editor.closeNodeCreator();
			await editor.page.getByTestId('execute-workflow-button').click();
			await editor.node('Doctor').getByTestId('canvas-node-status-success').waitFor();
			await editor.openNode('Doctor');
			const findings = await editor.outputTable();
			// What it says of the accounts hangs on those that other tests have made.
			expect(findings.map(({ check }) => check)).toEqual(
				expect.arrayContaining([
					'migrations',
					'row_security',
					expect.stringMatching(/^(channel_accounts|account_\w+)$/),
				]),
			);
			expect(findings.filter(({ level }) => level === 'problem')).toEqual([]);
			expect(await editor.errors()).toEqual([]);
			await editor.screenshot('setup-doctor');
			await editor.closeNode();
		},
		LIMIT_MS,
	);

	// Last: it leaves a change in the editor, which n8n would ask about before going elsewhere.
	test(
		'marks a node that lacks its tenant, until a tenant is picked by name',
		async () => {
			await editor.openWorkflow(scratch);
			expect(await editor.markers()).toEqual(['node-issues: Agents']);
			const panel = await editor.openNode('Agents');
			await panel.getByTestId('resource-locator-tenant').getByTestId('rlc-input').click();
			const items = editor.page.getByTestId('rlc-item');
			await items.first().waitFor();
			expect(await items.allInnerTexts()).toEqual(expect.arrayContaining(['FitPro', 'Socialfy']));
			await editor.screenshot('tenant-list');
			await items.filter({ hasText: 'FitPro' }).click();
			await waitFor(async () => (await panel.getByTestId('parameter-issues').count()) === 0);
			await editor.closeNode();
			await waitFor(async () => (await editor.markers()).length === 0, { what: 'a canvas without a mark' });
		},
		LIMIT_MS,
	);
});

async function expectIcon(node: INode): Promise<void> {
	const description = descriptionOf(node);
	if (!description) return await editor.anyIcon(node.name);
	const { light } = description.icon as { light: string };
	expect(await editor.iconOf(node.name)).toMatch(
		new RegExp(`/n8n-nodes-agent-factory/.*/${light.replace('file:', '')}$`),
	);
}

/** A note that is too small for its text scrolls, and one that covers a node hides it. */
async function expectReadableNotes(notes: INode[]): Promise<void> {
	const shown = await editor.notes();
	expect(shown.map(({ title }) => title)).toEqual(
		notes.map(({ parameters }) => /^## (.+)/.exec(parameters.content as string)?.[1]),
	);
	expect(shown.filter(({ cut, covers }) => cut || covers.length > 0)).toEqual([]);
}

/** What the detail view must show for the node's own parameters: n8n decides by the same function. */
function labels(description: INodeTypeDescription, node: INode): string[] {
	const values =
		NodeHelpers.getNodeParameters(description.properties, node.parameters, true, false, node, description) ?? {};
	const isShown = (field: INodeProperties | INodeCredentialDescription) =>
		NodeHelpers.displayParameter(values, field, node, description);
	const fields = description.properties.filter(({ type }) => !['notice', 'hidden'].includes(type));
	return [
		...(description.credentials ?? []).filter(isShown).map(({ displayName, name }) => displayName ?? name),
		...fields.filter(isShown).map(({ displayName }) => displayName),
	];
}

const fileName = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
