import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { createTemplateGraph } from '../../../../core/meta';
import type { TemplatePorts } from '../../../../core/outbox';
import { graphSettings, keptCredential, nodeVault, type MetaAppCredential } from '../../../shared';

/** n8n shows the Meta App credential by this field: these operations always ask Meta. */
export const askMetaField: INodeProperties = {
	displayName: 'Ask Meta',
	name: 'askMeta',
	type: 'hidden',
	default: true,
	description: 'Whether to ask Meta; always',
};

export const templatePorts = async (context: IExecuteFunctions): Promise<TemplatePorts> => ({
	graph: createTemplateGraph(graphSettings(await keptCredential<MetaAppCredential>(context, 'metaAppApi'))),
	vault: await nodeVault(context),
});
