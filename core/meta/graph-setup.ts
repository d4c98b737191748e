import { GRAPH_TIMEOUT_MS } from './defaults';
import { callGraph, type FetchLike, type GraphResult } from './graph-http';

export interface GraphSetupOptions {
	fetch: FetchLike;
	baseUrl: string;
	/** E.g. v25.0. */
	version: string;
	/** Instagram's own host, for tokens of its login. */
	instagramUrl?: string;
	timeoutMs?: number;
}

/** What a new client's account needs once; sending needs none of it. */
export interface GraphSetup {
	debugToken(token: string): Promise<GraphResult>;
	/** The app gets this WhatsApp account's webhooks from now on; again is fine. */
	subscribeApp(token: string, wabaId: string): Promise<GraphResult>;
	subscribedApps(token: string, wabaId: string): Promise<GraphResult>;
	/** Instagram account or page: the same call on the account itself, with the fields that are wanted. */
	subscribeAccount(token: string, accountId: string, fields: readonly string[]): Promise<GraphResult>;
	numberStatus(token: string, phoneNumberId: string): Promise<GraphResult>;
	registerNumber(token: string, phoneNumberId: string, pin: string): Promise<GraphResult>;
	/** A token of the Instagram login for another 60 days. */
	refreshInstagramToken(token: string): Promise<GraphResult>;
}

const NUMBER_FIELDS =
	'id,display_phone_number,verified_name,status,platform_type,code_verification_status,quality_rating';
export const INSTAGRAM_GRAPH_URL = 'https://graph.instagram.com';

/** The calls of setting an account up. Network faults are results, like in the client that sends. */
export function createGraphSetup(options: GraphSetupOptions): GraphSetup {
	const { fetch, baseUrl, version, instagramUrl = INSTAGRAM_GRAPH_URL, timeoutMs = GRAPH_TIMEOUT_MS } = options;
	const root = `${baseUrl.replace(/\/+$/, '')}/${version}`;
	const at = (...path: string[]): string => `${root}/${path.map(encodeURIComponent).join('/')}`;
	const get = (token: string, url: string): Promise<GraphResult> =>
		callGraph(fetch, timeoutMs, { method: 'GET', url, token });
	const post = (token: string, url: string, body: Record<string, unknown>): Promise<GraphResult> =>
		callGraph(fetch, timeoutMs, { method: 'POST', url, token, body });
	return {
		debugToken: (token) => get(token, `${at('debug_token')}?${new URLSearchParams({ input_token: token }).toString()}`),
		subscribeApp: (token, wabaId) => post(token, at(wabaId, 'subscribed_apps'), {}),
		subscribedApps: (token, wabaId) => get(token, at(wabaId, 'subscribed_apps')),
		subscribeAccount: (token, accountId, fields) =>
			post(token, at(accountId, 'subscribed_apps'), { subscribed_fields: fields.join(',') }),
		numberStatus: (token, phoneNumberId) => get(token, `${at(phoneNumberId)}?fields=${NUMBER_FIELDS}`),
		registerNumber: (token, phoneNumberId, pin) =>
			post(token, at(phoneNumberId, 'register'), { messaging_product: 'whatsapp', pin }),
		refreshInstagramToken: (token) =>
			get(
				token,
				`${instagramUrl.replace(/\/+$/, '')}/refresh_access_token?${new URLSearchParams({ grant_type: 'ig_refresh_token', access_token: token }).toString()}`,
			),
	};
}
