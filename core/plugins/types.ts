export type JsonSchema = Record<string, unknown>;

/** A tool as a spec or the catalogue names it. */
export interface ToolDefinition {
	name: string;
	description: string;
	parameters: JsonSchema;
	result?: JsonSchema;
	timeoutSeconds?: number;
}

/** A tool of a compiled agent. */
export interface AgentTool extends ToolDefinition {
	plugin: string;
	timeoutSeconds: number;
}

/** How the model calls a tool: two plugins may have tools of one name. */
export const toolId = ({ plugin, name }: Pick<AgentTool, 'plugin' | 'name'>): string => `${plugin}.${name}`;

/** One call of a turn as the model is told of it. */
export interface ToolStep {
	tool: string;
	arguments: Record<string, unknown>;
	status: 'ok' | 'failed' | 'refused' | 'unknown';
	/** What the tool answered; of a failure nothing. */
	result: unknown;
	error: { code: string; message: string } | null;
}

/** The tools of one turn. */
export interface ToolRunner {
	/** Calls that an earlier attempt of this turn made. */
	readonly done: readonly ToolStep[];
	/** Whether a further call may be started. */
	mayCall(): boolean;
	/** Never throws for what a tool does wrong, only for a lost lease or database. */
	call(tool: string, argumentsJson: string | null): Promise<ToolStep>;
}
