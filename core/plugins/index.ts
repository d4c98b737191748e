export { catalogueTools, resolveTools, type CatalogueLanguage, type PluginSpec } from './catalogue';
export { TOOL_BOUNDS, TOOL_LIMITS, TOOL_PATH } from './defaults';
export { postTool, type PostAnswer, type PostRequest, type ToolPost } from './post';
export { listToolCalls } from './records';
export { createToolRunner, stored, type CallingTurn, type RunnerInput, type ToolConnection } from './run';
export { misfit, schemaProblem } from './schema';
export { receiveCall, toolSecrets, type ReceivedCall, type ToolCall } from './secret';
export { toolId, type AgentTool, type JsonSchema, type ToolDefinition, type ToolRunner, type ToolStep } from './types';
