import type { Database } from '../../../core/database';
import { ingest } from '../../../core/ingest';
import { signBody } from '../../../core/meta';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { databaseFor, dropDatabase, makeTenant, textBody, wamid, type TestTenant } from '../../support/factory';

let test_: TestDatabase;
let database: Database;

beforeAll(async () => {
	test_ = await createTestDatabase();
	database = databaseFor(test_);
});
afterAll(async () => await dropDatabase(database, test_));

const send = async (body: unknown) => {
	const rawBody = Buffer.from(JSON.stringify(body));
	return await ingest(database, { rawBody, signature: signBody(rawBody, 's'), secrets: ['s'] });
};

/** A WhatsApp body with one message and one contact, spelled freely. */
const messageBody = (tenant: TestTenant, message: Record<string, unknown>, contact: Record<string, unknown> | null) => {
	const body = textBody(tenant.phoneNumberId, []) as {
		entry: Array<{ changes: Array<{ value: Record<string, unknown> }> }>;
	};
	const value = body.entry[0].changes[0].value;
	value.messages = [
		{ id: wamid(), timestamp: String(Math.floor(Date.now() / 1000)), type: 'text', text: { body: 'oi' }, ...message },
	];
	value.contacts = contact ? [contact] : [];
	return body;
};

const contacts = async (tenant: TestTenant) =>
	(
		await test_.admin.query(
			'select id, full_name, phone, username, merged_into_id from agent_factory.contacts where tenant_id = $1 and merged_into_id is null order by created_at',
			[tenant.id],
		)
	).rows;
const messages = async (tenant: TestTenant) =>
	(
		await test_.admin.query(
			'select body, direction, author, edited_at is not null as edited, revoked_at is not null as revoked from agent_factory.messages where tenant_id = $1 order by id',
			[tenant.id],
		)
	).rows;

test('a person without a phone is known by the user id, and stays one when the phone comes later', async () => {
	const tenant = await makeTenant(database);
	const bsuid = 'BR.13491208655302741918';
	await send(
		messageBody(
			tenant,
			{ from_user_id: bsuid },
			{ user_id: bsuid, profile: { name: 'Marina', username: 'marina.souza' } },
		),
	);
	await send(
		messageBody(
			tenant,
			{ from: '5511944440001', from_user_id: bsuid },
			{ wa_id: '5511944440001', user_id: bsuid, profile: { name: 'Marina' } },
		),
	);
	await send(messageBody(tenant, { from: '5511944440001' }, { wa_id: '5511944440001', profile: { name: 'Marina' } }));
	expect(await contacts(tenant)).toMatchObject([
		{ full_name: 'Marina', phone: '5511944440001', username: 'marina.souza' },
	]);
	expect(await messages(tenant)).toHaveLength(3);
});

test('two contacts that turn out to be one become one, with one thread', async () => {
	const tenant = await makeTenant(database);
	const bsuid = 'BR.23491208655302741918';
	await send(messageBody(tenant, { from: '5511944440002' }, { wa_id: '5511944440002', profile: { name: 'Caio' } }));
	await send(messageBody(tenant, { from_user_id: bsuid }, { user_id: bsuid, profile: { name: 'Caio' } }));
	expect(await contacts(tenant)).toHaveLength(2);
	await send(
		messageBody(
			tenant,
			{ from: '5511944440002', from_user_id: bsuid },
			{ wa_id: '5511944440002', user_id: bsuid, profile: { name: 'Caio' } },
		),
	);
	expect(await contacts(tenant)).toHaveLength(1);
	const { rows } = await test_.admin.query(
		'select (select count(*)::int from agent_factory.conversations where tenant_id = $1) as threads, (select count(*)::int from agent_factory.message_queue where tenant_id = $1) as queued',
		[tenant.id],
	);
	expect(rows).toEqual([{ threads: 1, queued: 3 }]);
});

