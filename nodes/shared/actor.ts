import type { IExecuteFunctions } from 'n8n-workflow';

/** Who did it, for the audit log: the workflow that the node is in. */
export const actorOf = (context: IExecuteFunctions): string => `n8n:${context.getWorkflow().id ?? 'unsaved'}`;
