import { createHmac } from 'node:crypto';
import { createHttpServer, type HttpReply, type HttpRequest } from './http';

export interface TwilioCall {
	sid: string;
	to: string;
	from: string;
	twiml: string;
	statusCallback: string;
}

export interface TwilioStandIn {
	url: string;
	calls: TwilioCall[];
	/** What the next calls of the API meet: a status with Twilio's code, or a connection cut after the call was made. */
	behave(behaviour: { status?: number; code?: number; dropResponse?: boolean }): void;
	/** Reports a call as Twilio does, signed with the account's token. Answers the HTTP status. */
	report(url: string, parameters: Record<string, string>, authToken?: string): Promise<number>;
	close(): Promise<void>;
}

const MESSAGES: Record<number, string> = {
	20003: 'Authenticate',
	20429: 'Too Many Requests',
	21211: "The 'To' number is not a valid phone number.",
	20500: 'Internal Server Error',
};

/** The part of the 2010 API that makes calls: form-encoded in, JSON out, no call leaves this machine. */
export async function startTwilioStandIn(account: {
	sid: string;
	authToken: string;
	port?: number;
}): Promise<TwilioStandIn> {
	const calls: TwilioCall[] = [];
	const behaviours: Array<{ status?: number; code?: number; dropResponse?: boolean }> = [];
	const fault = (status: number, code: number): HttpReply => ({
		status,
		headers: status === 429 ? { 'retry-after': '1' } : {},
		body: { code, message: MESSAGES[code] ?? 'Error', more_info: `https://www.twilio.com/docs/errors/${code}`, status },
	});
	const refused = (request: HttpRequest): HttpReply | null => {
		const given = Buffer.from((request.headers.authorization ?? '').replace(/^Basic /, ''), 'base64').toString();
		return given === `${account.sid}:${account.authToken}` && request.params.sid?.startsWith(account.sid)
			? null
			: fault(401, 20003);
	};
	const server = createHttpServer({
		'GET /2010-04-01/Accounts/:sid': (request) =>
			refused(request) ?? { status: 200, body: { sid: account.sid, status: 'active', type: 'Full' } },
		'POST /2010-04-01/Accounts/:sid/Calls.json': (request) => {
			const no = refused(request);
			if (no) return no;
			const form = new URLSearchParams(request.rawBody.toString('utf8'));
			const behaviour = behaviours.shift();
			if (behaviour?.status) return fault(behaviour.status, behaviour.code ?? 20500);
			const to = form.get('To') ?? '';
			if (!/^\+[1-9]\d{6,14}$/.test(to)) return fault(400, 21211);
			const sid = `CA${String(calls.length + 1).padStart(32, '0')}`;
			calls.push({
				sid,
				to,
				from: form.get('From') ?? '',
				twiml: form.get('Twiml') ?? '',
				statusCallback: form.get('StatusCallback') ?? '',
			});
			if (behaviour?.dropResponse) return 'destroy';
			return { status: 201, body: { sid, status: 'queued', direction: 'outbound-api', to, from: form.get('From') } };
		},
		'GET /_sandbox/calls': () => ({ status: 200, body: calls }),
	});
	const { url } = await server.listen(account.port);
	return {
		url,
		calls,
		behave: (behaviour) => void behaviours.push(behaviour),
		async report(target, parameters, authToken = account.authToken) {
			const signature = twilioSignature(target, parameters, authToken);
			const response = await fetch(target, {
				method: 'POST',
				headers: { 'content-type': 'application/x-www-form-urlencoded', 'x-twilio-signature': signature },
				body: new URLSearchParams(parameters).toString(),
			});
			await response.arrayBuffer();
			return response.status;
		},
		close: () => server.close(),
	};
}

/** The signature of a form, for tests that hand the bytes over themselves. */
export const twilioSignature = (url: string, parameters: Record<string, string>, authToken: string): string =>
	createHmac('sha1', authToken)
		.update(
			url +
				Object.keys(parameters)
					.sort()
					.map((name) => name + parameters[name])
					.join(''),
		)
		.digest('base64');
