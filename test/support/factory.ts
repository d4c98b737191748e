import { randomBytes, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { compileAgent, createAgent, saveVersion, type AgentSpecInput } from '../../core/agents';
import { openDatabase, type Database } from '../../core/database';
import { createChannelAccount, createTenant, createVault } from '../../core/tenancy';
import type { TestDatabase } from './database';

export const vault = createVault([Buffer.alloc(32, 7).toString('base64')], randomBytes);

/** The test database as the pack opens it; `dropDatabase` closes both. */
/** Waits longer for a connection than a node does: a machine that is busy with other tests is not a database that is away. */
export const openPatiently = (connectionString: string): Database =>
	openDatabase({ connectionString, connectTimeoutMs: 30_000 });

export const databaseFor = (test: TestDatabase): Database => openPatiently(test.connectionString);

export async function dropDatabase(database: Database, test: TestDatabase): Promise<void> {
	await database.pool.end();
	await test.drop();
}

export interface TestTenant {
	id: string;
	slug: string;
	agentId: string;
	phoneNumberId: string;
	channelAccountId: string;
	wabaId: string;
}

const spec = (name: string, changes: Partial<AgentSpecInput>): AgentSpecInput => ({
	identity: { name: 'Bia' },
	business: { name, type: 'loja', description: `${name}, loja de teste.` },
	documents: [{ title: 'Preços', content: 'Plano único: R$ 100 por mês.' }],
	limits: { debounceSeconds: 0, debounceMaxSeconds: 0 },
	...changes,
});

/** A running tenant with one WhatsApp number and an active agent that answers at once. */
export async function makeTenant(database: Database, changes: Partial<AgentSpecInput> = {}): Promise<TestTenant> {
	const id = randomUUID();
	const slug = `t-${randomBytes(5).toString('hex')}`;
	await createTenant(database, { name: slug, slug, status: 'active' }, id);
	const agent = (await createAgent(database, id, { slug: 'main', name: 'Bia' })) as { id: string };
	await saveVersion(
		database,
		id,
		agent.id,
		compileAgent({ spec: spec(slug, changes), canary: `cnry-${randomBytes(12).toString('hex')}` }),
		{ activate: true },
	);
	const phoneNumberId = String(randomBytes(6).readUIntBE(0, 6));
	const wabaId = String(randomBytes(6).readUIntBE(0, 6));
	const account = (await createChannelAccount(
		database,
		id,
		{ kind: 'whatsapp', externalId: phoneNumberId, parentId: wabaId, agentId: agent.id, accessToken: 'token' },
		vault,
	)) as { id: string };
	return { id, slug, agentId: agent.id, phoneNumberId, channelAccountId: account.id, wabaId };
}

let serial = 0;
export const wamid = (): string => `wamid.TEST${Date.now().toString(36)}${(serial++).toString(36)}`;

interface TextMessage {
	from: string;
	text: string;
	id?: string;
	name?: string;
	at?: Date;
}

/** The webhook body of text messages, as Meta sends it. */
export const textBody = (phoneNumberId: string, messages: TextMessage[]): Record<string, unknown> => ({
	object: 'whatsapp_business_account',
	entry: [
		{
			id: '1',
			changes: [
				{
					field: 'messages',
					value: {
						messaging_product: 'whatsapp',
						metadata: { display_phone_number: '551100000000', phone_number_id: phoneNumberId },
						contacts: [...new Set(messages.map(({ from }) => from))].map((from) => ({
							wa_id: from,
							profile: { name: messages.find((m) => m.from === from)?.name ?? 'Cliente' },
						})),
						messages: messages.map((message) => ({
							from: message.from,
							id: message.id ?? wamid(),
							timestamp: String(Math.floor((message.at ?? new Date()).getTime() / 1000)),
							type: 'text',
							text: { body: message.text },
						})),
					},
				},
			],
		},
	],
});

export const statusBody = (
	phoneNumberId: string,
	statuses: Array<{
		id: string;
		status: string;
		callbackData?: string;
		errorCode?: number;
		pricing?: Record<string, unknown>;
	}>,
): Record<string, unknown> => ({
	object: 'whatsapp_business_account',
	entry: [
		{
			id: '1',
			changes: [
				{
					field: 'messages',
					value: {
						messaging_product: 'whatsapp',
						metadata: { display_phone_number: '551100000000', phone_number_id: phoneNumberId },
						statuses: statuses.map((status) => ({
							id: status.id,
							status: status.status,
							timestamp: String(Math.floor(Date.now() / 1000)),
							recipient_id: '5511999990000',
							...(status.callbackData ? { biz_opaque_callback_data: status.callbackData } : {}),
							...(status.pricing ? { pricing: status.pricing } : {}),
							...(status.errorCode ? { errors: [{ code: status.errorCode, title: 'failed' }] } : {}),
						})),
					},
				},
			],
		},
	],
});

/** A local port that answers every request with what `handler` returns; for the one call a test needs. */
export async function listen(
	handler: (body: string) => { status: number; body: unknown },
): Promise<{ url: string; close(): Promise<void> }> {
	const server = createServer((request, response) => {
		const chunks: Buffer[] = [];
		request.on('data', (chunk: Buffer) => chunks.push(chunk));
		request.on('end', () => {
			const answer = handler(Buffer.concat(chunks).toString('utf8'));
			response
				.writeHead(answer.status, { 'content-type': 'application/json', connection: 'close' })
				.end(JSON.stringify(answer.body));
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		close: async () => await new Promise<void>((resolve) => server.close(() => resolve())),
	};
}
