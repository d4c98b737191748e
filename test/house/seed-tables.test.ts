import { allOf, read, repositoryFiles } from './files';

const files = repositoryFiles();
const page = read('docs/data-model.md');
const schema = read('migrations/schema.txt');
const relations = new Set([...allOf(schema, /^column (\w+)\./gm), ...allOf(schema, /^view (\w+) /gm)]);
const section = (title: string): string => page.split(`\n## ${title}`)[1]?.split('\n## ')[0] ?? '';
const rowsOf = (text: string): string[][] =>
	text
		.split('\n')
		.filter((line) => line.startsWith('| `'))
		.map((line) => line.split('|').map((cell) => cell.trim()))
		.map(([, ...cells]) => cells);

/** The tables and views that the three source documents name. */
const SEED_TABLES =
	`organizations tenants users organization_members agents agent_versions webhook_events message_queue conversation_locks outbox_messages
	audit_events tenant_personas tenant_known_contacts classified_leads leads pipeline_stages communications ai_conversations agentic_instagram_leads
	agentic_instagram_dm_sent agentic_instagram_dm_runs message_templates template_usage_stats whatsapp_configs voip_configs ai_training_data lead_scoring_models
	analytics_events calendar_integrations calendar_events marketing_integrations webhook_subscriptions webhook_delivery_logs api_keys background_jobs system_prompts
	reflection_logs persona_reflection_logs improvement_suggestions persona_improvement_suggestions self_improving_settings shared_best_practices best_practice_applications vw_tenant_performance
	vw_lead_classification_stats vw_self_improving_summary vw_score_evolution vw_unified_tenant_performance`.split(/\s+/);

const tables = rowsOf(section("The seeds' tables: who writes them and who reads them"));
const indexes = rowsOf(section("The seeds' indexes"));
const bare = (cell: string): string => cell.replace(/`/g, '');

/** Names of nodes, resources and operations as an operator reads them. */
const shown = new Set(
	files
		.filter((file) => /^nodes\/.*\.ts$/.test(file))
		.flatMap((file) => allOf(read(file), /(?:displayName|name): '([A-Z][^']*)'/g)),
);
const workflows = new Set(
	files.filter((file) => file.startsWith('workflows/')).map((file) => file.slice('workflows/'.length, -'.json'.length)),
);

/** What is wrong with who is said to write or read; nothing when it ships. */
function faultOf(who: string): string[] {
	if (who === '') return ['nobody'];
	if (who.startsWith('`')) return workflows.has(bare(who)) ? [] : [who];
	return who.split(' > ').filter((name) => !shown.has(name));
}

test('every table of the seeds has its row, its place in the schema, a writer and a reader that ship', () => {
	expect(tables.map(([seed]) => bare(seed)).sort()).toEqual([...SEED_TABLES].sort());
	const faults = tables.flatMap(([seed, here, writer, reader]) =>
		[...(relations.has(bare(here)) ? [] : [here]), ...faultOf(writer), ...faultOf(reader)].map(
			(fault) => `${seed}: ${fault}`,
		),
	);
	expect(faults).toEqual([]);
});

test('every index of the seeds stands in the schema', () => {
	const built = new Set(allOf(schema, /^index (\w+)$/gm));
	expect(indexes.length).toBeGreaterThan(30);
	expect(indexes.filter(([, here]) => !built.has(bare(here))).map(([seed]) => seed)).toEqual([]);
	expect(indexes.filter(([, , on]) => !relations.has(bare(on))).map(([seed]) => seed)).toEqual([]);
});
