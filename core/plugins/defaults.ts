/** Every bound of tool calls: once, with its unit and its reason. */
export const TOOL_LIMITS = {
	/** Calls a turn: look, do, put right, look again. More is a model that runs in circles. */
	callsPerTurn: 4,
	/** Milliseconds of a turn after which no further call is started: a customer waits. */
	turnMs: 60_000,
	/** Seconds one call may take. */
	timeoutSeconds: { minimum: 1, maximum: 30, fallback: 10 },
	/** Milliseconds before the one further try after a connection that failed. */
	retryMs: 250,
	/** Bytes of an answer that are read. */
	answerBytes: 65_536,
	/** Characters of a result that are kept; a tool answers facts, not documents. */
	resultCharacters: 16_000,
	/** Characters of a result that the model sees. */
	shownCharacters: 4_000,
	/** Characters of arguments that a model may write. */
	argumentCharacters: 8_000,
	/** Characters of a failure's message that the model is told. */
	messageCharacters: 300,
	/** Calls of earlier turns that stand in the context, and characters of each. */
	earlierCalls: 8,
	earlierCharacters: 400,
} as const;

export const TOOL_BOUNDS = { tools: 20, description: 500, schemaCharacters: 8_000 } as const;

/** Compiled schemas kept: an agent has a handful. */
export const SCHEMA_CACHE = 200;

/** Where a tool's workflow listens, below the webhook address of n8n. */
export const TOOL_PATH = 'agent-tools';
/** What the signing secret is derived for. */
export const TOOL_SECRET_PURPOSE = 'agent-tools/v1';
