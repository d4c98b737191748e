import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { toolSecrets, type ToolConnection } from '../../core/plugins';
import { asText, nodeVault, refuse } from '../shared';

export const toolsBaseUrlField: INodeProperties = {
	displayName: 'Tools Base URL',
	name: 'toolsBaseUrl',
	type: 'string',
	default: '',
	placeholder: 'http://127.0.0.1:5678/webhook',
	description:
		'Webhook address under which the tools of agents listen, as this machine reaches it; empty: the address that this n8n gives itself',
};

/** Where the tools of agents listen, and what signs the calls. */
export async function toolConnection(context: IExecuteFunctions, itemIndex: number): Promise<ToolConnection> {
	const options = context.getNodeParameter('options', itemIndex, {}) as { toolsBaseUrl?: unknown };
	const given = asText(options.toolsBaseUrl).trim();
	const baseUrl = given === '' ? `${context.getInstanceBaseUrl().replace(/\/+$/, '')}/webhook` : given;
	if (!URL.canParse(baseUrl) || !/^https?:$/.test(new URL(baseUrl).protocol))
		throw refuse('toolsBaseUrl', 'is not a web address. Write e.g. http://127.0.0.1:5678/webhook.');
	return { baseUrl, secrets: toolSecrets(await nodeVault(context)) };
}
