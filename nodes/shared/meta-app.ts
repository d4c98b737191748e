/** What the Meta App credential holds. */
export interface MetaAppCredential {
	appSecrets: string;
	verifyToken: string;
	appId?: string;
	graphBaseUrl?: string;
	graphVersion?: string;
}
