import type { ICredentialType, INodeProperties } from 'n8n-workflow';
import { GRAPH_BASE_URL, GRAPH_VERSION } from '../core/meta';

/** What belongs to the Meta app as a whole. Access tokens belong to tenants and live encrypted in the database. */
export class MetaAppApi implements ICredentialType {
	name = 'metaAppApi';

	displayName = 'Meta App API';

	icon = { light: 'file:../icons/meta-app.svg', dark: 'file:../icons/meta-app.dark.svg' } as const;

	documentationUrl = 'https://developers.facebook.com/docs/graph-api/webhooks/getting-started';

	properties: INodeProperties[] = [
		{
			displayName: 'App Secrets',
			name: 'appSecrets',
			type: 'string',
			typeOptions: { password: true, rows: 3 },
			required: true,
			default: '',
			description:
				'One per line: the current one first, then previous or other apps (Instagram has a secret of its own)',
		},
		{
			displayName: 'Verify Token',
			name: 'verifyToken',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			description: 'A text of your choice; type the same one into the webhook settings of the Meta app',
		},
		{
			displayName: 'App ID',
			name: 'appId',
			type: 'string',
			default: '',
			description: 'Optional. With it, the test of this credential asks Meta whether the first secret is right.',
		},
		{
			displayName: 'Graph Base URL',
			name: 'graphBaseUrl',
			type: 'string',
			default: GRAPH_BASE_URL,
			description: 'Change it only for a proxy or a stand-in',
		},
		{
			displayName: 'Graph Version',
			name: 'graphVersion',
			type: 'string',
			default: GRAPH_VERSION,
			description: 'Version of the Graph API that messages are sent with',
		},
	];
}
