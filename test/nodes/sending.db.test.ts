import type { IDataObject, INodeType } from 'n8n-workflow';
import { closeSharedDatabases } from '../../core/database';
import { AgentFactory } from '../../nodes/AgentFactory/AgentFactory.node';
import { OutboxSend } from '../../nodes/OutboxSend/OutboxSend.node';
import { startGraphStandIn, type GraphStandIn } from '../../sandbox/standins/graph';
import { Sending } from '../core/outbox/sending';
import { postgresCredential, runNode, vaultCredential } from './agent-factory-runs';

let sending: Sending;
let standIn: GraphStandIn;
let conversation: string;
beforeAll(async () => {
	sending = await Sending.open();
	standIn = await startGraphStandIn();
	await sending.fresh();
	// Meta tells whole seconds: the answer below must be a later one.
	conversation = await sending.write('5511955580001', new Date(Date.now() - 60_000));
});
afterAll(async () => {
	await closeSharedDatabases();
	await standIn.close();
	await sending.close();
});

const runIn = async (node: INodeType, parameters: IDataObject, items: IDataObject[] = [{}]): Promise<IDataObject[]> => {
	const credentials = {
		postgres: postgresCredential(sending.connectionString()),
		agentFactoryVaultApi: vaultCredential,
		metaAppApi: { appSecrets: 's', verifyToken: 'v', graphBaseUrl: standIn.url, graphVersion: 'v25.0' },
	};
	return (await runNode(node, { items, parameters: { tenant: sending.tenant.id, ...parameters }, credentials })).map(
		({ json }) => json,
	);
};
const factory = async (resource: string, operation: string, parameters: IDataObject = {}, items?: IDataObject[]) =>
	await runIn(new AgentFactory(), { resource, operation, ...parameters }, items);
let serial = 0;
const outbox = async (operation: string, parameters: IDataObject = {}) =>
	await runIn(new OutboxSend(), {
		operation,
		conversation,
		author: 'human',
		idempotencyKey: `${(serial += 1)}`,
		limit: 25,
		...parameters,
	});

test('every kind of message leaves', async () => {
	const rows = [
		{ title: 'Manhã', section: 'Quinta' },
		{ title: 'Tarde', section: 'Quinta' },
	];
	await outbox('sendMessage', { messageKind: 'text', text: 'oi', contentOptions: { quote: 'wamid.Q' } });
	await outbox('sendMessage', {
		messageKind: 'buttons',
		text: 'Vamos?',
		buttons: { button: [{ title: 'Sim', id: '' }] },
	});
	await outbox('sendMessage', { messageKind: 'list', text: 'Quando?', listButton: 'Ver', rows: { row: rows } });
	await outbox('sendMessage', { messageKind: 'media', mediaKind: 'image', media: 'https://x.test/a.jpg' });
	await outbox('deliverDue');
	const sent = (await (await fetch(`${standIn.url}/_sandbox/sent`)).json()) as Array<{ type: string; body: unknown }>;
	expect(sent.map(({ type }) => type)).toEqual(['text', 'interactive', 'interactive', 'image']);
	expect(sent[0].body).toMatchObject({ context: { message_id: 'wamid.Q' } });
	expect(sent[2].body).toMatchObject({
		interactive: {
			action: { button: 'Ver', sections: [{ title: 'Quinta', rows: [{ title: 'Manhã' }, { title: 'Tarde' }] }] },
		},
	});
	await expect(outbox('sendMessage', { messageKind: 'buttons', text: 'a', buttons: {} })).rejects.toThrow(
		'1 to 3 buttons',
	);
	await expect(outbox('sendMessage', { messageKind: 'media', mediaKind: 'image', media: '' })).rejects.toThrow(
		'"media"',
	);
});

