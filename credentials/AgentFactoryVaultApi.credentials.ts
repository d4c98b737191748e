import type { ICredentialType, INodeProperties } from 'n8n-workflow';

/** The key that encrypts tenants' access tokens at rest. n8n's own encryption key does not reach into the factory's database. */
export class AgentFactoryVaultApi implements ICredentialType {
	name = 'agentFactoryVaultApi';

	displayName = 'Agent Factory Vault API';

	icon = { light: 'file:../icons/vault.svg', dark: 'file:../icons/vault.dark.svg' } as const;

	documentationUrl = 'https://www.npmjs.com/package/n8n-nodes-agent-factory';

	properties: INodeProperties[] = [
		{
			displayName: 'Key',
			name: 'key',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			description:
				'32 bytes in base64 or hex. Make one with: openssl rand -base64 32. Keep a copy: without it, stored tokens cannot be read.',
		},
		{
			displayName: 'Older Keys',
			name: 'olderKeys',
			type: 'string',
			typeOptions: { password: true, rows: 3 },
			default: '',
			description: 'One per line. They still open what they encrypted; new tokens use the key above.',
		},
	];
}
