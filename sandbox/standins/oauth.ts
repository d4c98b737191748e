import { createHash, randomBytes } from 'node:crypto';
import type { HttpReply, HttpRequest, HttpRoutes } from './http';

export interface OAuthStandIn {
	routes: HttpRoutes;
	clientId: string;
	clientSecret: string;
	/** Access tokens that work now, and what became of the others. */
	accessTokens: Set<string>;
	refreshTokens: Set<string>;
	/** Each call to the token address, by its kind of grant. */
	grants: string[];
	/** The person says no at the next authorise page. */
	deny: boolean;
	/** Takes every token back. */
	revokeAll(): void;
	/** Ends the access tokens alone: a refresh works. */
	expireAccess(): void;
	/** The 401 for a request without a token that works; null when it has one. */
	refusalOf(request: HttpRequest): HttpReply | null;
}

interface OAuthOptions {
	authorizePath: string;
	tokenPath: string;
	expiresIn: number;
	/** Refresh tokens are replaced at each use. */
	rotates?: boolean;
	/** Further fields of a token answer. */
	extra?: () => Record<string, unknown>;
}
type Codes = Map<string, { redirect: string; challenge: string | null }>;

const newToken = (): string => randomBytes(16).toString('hex');
const refuse = (error: string, status = 400): HttpReply => ({ status, body: { error } });

/** An OAuth 2 server: authorise page (allows at once), token address, PKCE, refresh; codes work once. */
export function createOAuthStandIn(options: OAuthOptions): OAuthStandIn {
	const codes: Codes = new Map();
	const standIn: OAuthStandIn = {
		clientId: 'client-id',
		clientSecret: 'client-secret',
		accessTokens: new Set(),
		refreshTokens: new Set(),
		grants: [],
		deny: false,
		revokeAll() {
			standIn.accessTokens.clear();
			standIn.refreshTokens.clear();
		},
		expireAccess: () => standIn.accessTokens.clear(),
		refusalOf(request) {
			const bearer = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
			if (standIn.accessTokens.has(bearer)) return null;
			return {
				status: 401,
				body: { error: { code: 401, message: 'Invalid Credentials', status: 'UNAUTHENTICATED' } },
			};
		},
		routes: {
			[`GET ${options.authorizePath}`]: (request) => authorize(standIn, codes, request),
			[`POST ${options.tokenPath}`]: (request) => answerGrant(standIn, codes, options, request),
		},
	};
	return standIn;
}

function authorize(standIn: OAuthStandIn, codes: Codes, { query }: HttpRequest): HttpReply {
	const redirect = query.get('redirect_uri') ?? '';
	if (query.get('client_id') !== standIn.clientId) return refuse('invalid_client', 401);
	if (!URL.canParse(redirect) || query.get('response_type') !== 'code') return refuse('invalid_request');
	const back = new URL(redirect);
	back.searchParams.set('state', query.get('state') ?? '');
	if (standIn.deny) back.searchParams.set('error', 'access_denied');
	else {
		const code = newToken();
		codes.set(code, { redirect, challenge: query.get('code_challenge') });
		back.searchParams.set('code', code);
	}
	return { status: 302, headers: { location: back.toString() } };
}

function fieldsOf(request: HttpRequest): Record<string, string> {
	return request.headers['content-type']?.includes('json')
		? (request.json() as Record<string, string>)
		: Object.fromEntries(new URLSearchParams(request.rawBody.toString('utf8')));
}

function clientOf(request: HttpRequest, fields: Record<string, string>): [string, string] {
	const basic = /^Basic (.+)$/.exec(request.headers.authorization ?? '')?.[1];
	if (!basic) return [fields.client_id, fields.client_secret];
	const [id, secret] = Buffer.from(basic, 'base64').toString('utf8').split(':');
	return [decodeURIComponent(id), decodeURIComponent(secret ?? '')];
}

function answerGrant(standIn: OAuthStandIn, codes: Codes, options: OAuthOptions, request: HttpRequest): HttpReply {
	const fields = fieldsOf(request);
	standIn.grants.push(fields.grant_type);
	const [id, secret] = clientOf(request, fields);
	if (id !== standIn.clientId || secret !== standIn.clientSecret) return refuse('invalid_client', 401);
	let refresh: string | null = null;
	if (fields.grant_type === 'authorization_code') {
		const code = codes.get(fields.code);
		codes.delete(fields.code);
		const proof = createHash('sha256')
			.update(fields.code_verifier ?? '')
			.digest('base64url');
		if (code?.redirect !== fields.redirect_uri) return refuse('invalid_grant');
		if (code.challenge !== null && code.challenge !== proof) return refuse('invalid_grant');
		refresh = newToken();
	} else if (fields.grant_type === 'refresh_token') {
		if (!standIn.refreshTokens.has(fields.refresh_token)) return refuse('invalid_grant');
		if (options.rotates) {
			standIn.refreshTokens.delete(fields.refresh_token);
			refresh = newToken();
		}
	} else return refuse('unsupported_grant_type');
	const access = newToken();
	standIn.accessTokens.add(access);
	if (refresh) standIn.refreshTokens.add(refresh);
	return {
		status: 200,
		body: {
			access_token: access,
			expires_in: options.expiresIn,
			token_type: 'Bearer',
			...(refresh ? { refresh_token: refresh } : {}),
			...options.extra?.(),
		},
	};
}
