import type { Client } from 'pg';
import { openDatabase, type Database } from '../../core/database';

/** A node of EXPLAIN (FORMAT JSON, ANALYZE). */
interface PlanNode {
	'Node Type': string;
	'Relation Name'?: string;
	'Index Name'?: string;
	'Index Cond'?: string;
	'Rows Removed by Filter'?: number;
	'Actual Loops'?: number;
	Plans?: PlanNode[];
}

/** Tables that grow with the traffic: none of them is read from end to end by what traffic waits for. */
const GROWING = [
	'webhook_events',
	'message_queue',
	'conversation_locks',
	'contacts',
	'contact_identities',
	'conversations',
	'messages',
	'turns',
	'outbox_messages',
	'outbox_lanes',
	'llm_usage',
	'audit_events',
];
/** Rows that one scan may read and throw away: more means that its index does not fit the question. */
const THROWN_AWAY = 300;

const SETTINGS = [
	'session_preload_libraries=auto_explain',
	'auto_explain.log_min_duration=0',
	'auto_explain.log_nested_statements=on',
	'auto_explain.log_analyze=on',
	'auto_explain.log_timing=off',
	'auto_explain.log_format=json',
	'auto_explain.log_level=notice',
];

export interface WatchedDatabase {
	database: Database;
	/** What is wrong with the plans since the last call, each complaint once; also of statements inside functions. */
	complaints(): string[];
	/** Statements seen since the watch began. */
	seen(): number;
}

/** One connection of a superuser that tells the plan of every statement it runs. */
export function watchPlans(connectionString: string): WatchedDatabase {
	const url = new URL(connectionString);
	url.searchParams.set('options', SETTINGS.map((setting) => `-c ${setting}`).join(' '));
	const database = openDatabase({ connectionString: url.toString(), maxConnections: 1 });
	const found = new Set<string>();
	let statements = 0;
	database.pool.on('connect', (client) => {
		(client as unknown as Client).on('notice', ({ message }) => {
			const json = /plan:\n([\s\S]+)$/.exec(message ?? '')?.[1];
			if (!json) return;
			statements++;
			const { 'Query Text': query, Plan: plan } = JSON.parse(json) as { 'Query Text': string; Plan: PlanNode };
			for (const complaint of complaintsOf(plan)) found.add(`${complaint} in: ${inOneLine(query)}`);
		});
	});
	return {
		database,
		complaints() {
			const all = [...found];
			found.clear();
			return all;
		},
		seen: () => statements,
	};
}

const inOneLine = (query: string): string => query.replace(/\s+/g, ' ').trim().slice(0, 300);

/** `bounded`: a LIMIT stands right above, so that reading an index from its end is a look-up. */
function complaintsOf(node: PlanNode, bounded = false): string[] {
	const kind = node['Node Type'];
	const name = node['Index Name'] ?? node['Relation Name'] ?? '';
	const grows = GROWING.includes(node['Relation Name'] ?? '');
	const own: string[] = [];
	if (grows && kind === 'Seq Scan') own.push(`Seq Scan on ${name}`);
	if (/Index/.test(kind) && (grows || kind === 'Bitmap Index Scan') && !node['Index Cond'] && !bounded)
		own.push(`${kind} of all of ${name}`);
	if (grows && (node['Rows Removed by Filter'] ?? 0) > THROWN_AWAY)
		own.push(`${kind} on ${name} throws away ${node['Rows Removed by Filter']} rows`);
	const below = ['Limit', 'LockRows', 'Result'].includes(kind) && (kind === 'Limit' || bounded);
	return [...own, ...(node.Plans ?? []).flatMap((child) => complaintsOf(child, below))];
}
