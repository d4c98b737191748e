import { readFileSync } from 'node:fs';
import path from 'node:path';
import {
	checkWorkflow,
	compareWorkflow,
	markOf,
	notImported,
	readWorkflow,
	recordRelease,
	releaseDrift,
	shippedTemplates,
	upgradeWorkflow,
	type Workflow,
} from '../../../core/shipped-workflows';

const links = (connections: object): string[] =>
	JSON.stringify(connections)
		.match(/\{"node"[^}]*\}/g)
		?.sort() ?? [];
const templates = shippedTemplates();
const NOTE = 'n8n-nodes-base.stickyNote';
const table = templates.map((template) => [template.template, template] as const);
const shipped = (name: string): Workflow =>
	structuredClone(templates.find(({ template }) => template === name)!.workflow);
const old20 = (): Workflow =>
	readWorkflow(
		JSON.parse(
			readFileSync(path.join(__dirname, '../../fixtures/workflows/20-conversation-worker-1.0.0.json'), 'utf8'),
		),
	);

/** What n8n's editor leaves of a file: other ids, another place, no meta and no settings. */
function asEditorImports(workflow: Workflow): Workflow {
	const nodes = workflow.nodes.map((node, at) => ({
		...node,
		id: `new-${at}`,
		position: [node.position![0] + 400, node.position![1] + 60] as [number, number],
	}));
	return { ...workflow, id: 'NewIdOfTheEditor', nodes, meta: null, settings: { executionOrder: 'v1' } };
}

const node = (workflow: Workflow, name: string) => workflow.nodes.find((found) => found.name === name)!;

describe.each(table)('%s', (name, { workflow, releases }) => {
	test('is recorded as it is shipped, under its version', () => {
		const version = String(workflow.meta?.templateVersion);
		// Changed it? npm run workflows:record -- --note "what is new"
		expect(releaseDrift(workflow, releases.at(-1))).toEqual([]);
		expect(releases.at(-1)?.version).toBe(version);
		expect(releases.at(-1)?.notes).not.toEqual([]);
		expect(workflow.nodes.find(({ type }) => type === NOTE)?.notes).toBe(markOf(name, version));
	});

	test('is current as shipped', () => {
		expect(checkWorkflow(workflow, templates)).toMatchObject({ state: 'current', template: name, edits: [] });
	});

	test('is known after an import through the editor, and told what the editor left out', () => {
		const check = checkWorkflow(asEditorImports(workflow), templates);
		const { executionOrder: _, ...settings } = workflow.settings!;
		expect(check).toMatchObject({ state: 'current', template: name, edits: [], missingSettings: settings });
	});

	test('is recognised without a mark', () => {
		const bare = { ...asEditorImports(workflow), nodes: workflow.nodes.filter(({ type }) => type !== NOTE) };
		expect(checkWorkflow(bare, templates)).toMatchObject({ state: 'current', template: name });
	});

	test('comes out of an upgrade as it went in', () => {
		const own = { ...asEditorImports(workflow), name: workflow.name };
		const upgrade = upgradeWorkflow(own, templates);
		expect(upgrade.notCarriedOver).toEqual([]);
		expect(upgrade.workflow.settings).toEqual(workflow.settings);
		expect(links(upgrade.workflow.connections)).toEqual(links(workflow.connections));
		expect(upgrade.workflow.nodes.map(({ id }) => id)).toEqual(own.nodes.map(({ id }) => id));
		const back = (made: Workflow) => made.nodes.map(({ id: _id, position: _position, ...rest }) => rest);
		expect(back(upgrade.workflow)).toEqual(back(workflow));
	});
});

test('a workflow of the person is not one of the package', () => {
	const own: Workflow = { name: 'Mine', nodes: [{ name: 'Webhook', type: 'n8n-nodes-base.webhook' }], connections: {} };
	expect(checkWorkflow(own, templates)).toMatchObject({ state: 'not a template', template: null });
	expect(() => upgradeWorkflow(own, templates)).toThrow('is not one of this package');
});

test('templates without a workflow are listed', () => {
	const found = [checkWorkflow(shipped('00-setup'), templates)];
	const missing = notImported(found, templates);
	expect(missing).toHaveLength(templates.length - 1);
	expect(missing[0]).toMatchObject({ state: 'not imported', workflowId: null });
});

test.each([
	['a parameter', (w: Workflow) => (node(w, 'Deliver Due').parameters!.limit = 5), 'Node "Deliver Due": limit is "5"'],
	['a switch', (w: Workflow) => (node(w, 'Deliver Due').disabled = true), 'Node "Deliver Due": switched off is "true"'],
	['a name', (w: Workflow) => (node(w, 'Deliver Due').name = 'Send'), 'Node "Deliver Due" is called "Send"'],
	['a new node', (w: Workflow) => w.nodes.push({ name: 'Mine', type: 'n8n-nodes-base.set' }), 'Node "Mine" was added'],
	['a node less', (w: Workflow) => w.nodes.splice(2, 1), 'Node "Deliver Due" was taken out'],
	['a connection less', (w: Workflow) => (w.connections = {}), 'Connection taken out: Queue Trigger [main 0]'],
	['a setting', (w: Workflow) => (w.settings!.executionTimeout = 9), 'Workflow setting: executionTimeout is "9"'],
])('an edit is seen: %s', (_, edit, line) => {
	const own = shipped('30-outbox-sender');
	edit(own);
	const check = checkWorkflow(own, templates);
	expect(check.state).toBe('edited');
	expect(check.edits.join('\n')).toContain(line);
});

