import { createTestDatabase, type TestDatabase } from '../../support/database';
import { databaseFor, dropDatabase, makeTenant } from '../../support/factory';
import type { Database } from '../../../core/database';

let test_: TestDatabase;
let database: Database;
beforeAll(async () => {
	test_ = await createTestDatabase();
	database = databaseFor(test_);
});
afterAll(async () => await dropDatabase(database, test_));

const rows = async (sql: string, ...values: unknown[]) => (await test_.admin.query(sql, values)).rows;

test('a new tenant has each default once, and asking again adds nothing', async () => {
	const { id } = await makeTenant(database);
	const counts = async () =>
		(
			await rows(
				`select (select count(*) from agent_factory.pipeline_stages where tenant_id = $1)::int as stages, (select count(*) from agent_factory.message_templates where tenant_id = $1)::int as templates,
					(select count(*) from agent_factory.sending_settings where tenant_id = $1)::int as limits,
					(select jsonb_object_agg(provider, cost_per_minute) from agent_factory.voip_configs where tenant_id = $1) as voip`,
				id,
			)
		)[0];
	const first = { stages: 5, templates: 8, limits: 1, voip: { twilio: 0.014, telnyx: 0.007 } };
	expect(await counts()).toEqual(first);
	const [{ added }] = await rows('select agent_factory.seed_tenant_defaults($1) as added', id);
	expect(added).toEqual({ pipelineStages: 0, messageTemplates: 0, scoringModels: 0, voipConfigs: 0 });
	expect(await counts()).toEqual(first);
});

test('no seeded text begins or ends with a variable, which Meta refuses', async () => {
	const { id } = await makeTenant(database);
	const texts = await rows('select name, content from agent_factory.message_templates where tenant_id = $1', id);
	expect(texts.filter(({ content }) => /^\s*\{\{|\}\}\s*$/.test(content as string))).toEqual([]);
});

test('a tenant that lost its limits starts no marketing and nothing else by itself', async () => {
	const { id } = await makeTenant(database);
	await rows('delete from agent_factory.sending_settings where tenant_id = $1', id);
	const [{ refusal }] = await rows(
		`select agent_factory.proactive_refusal(jsonb_populate_record(null::agent_factory.outbox_messages, jsonb_build_object('tenant_id', $1::uuid, 'author', 'system', 'whatsapp_payload', '{}'::jsonb))) as refusal`,
		id,
	);
	expect(refusal).toBe('proactive_breaker_open');
});
