import { graphError } from './graph-errors';
import type { HttpHandler, HttpReply, HttpRequest, HttpRoutes } from './http';

/** Tries with a wrong PIN before Meta locks the registration. */
const PIN_TRIES = 3;
const INSTAGRAM_TOKEN_SECONDS = 60 * 86_400;

interface NumberSetup {
	registered: boolean;
	/** The two-step verification PIN that the number has. */
	pin: string | null;
	tries: number;
}

/** What setting up an account changes: numbers that are not registered yet, and their PINs. */
export interface GraphSetupState {
	numbers: Map<string, NumberSetup>;
	/** Tokens of Instagram that were renewed, by how often. */
	refreshed: number;
}

export const newSetupState = (): GraphSetupState => ({ numbers: new Map(), refreshed: 0 });

/** READONLY... may look and not send, FOREIGN... is for another account, INVALID... is no token of Meta, FAULT<code>... is refused with that code. */
export const scopesOf = (token: string, all: readonly string[]): string[] =>
	token.startsWith('READONLY') ? all.filter((scope) => !scope.includes('messag')) : [...all];
export const FOREIGN_TARGET = '999999999999999';

/** Writing calls need the management permission for this very account. */
export function permissionFault(token: string): HttpReply | null {
	if (token.startsWith('INVALID')) {
		return graphError({
			code: 190,
			message: 'Invalid OAuth access token - Cannot parse access token',
			product: 'page',
		});
	}
	const asked = /^FAULT(\d+)/.exec(token);
	if (asked) return graphError({ code: Number(asked[1]), message: `(#${asked[1]}) Something new`, product: 'page' });
	if (!token.startsWith('READONLY') && !token.startsWith('FOREIGN')) return null;
	return graphError({
		code: token.startsWith('FOREIGN') ? 10 : 200,
		status: 403,
		message: token.startsWith('FOREIGN')
			? '(#10) Application does not have permission for this action'
			: '(#200) You do not have the necessary permissions required to send messages on behalf of this WhatsApp Business Account',
		product: 'page',
	});
}

export const numberStatus = (setup: GraphSetupState, id: string): Record<string, unknown> =>
	setup.numbers.get(id)?.registered === false
		? { status: 'PENDING', platform_type: 'NOT_APPLICABLE' }
		: { status: 'CONNECTED', platform_type: 'CLOUD_API' };

type Guard = (handler: HttpHandler) => HttpHandler;

export function setupRoutes(setup: GraphSetupState, guarded: Guard): HttpRoutes {
	return {
		// A number that is not registered yet, with the PIN that it has, if any.
		'POST /_sandbox/numbers': (request) => {
			const { phoneNumberId, pin = null } = request.json() as { phoneNumberId: string; pin?: string | null };
			setup.numbers.set(phoneNumberId, { registered: false, pin, tries: 0 });
			return { status: 200, body: { success: true } };
		},
		'POST /:version/:id/register': guarded((request) => register(setup, request)),
		'GET /refresh_access_token': (request) => refresh(setup, request),
	};
}

function register(setup: GraphSetupState, request: HttpRequest): HttpReply {
	const { pin } = request.json() as { pin?: unknown };
	const number = setup.numbers.get(request.params.id ?? '') ?? { registered: true, pin: null, tries: 0 };
	setup.numbers.set(request.params.id ?? '', number);
	if (typeof pin !== 'string' || !/^\d{6}$/.test(pin)) {
		return graphError({ code: 100, message: '(#100) Param pin must be a string of six digits' });
	}
	if (number.tries >= PIN_TRIES) {
		return graphError({
			code: 133016,
			message: '(#133016) Account register or deregister rate limit exceeded',
			details: 'There were too many attempts to register or deregister this phone number in a short period of time.',
		});
	}
	if (number.pin !== null && number.pin !== pin) {
		number.tries += 1;
		return graphError({
			code: 133005,
			message: '(#133005) Two step verification PIN Mismatch',
			details: 'Two-step verification PIN incorrect.',
		});
	}
	Object.assign(number, { registered: true, pin, tries: 0 });
	return { status: 200, body: { success: true } };
}

/** Instagram's own host has no version in the path and takes the token as a parameter. */
function refresh(setup: GraphSetupState, request: HttpRequest): HttpReply {
	const token = request.query.get('access_token') ?? '';
	if (request.query.get('grant_type') !== 'ig_refresh_token') {
		return graphError({ code: 100, message: '(#100) Invalid grant type', product: 'page' });
	}
	if (token === '' || token.startsWith('EXPIRED') || token.startsWith('INVALID')) {
		return graphError({
			code: 190,
			subcode: 463,
			message: 'Error validating access token: Session has expired.',
			product: 'page',
		});
	}
	setup.refreshed += 1;
	const body = {
		access_token: `${token.split('~')[0]}~${setup.refreshed}`,
		token_type: 'bearer',
		expires_in: INSTAGRAM_TOKEN_SECONDS,
	};
	return { status: 200, body };
}