test('what names a secret is not shown', () => {
	const own = shipped('30-outbox-sender');
	node(own, 'Deliver Due').parameters!.accessToken = 'EAAG-very-secret';
	expect(checkWorkflow(own, templates).edits.join()).toMatch(/accessToken is \(hidden\)/);
});

describe('a workflow of an older version', () => {
	const own = (): Workflow => {
		const made = asEditorImports(old20());
		for (const { credentials } of made.nodes)
			if (credentials?.postgres) credentials.postgres = { id: 'theirDatabase', name: 'Nossa base' };
		node(made, 'Queue Trigger').parameters!.executionsAtOnce = 9;
		made.nodes.push({ id: 'mine', name: 'Count', type: 'n8n-nodes-base.set', parameters: {}, position: [0, 900] });
		made.connections['Queue Trigger'].main[0]!.push({ node: 'Count', type: 'main', index: 0 });
		made.name = '20 Nosso worker';
		return made;
	};

	test('is behind, with the news', () => {
		expect(checkWorkflow(old20(), templates)).toMatchObject({ state: 'behind', version: '1.0.0' });
		const check = checkWorkflow(own(), templates);
		expect(check.state).toBe('behind and edited');
		expect(check.news.join()).toContain('Lead Classifier');
	});

	test('is compared in words', () => {
		const { text, changes } = compareWorkflow(own(), templates);
		expect(changes).toContain('Node "Lead Classifier" is new (n8n-nodes-agent-factory.leadClassifier)');
		expect(text).toContain('version 1.0.0, newest is');
		expect(text).toContain('Node "Queue Trigger": executionsAtOnce is "9"');
	});

	test('is upgraded with credentials, ids, places, settings and own nodes', () => {
		const before = own();
		const { workflow, body, carriedOver, notCarriedOver } = upgradeWorkflow(before, templates);
		expect(workflow.id).toBe(before.id);
		expect(workflow.name).toBe('20 Nosso worker');
		expect(node(workflow, 'Queue Trigger').id).toBe(node(before, 'Queue Trigger').id);
		expect(node(workflow, 'Queue Trigger').position).toEqual(node(before, 'Queue Trigger').position);
		expect(node(workflow, 'Queue Trigger').parameters!.executionsAtOnce).toBe(9);
		const used = workflow.nodes.flatMap(({ credentials }) => credentials?.postgres?.id ?? []);
		expect([...new Set(used)]).toEqual(['theirDatabase']);
		expect(workflow.connections['Queue Trigger'].main[0]).toContainEqual({ node: 'Count', type: 'main', index: 0 });
		expect(workflow.settings).toMatchObject({ errorWorkflow: 'af99ErrorHandler', executionTimeout: 300 });
		expect(carriedOver).toEqual(expect.arrayContaining(['Node "Count" of your own']));
		expect(notCarriedOver).toEqual([]);
		expect(checkWorkflow(workflow, templates)).toMatchObject({ state: 'edited', news: [] });
		expect(Object.keys(body).sort()).toEqual(['connections', 'name', 'nodes', 'settings']);
		expect(checkWorkflow(readWorkflow(body), templates)).toMatchObject({ template: '20-conversation-worker' });
	});
});

test('the new value stays where both sides changed a field, and the list says so', () => {
	const later = structuredClone([...templates]);
	const template = later.find((one) => one.template === '30-outbox-sender')!;
	node(template.workflow, 'Deliver Due').parameters!.limit = 40;
	template.workflow.meta!.templateVersion = '8.0.0';
	template.releases.push(recordRelease(template.workflow, ['Larger bites.'], (one) => one.parameters ?? {}));
	const own = shipped('30-outbox-sender');
	node(own, 'Deliver Due').parameters!.limit = 5;
	expect(checkWorkflow(own, later)).toMatchObject({ state: 'behind and edited', news: ['8.0.0: Larger bites.'] });
	expect(compareWorkflow(own, later).changes).toEqual(['Node "Deliver Due": limit becomes "40", you have "5"']);
	const { workflow, notCarriedOver } = upgradeWorkflow(own, later);
	expect(node(workflow, 'Deliver Due').parameters!.limit).toBe(40);
	expect(notCarriedOver.join()).toContain('Node "Deliver Due": limit = "5"');
});

test('a workflow of a newer package is not called behind', () => {
	const own = shipped('30-outbox-sender');
	own.nodes.find(({ type }) => type === NOTE)!.notes = markOf('30-outbox-sender', '9.0.0');
	expect(checkWorkflow(own, templates)).toMatchObject({ state: 'newer than the package', version: '9.0.0' });
});

test('what is no workflow is refused with what is expected', () => {
	expect(() => readWorkflow({ hello: 1 })).toThrow('holds no workflow');
});
