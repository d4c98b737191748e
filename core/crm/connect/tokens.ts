import { FactoryError } from '../../errors';
import { addressAt, type OAuthApp } from './app';
import { serviceError, type CallService } from './http';
import type { OAuthProvider } from './providers';

export interface OAuthTokens {
	accessToken: string;
	/** Null where the service gave no new one: the old one goes on. */
	refreshToken: string | null;
	/** Null: it does not end by itself. */
	expiresAt: Date | null;
	/** Whatever else the answer held, such as the domain of the account. */
	extra: Record<string, unknown>;
}

export interface TokenPorts {
	call: CallService;
	/** Milliseconds since 1970. */
	now(): number;
}

/** One request to the token address: a code or a refresh token for tokens. */
export async function askForTokens(
	provider: OAuthProvider,
	app: OAuthApp,
	grant: Record<string, string>,
	{ call, now }: TokenPorts,
): Promise<OAuthTokens> {
	const inBody = provider.clientAuth === 'body';
	const fields = {
		...grant,
		...(inBody ? { client_id: app.clientId, client_secret: app.clientSecret } : {}),
	};
	const basic = Buffer.from(`${encodeURIComponent(app.clientId)}:${encodeURIComponent(app.clientSecret)}`);
	const answer = await call({
		method: 'POST',
		url: addressAt(provider.tokenUrl, app.baseUrl).toString(),
		...(provider.tokenBody === 'json' ? { json: fields } : { form: fields }),
		headers: inBody ? {} : { authorization: `Basic ${basic.toString('base64')}` },
		allowLocal: app.allowLocal,
	});
	if (answer.status === 200 && typeof answer.body.access_token === 'string') {
		const { access_token, refresh_token, expires_in, ...extra } = answer.body;
		const seconds = Number(expires_in);
		return {
			accessToken: access_token,
			refreshToken: typeof refresh_token === 'string' ? refresh_token : null,
			expiresAt: Number.isFinite(seconds) && seconds > 0 ? new Date(now() + seconds * 1_000) : null,
			extra,
		};
	}
	const code = typeof answer.body.error === 'string' ? answer.body.error : '';
	if (code === 'invalid_client' || code === 'unauthorized_client')
		throw new FactoryError(
			'OAUTH_APP_REFUSED',
			`${provider.title} does not know this client id and secret, or the app may not do this. Compare them with its console and save the app again.`,
			{ item: provider.name },
		);
	if (code === 'invalid_grant' || answer.status === 401)
		throw new FactoryError(
			'SERVICE_UNAUTHORIZED',
			`${provider.title} refuses the token: it was revoked or has expired. Connect the account again.`,
			{ item: provider.name },
		);
	throw serviceError(provider.title, answer, code);
}