test('a text goes to Meta, comes back approved, is sent with named values and read with what became of it', async () => {
	const [{ id: template }] = await factory('template', 'getMany', { search: 'Retomada', limit: 5 });
	const account = sending.tenant.channelAccountId;
	const [submitted] = await factory('template', 'submit', {
		template,
		channelAccount: account,
		metaCategory: 'UTILITY',
		examples: { example: [{ name: 'lead_name', value: 'Bia' }] },
	});
	expect(submitted).toMatchObject({ metaName: 'retomada_de_conversa', metaStatus: 'PENDING' });
	const values = { templateParameters: { parameter: [{ name: 'lead_name', text: 'Bia' }] } };
	await expect(outbox('sendTemplate', { template, ...values })).rejects.toThrow('is PENDING at Meta');
	standIn.templates.templates[0].status = 'APPROVED';
	expect(await factory('template', 'sync', { channelAccount: account })).toMatchObject([{ found: 1, changed: 1 }]);
	await expect(outbox('sendTemplate', { template })).rejects.toThrow('needs a value for {{lead_name}}');
	await outbox('sendTemplate', { template, ...values });
	await outbox('deliverDue');
	await sending.write('5511955580001');
	expect(await factory('template', 'getMany', { search: 'Retomada', limit: 5 })).toMatchObject([
		{ usageCount: 1, answered: 1, answeredShare: 1, metaStatus: 'APPROVED', quality: 'UNKNOWN' },
	]);
});

test('prices come in line by line, all or none, and the usage is read', async () => {
	const line = {
		category: 'utility',
		countryPrefix: '+55',
		validFrom: '2026-10-01',
		price: 0.007,
		source: 'rate card',
	};
	expect(await factory('sending', 'importPrices', {}, [line, { ...line, category: 'SERVICE' }])).toMatchObject([
		{ category: 'UTILITY', countryPrefix: '55' },
		{ category: 'SERVICE' },
	]);
	const before = await factory('sending', 'getPrices', { limit: 50 });
	expect(before).toHaveLength(5);
	await expect(factory('sending', 'importPrices', {}, [line, { ...line, price: 'x' }])).rejects.toThrow('Line 2');
	await expect(factory('sending', 'importPrices', {}, [{ ...line, currency: 'BRL' }])).rejects.toThrow('usdPerUnit');
	expect(await factory('sending', 'getPrices', { limit: 50 })).toEqual(before);
	expect(await factory('sending', 'getUsage', { limit: 50 })).toMatchObject([
		{ category: 'SERVICE', messages: 4, charged: 0, costUsd: 0 },
		{ category: 'UTILITY', messages: 1, charged: 1, byExamplePrice: 1, costUsd: 0.0068 },
	]);
});

test('limits are saved and read, typing is set, and a person closes the breaker', async () => {
	const updateFields = { marketingPerPerson: 1, maxMessageSpendUsd: 20 };
	expect(await factory('sending', 'saveSettings', { updateFields })).toMatchObject([
		{ marketingPerPerson: 1, marketingDays: 7, maxMessageSpendUsd: 20 },
	]);
	await factory('sending', 'saveSettings', { updateFields: { maxMessageSpendUsd: -1 } });
	expect(await factory('sending', 'getSettings')).toMatchObject([
		{ marketingPerPerson: 1, maxMessageSpendUsd: null, proactiveFloor: 50, proactiveStoppedAt: null },
	]);
	await expect(factory('sending', 'saveSettings', { updateFields: {} })).rejects.toThrow('is empty');
	const channelAccount = sending.tenant.channelAccountId;
	expect(await factory('sending', 'setTypingSpeed', { channelAccount, charsPerSecond: 15 })).toMatchObject([
		{ id: channelAccount, typingCharsPerSecond: 15 },
	]);
	await expect(factory('sending', 'setTypingSpeed', { channelAccount, charsPerSecond: -1 })).rejects.toThrow(
		'0 to 1000',
	);
	await sending.mine('update agent_factory.sending_settings set proactive_stopped_at = now() where tenant_id = $1');
	expect(await factory('sending', 'closeBreaker', { sendBlocked: true })).toMatchObject([
		{ closed: true, queuedAgain: 0 },
	]);
	expect(await factory('sending', 'closeBreaker', { sendBlocked: false })).toMatchObject([{ closed: false }]);
});
