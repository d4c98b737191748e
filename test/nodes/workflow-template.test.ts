import type { IDataObject } from 'n8n-workflow';
import { shippedTemplates } from '../../core/shipped-workflows';
import { AgentFactory } from '../../nodes/AgentFactory/AgentFactory.node';
import { runNode } from './agent-factory-runs';

/** Nothing answers there: these operations ask the database nothing, so that they work before there is a schema. */
const credentials = { postgres: { host: '127.0.0.1', port: 1, database: 'none', user: 'none', password: 'none' } };
const shipped = (name: string): IDataObject =>
	structuredClone(shippedTemplates().find(({ template }) => template === name)!.workflow) as unknown as IDataObject;
const own: IDataObject = { name: 'Mine', nodes: [{ name: 'A', type: 'n8n-nodes-base.set' }], connections: {} };

const run = async (operation: string, items: IDataObject[], more: IDataObject = {}, continueOnFail = false) =>
	await runNode(new AgentFactory(), {
		...{ items, credentials, continueOnFail },
		parameters: { resource: 'workflowTemplate', operation, ...more },
	});

test('Check leaves out what is not of the package and pairs each line with its workflow', async () => {
	const items = await run('check', [shipped('00-setup'), own, shipped('30-outbox-sender')]);
	expect(items.map(({ json }) => json.template)).toEqual(['00-setup', '30-outbox-sender']);
	expect(items.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 2 }]);
});

test('Check lists also what is not there and what is the person’s own, when asked', async () => {
	const items = await run('check', [shipped('00-setup'), own], { alsoList: ['notImported', 'own'] });
	expect(items).toHaveLength(1 + 1 + shippedTemplates().length - 1);
	expect(items.map(({ json }) => json.state)).toEqual(expect.arrayContaining(['not a template', 'not imported']));
});

test('what is no workflow is that item’s error alone', async () => {
	const items = await run('check', [{ hello: 1 }, shipped('00-setup')], {}, true);
	expect(items.map(({ json }) => json.error ?? json.state)).toEqual([expect.stringMatching(/no workflow/), 'current']);
});

test('Compare and Upgrade answer an item each', async () => {
	const [compared] = await run('compare', [shipped('00-setup')]);
	expect(compared.json.text).toMatch(/the newest/);
	const [upgraded] = await run('upgrade', [shipped('00-setup')]);
	expect(upgraded.json).toMatchObject({ template: '00-setup', notCarriedOver: [], workflowId: 'af00Setup0000000' });
});
