import { GRAPH_BASE_URL, GRAPH_VERSION, type GraphClientOptions } from '../../core/meta';

/** What the Meta App credential holds. */
export interface MetaAppCredential {
	appSecrets: string;
	verifyToken: string;
	appId?: string;
	graphBaseUrl?: string;
	graphVersion?: string;
}

/** Where Graph answers, and in which version: what the credential says, else Meta's own. */
export const graphSettings = ({ graphBaseUrl, graphVersion }: MetaAppCredential): GraphClientOptions => ({
	fetch: globalThis.fetch,
	baseUrl: graphBaseUrl?.trim() || GRAPH_BASE_URL,
	version: graphVersion?.trim() || GRAPH_VERSION,
});
