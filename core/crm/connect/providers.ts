/** Where an account of a service is connected, and how the service wants to be asked. A new service is one more of these. */
export interface OAuthProvider {
	/** In links, leases and `api_keys`: lower case with underscores. */
	name: string;
	/** For people. */
	title: string;
	authorizeUrl: string;
	tokenUrl: string;
	scopes: readonly string[];
	/** Between scopes; a space unless the service differs. */
	scopeSeparator?: string;
	pkce: boolean;
	/** How the app shows who it is at the token address. */
	clientAuth: 'body' | 'basic';
	tokenBody: 'form' | 'json';
	/** Further parameters of the authorise address. */
	authorizeParameters?: Readonly<Record<string, string>>;
}

/** Google Calendar: events and busy times, no other part of the account. */
export const GOOGLE: OAuthProvider = {
	name: 'google',
	title: 'Google',
	authorizeUrl: 'https://accounts.google.com/o/oauth2/v2/auth',
	tokenUrl: 'https://oauth2.googleapis.com/token',
	scopes: [
		'https://www.googleapis.com/auth/calendar.events',
		'https://www.googleapis.com/auth/calendar.freebusy',
		'https://www.googleapis.com/auth/calendar.calendars.readonly',
	],
	pkce: true,
	clientAuth: 'body',
	tokenBody: 'form',
	// Without both Google gives no refresh token to who has allowed the app before.
	authorizeParameters: { access_type: 'offline', prompt: 'consent' },
};

/** Pipedrive: what the app may do is set where it is registered; the token answer names the company's own address. */
export const PIPEDRIVE: OAuthProvider = {
	name: 'pipedrive',
	title: 'Pipedrive',
	authorizeUrl: 'https://oauth.pipedrive.com/oauth/authorize',
	tokenUrl: 'https://oauth.pipedrive.com/oauth/token',
	scopes: [],
	pkce: false,
	clientAuth: 'basic',
	tokenBody: 'form',
};
