import type { ICredentialsDecrypted, ICredentialTestFunctions, INodeCredentialTestResult } from 'n8n-workflow';
import { createGraphClient, GRAPH_BASE_URL, GRAPH_VERSION } from '../../core/meta';
import type { MetaAppCredential } from './meta-app';
import { secretList } from './parameters';

const good = (message: string): INodeCredentialTestResult => ({ status: 'OK', message });
const bad = (message: string): INodeCredentialTestResult => ({ status: 'Error', message });

/** Looks at what can be known here, and asks Meta about the first secret where the app id is given. */
export async function metaAppTest(
	this: ICredentialTestFunctions,
	credential: ICredentialsDecrypted,
): Promise<INodeCredentialTestResult> {
	const app = (credential.data ?? {}) as unknown as MetaAppCredential;
	const [secret] = secretList(app.appSecrets);
	if (!secret) return bad('Enter at least one app secret: Meta app > App settings > Basic.');
	if (!app.verifyToken?.trim())
		return bad('Enter a verify token: any text, the same as in the webhook settings of the Meta app.');
	if (!app.appId?.trim()) return good('Filled in. Enter the app ID too to have Meta check the first secret.');

	const graph = createGraphClient({
		fetch: globalThis.fetch,
		baseUrl: app.graphBaseUrl?.trim() || GRAPH_BASE_URL,
		version: app.graphVersion?.trim() || GRAPH_VERSION,
	});
	const token = `${app.appId.trim()}|${secret}`;
	const result = await graph.debugToken({ token, inputToken: token });
	return result.ok
		? good('Meta knows this app and secret.')
		: bad(`Meta refused the app ID or the first secret: ${result.class.advice}`);
}
