import { GRAPH_VERSION } from '../core/meta';
import { OWN_API_CREDENTIAL } from './n8n/api';
import type { DatabaseLogin } from './databases';
import type { SandboxModels } from './models';
import type { CredentialSeed } from './n8n/provision';
import type { SandboxSecrets } from './secrets';

export interface CredentialSources {
	database: DatabaseLogin;
	graphUrl: string;
	models: SandboxModels;
	secrets: SandboxSecrets;
}

/** n8n makes its keys when it runs: the sandbox fills this one in then. */
const OWN_API: CredentialSeed = {
	id: OWN_API_CREDENTIAL,
	name: 'n8n API',
	type: 'n8nApi',
	data: { apiKey: 'not made yet', baseUrl: 'http://127.0.0.1' },
};

/** The credentials that the shipped workflows name, by their fixed ids. */
export function sandboxCredentials({ database, graphUrl, models, secrets }: CredentialSources): CredentialSeed[] {
	return [
		{
			id: 'afPostgres000001',
			name: 'Agent Factory database',
			type: 'postgres',
			data: {
				host: database.host,
				port: database.port,
				database: database.database,
				user: database.user,
				password: database.password,
				maxConnections: 5,
				...(database.ssl ? { allowUnauthorizedCerts: true } : { allowUnauthorizedCerts: false, ssl: 'disable' }),
				sshTunnel: false,
			},
		},
		{
			id: 'afMetaApp0000001',
			name: 'Meta app',
			type: 'metaAppApi',
			data: {
				appSecrets: secrets.appSecret,
				verifyToken: secrets.verifyToken,
				appId: '',
				graphBaseUrl: graphUrl,
				graphVersion: GRAPH_VERSION,
			},
		},
		{
			id: 'afVault000000001',
			name: 'Vault key',
			type: 'agentFactoryVaultApi',
			data: { key: secrets.vaultKey, olderKeys: '' },
		},
		{
			id: 'afFormLogin00001',
			name: 'Form login',
			type: 'httpBasicAuth',
			data: { user: 'agency', password: secrets.n8nPassword },
		},
		{
			id: 'afAnthropic00001',
			name: 'Anthropic',
			type: 'anthropicApi',
			data: { apiKey: models.anthropic.apiKey, url: models.anthropic.url, header: false },
		},
		{
			id: 'afOpenAi00000001',
			name: 'OpenAI',
			type: 'openAiApi',
			data: { apiKey: models.openAi.apiKey, url: models.openAi.url, header: false },
		},
		OWN_API,
	];
}
