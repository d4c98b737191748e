/** A node as n8n's files and its API show it. */
export interface WorkflowNode {
	id?: string;
	name: string;
	type: string;
	typeVersion?: number;
	position?: [number, number];
	parameters?: Record<string, unknown>;
	credentials?: Record<string, { id?: string | null; name?: string }>;
	webhookId?: string;
	notes?: string;
	[field: string]: unknown;
}

export interface Connection {
	node: string;
	type: string;
	index: number;
}

export type Connections = Record<string, Record<string, Array<Connection[] | null>>>;

/** A workflow as n8n's files and its API show it. */
export interface Workflow {
	id?: string;
	name?: string;
	active?: boolean;
	nodes: WorkflowNode[];
	connections: Connections;
	settings?: Record<string, unknown> | null;
	staticData?: unknown;
	pinData?: Record<string, unknown> | null;
	meta?: Record<string, unknown> | null;
	tags?: unknown[];
}

/**
 * A field's value by hash. Two of them where n8n's editor saves it in another way than it is shipped: the second is
 * null when the editor leaves the field out, as it does with defaults.
 */
export type FieldPrint = string | [shipped: string | null, saved: string | null];

export interface NodeRecord {
	type: string;
	/** Kinds of credentials, sorted. */
	credentials: string[];
	fields: Record<string, FieldPrint>;
}

/** What one version of a template was, as far as it can be told apart from what people made of it. */
export interface Release {
	version: string;
	/** What changed, for the people who import it. */
	notes: string[];
	name: string;
	nodes: Record<string, NodeRecord>;
	connections: string[];
	settings: Record<string, unknown>;
}

export interface TemplateRecord {
	template: string;
	workflowId: string;
	/** Oldest first. */
	releases: Release[];
}

/** A template of this package: its file and its past. */
export interface Template extends TemplateRecord {
	workflow: Workflow;
}