test('a changed number belongs to the same person, and the old one to whoever writes from it next', async () => {
	const tenant = await makeTenant(database);
	await send(messageBody(tenant, { from: '5511944440003' }, { wa_id: '5511944440003', profile: { name: 'Lia' } }));
	await send(
		messageBody(
			tenant,
			{
				from: '5511944440003',
				type: 'system',
				text: undefined,
				system: { body: 'Lia mudou de número', type: 'user_changed_number', wa_id: '5511944440004' },
			},
			{ wa_id: '5511944440003', profile: { name: 'Lia' } },
		),
	);
	await send(messageBody(tenant, { from: '5511944440004' }, { wa_id: '5511944440004', profile: { name: 'Lia' } }));
	expect(await contacts(tenant)).toHaveLength(1);
	await send(messageBody(tenant, { from: '5511944440003' }, { wa_id: '5511944440003', profile: { name: 'Outra' } }));
	expect((await contacts(tenant)).map(({ full_name }) => full_name)).toEqual(['Lia', 'Outra']);
});

test('an edit changes the text, a revocation removes it', async () => {
	const tenant = await makeTenant(database);
	const [first, second] = [wamid(), wamid()];
	const contact = { wa_id: '5511944440005', profile: { name: 'Rui' } };
	await send(messageBody(tenant, { from: '5511944440005', id: first }, contact));
	await send(messageBody(tenant, { from: '5511944440005', id: second }, contact));
	await send(
		messageBody(
			tenant,
			{
				from: '5511944440005',
				type: 'edit',
				text: undefined,
				edit: { original_message_id: first, message: { type: 'text', text: { body: 'oi, tudo bem?' } } },
			},
			contact,
		),
	);
	await send(
		messageBody(
			tenant,
			{ from: '5511944440005', type: 'revoke', text: undefined, revoke: { original_message_id: second } },
			contact,
		),
	);
	expect(await messages(tenant)).toMatchObject([
		{ body: 'oi, tudo bem?', edited: true },
		{ body: '', revoked: true },
	]);
});

test('a person of the business who answers from the phone takes the conversation over', async () => {
	const tenant = await makeTenant(database);
	await send(textBody(tenant.phoneNumberId, [{ from: '5511944440006', text: 'oi' }]));
	const body = textBody(tenant.phoneNumberId, []) as { entry: Array<{ changes: Array<Record<string, any>> }> };
	body.entry[0].changes[0].field = 'smb_message_echoes';
	body.entry[0].changes[0].value = {
		messaging_product: 'whatsapp',
		metadata: body.entry[0].changes[0].value.metadata,
		message_echoes: [
			{
				from: '551100000000',
				to: '5511944440006',
				id: wamid(),
				timestamp: String(Math.floor(Date.now() / 1000)),
				type: 'text',
				text: { body: 'Oi, aqui é o dono' },
			},
		],
	};
	await send(body);
	expect(await messages(tenant)).toMatchObject([
		{ author: 'contact' },
		{ author: 'human', direction: 'outbound', body: 'Oi, aqui é o dono' },
	]);
	const { rows } = await test_.admin.query(
		'select status, handoff_reason from agent_factory.conversations where tenant_id = $1',
		[tenant.id],
	);
	expect(rows).toEqual([{ status: 'handoff', handoff_reason: 'human_takeover' }]);
});

test('"stop" in the marketing preferences is kept with the person', async () => {
	const tenant = await makeTenant(database);
	await send(textBody(tenant.phoneNumberId, [{ from: '5511944440007', text: 'oi' }]));
	const body = textBody(tenant.phoneNumberId, []) as { entry: Array<{ changes: Array<Record<string, any>> }> };
	body.entry[0].changes[0].field = 'user_preferences';
	body.entry[0].changes[0].value = {
		messaging_product: 'whatsapp',
		metadata: body.entry[0].changes[0].value.metadata,
		contacts: [{ wa_id: '5511944440007', profile: { name: 'Ivo' } }],
		user_preferences: [
			{
				wa_id: '5511944440007',
				detail: 'User requested to stop marketing messages',
				category: 'marketing_messages',
				value: 'stop',
				timestamp: Math.floor(Date.now() / 1000),
			},
		],
	};
	await send(body);
	const { rows } = await test_.admin.query(
		'select marketing_opted_out_at is not null as out, opted_out_at from agent_factory.contacts where tenant_id = $1',
		[tenant.id],
	);
	expect(rows).toEqual([{ out: true, opted_out_at: null }]);
});
