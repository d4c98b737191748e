import type { Database } from '../../../core/database';
import { ingest } from '../../../core/ingest';
import { signBody } from '../../../core/meta';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import {
	databaseFor,
	dropDatabase,
	makeTenant,
	statusBody,
	textBody,
	wamid,
	type TestTenant,
} from '../../support/factory';

let test_: TestDatabase;
let database: Database;
let tenant: TestTenant;

beforeAll(async () => {
	test_ = await createTestDatabase();
	database = databaseFor(test_);
	tenant = await makeTenant(database);
});
afterAll(async () => await dropDatabase(database, test_));

const send = async (body: unknown) => {
	const rawBody = Buffer.from(JSON.stringify(body));
	return await ingest(database, { rawBody, signature: signBody(rawBody, 's'), secrets: ['s'] });
};

/** Both bodies' changes in one delivery, as Meta batches them. */
const batch = (...bodies: Array<Record<string, unknown>>) => ({
	object: 'whatsapp_business_account',
	entry: bodies.flatMap(({ entry }) => entry as unknown[]),
});

/** While `work` runs, filing this message raises what Postgres raises for a value that no column takes. */
async function withPoison(providerId: string, work: () => Promise<void>): Promise<void> {
	const { rows } = await test_.admin.query<{ definition: string }>(
		`select pg_get_functiondef('agent_factory.apply_status'::regproc) as definition`,
	);
	const [before, ...after] = rows[0].definition.split(/^begin$/m);
	await test_.admin.query(
		`${before}begin if p_provider_message_id = '${providerId}' then perform 99999999999::bigint::integer; end if;${after.join('begin')}`,
	);
	await work().finally(async () => await test_.admin.query(rows[0].definition));
}

test('an item that cannot be filed is kept as failed and audited, and its neighbours are answered', async () => {
	const poison = wamid();
	await withPoison(poison, async () => {
		const result = await send(
			batch(
				statusBody(tenant.phoneNumberId, [{ id: poison, status: 'failed', errorCode: 131026 }]),
				textBody(tenant.phoneNumberId, [{ from: '5511933330001', text: 'oi' }]),
			),
		);
		expect([result.httpStatus, result.events.map(({ outcome }) => outcome)]).toEqual([200, ['failed', 'queued']]);
	});
	const { rows } = await test_.admin.query(
		`select status, reason, payload is not null as kept from agent_factory.webhook_events where meta_message_id = $1`,
		[poison],
	);
	expect(rows).toEqual([{ status: 'failed', reason: 'sqlstate_22003', kept: true }]);
	const { rows: audits } = await test_.admin.query(
		`select count(*)::int as n from agent_factory.audit_events where tenant_id = $1 and event_type = 'ingest.failed'`,
		[tenant.id],
	);
	expect(audits).toEqual([{ n: 1 }]);
});

test.each(['9999999999999', '8639999999999', '-62200000000', '0', 'x'])(
	'a message with the timestamp %s is stored and answered',
	async (timestamp) => {
		const body = textBody(tenant.phoneNumberId, [{ from: '5511933330002', text: 'oi' }]) as {
			entry: Array<{ changes: Array<{ value: { messages: Array<{ timestamp: string }> } }> }>;
		};
		body.entry[0].changes[0].value.messages[0].timestamp = timestamp;
		const result = await send(body);
		expect([result.httpStatus, result.events[0]?.outcome]).toEqual([200, 'queued']);
	},
);
