import { agentSpecJsonSchema } from '../../../core/agents';
import type { Operation } from '../../shared';

export const description: Operation['description'] = [];

export const execute = async (): Promise<object> => ({ schema: agentSpecJsonSchema() });
