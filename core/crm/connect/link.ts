import { createHash } from 'node:crypto';
import type { Database } from '../../database';
import { FactoryError } from '../../errors';
import {
	inTenant,
	openPageLink,
	sealPageLink,
	usePageLink,
	type OpenedPageLink,
	type PageLinkPorts,
	type TenantConnection,
} from '../../tenancy';
import { addressAt, readOAuthApp } from './app';
import { CONNECT_LINK_HOURS, VERIFIER_BYTES } from './defaults';
import type { CallService } from './http';
import type { OAuthProvider } from './providers';
import { askForTokens, type OAuthTokens } from './tokens';

export interface ConnectPorts extends PageLinkPorts {
	call: CallService;
}

const purposeOf = (provider: OAuthProvider): string => `connect/${provider.name}`;
const USED = `select exists (select 1 from used_page_links where tenant_id = $1::uuid and token_sha256 = $2::text) as used`;

/** The service's own page, with a state that only this tenant's callback opens, once. */
export async function createConnectLink(
	database: Database,
	tenantId: string,
	provider: OAuthProvider,
	request: {
		/** Our page to which the service sends the person back; registered with the app, letter by letter. */
		callbackUrl: string;
		/** Who is asked to connect. */
		person: string;
		hours?: number;
		/** What the callback needs to know again. */
		data?: Record<string, unknown>;
	},
	ports: ConnectPorts,
): Promise<{ url: string; expiresAt: string }> {
	const app = await readOAuthApp(database, tenantId, provider, ports.vault);
	const verifier = ports.randomBytes(VERIFIER_BYTES).toString('base64url');
	const { token, expiresAt } = sealPageLink(
		{
			purpose: purposeOf(provider),
			tenantId,
			subject: provider.name,
			person: request.person,
			hours: request.hours ?? CONNECT_LINK_HOURS,
			data: { ...request.data, verifier, callbackUrl: request.callbackUrl },
		},
		request.callbackUrl,
		ports,
	);
	const url = addressAt(provider.authorizeUrl, app.baseUrl);
	const challenge = createHash('sha256').update(verifier).digest('base64url');
	for (const [name, value] of Object.entries({
		...provider.authorizeParameters,
		client_id: app.clientId,
		redirect_uri: request.callbackUrl,
		response_type: 'code',
		...(provider.scopes.length > 0 ? { scope: provider.scopes.join(provider.scopeSeparator ?? ' ') } : {}),
		state: token,
		...(provider.pkce ? { code_challenge: challenge, code_challenge_method: 'S256' } : {}),
	}))
		url.searchParams.set(name, value);
	return { url: url.toString(), expiresAt: expiresAt.toISOString() };
}

export interface Connected<T> {
	tenantId: string;
	person: string;
	result: T;
}

/** What the service sends back: tokens for the code, kept by `keep` in the transaction that uses the state up. */
export async function finishConnect<P, T>(
	database: Database,
	provider: OAuthProvider,
	callback: { state: string; code?: string; error?: string },
	ports: ConnectPorts,
	steps: {
		/** Asks the service, with the new tokens, what must be known of the account. No transaction is open. */
		look(tokens: OAuthTokens, link: OpenedPageLink): Promise<P>;
		keep(db: TenantConnection, tokens: OAuthTokens, found: P, link: OpenedPageLink): Promise<T>;
	},
): Promise<Connected<T>> {
	const link = openPageLink(callback.state, purposeOf(provider), ports);
	const used = (): FactoryError =>
		new FactoryError(
			'CONNECT_LINK_USED',
			'This link was used already: the account is connected, or ask for a new link.',
		);
	const { used: before } = (await inTenant(
		database,
		link.tenantId,
		async (db) => await db.one<{ used: boolean }>(USED, [link.tenantId, link.sha256]),
	))!;
	if (before) throw used();
	if (!callback.code)
		throw new FactoryError(
			'CONNECT_DENIED',
			`${provider.title} sent no permission back. Open the link again and allow what is asked for.`,
			{ item: provider.name },
		);
	const app = await readOAuthApp(database, link.tenantId, provider, ports.vault);
	const grant = {
		grant_type: 'authorization_code',
		code: callback.code,
		redirect_uri: String(link.data.callbackUrl),
		...(provider.pkce ? { code_verifier: String(link.data.verifier) } : {}),
	};
	const tokens = await askForTokens(provider, app, grant, ports);
	const found = await steps.look(tokens, link);
	const result = await inTenant(
		database,
		link.tenantId,
		async (db) => {
			if (!(await usePageLink(db, purposeOf(provider), link))) throw used();
			return await steps.keep(db, tokens, found, link);
		},
		{ actor: link.person },
	);
	return { tenantId: link.tenantId, person: link.person, result };
}
