import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { createHttpServer, type HttpHandler, type HttpReply } from './http';

export interface TelnyxCommand {
	/** dial, transfer or hangup. */
	name: string;
	callControlId: string;
	body: Record<string, unknown>;
}

export interface TelnyxStandIn {
	url: string;
	/** Commands that were carried out: one of a command_id. */
	commands: TelnyxCommand[];
	/** What the next command meets: a status with Telnyx's code, or a connection cut after it was carried out. */
	behave(behaviour: { status?: number; code?: string; dropResponse?: boolean }): void;
	/** What the portal shows as public key: the 32 bytes in base64. */
	publicKey: string;
	/** Signs a webhook body as Telnyx does. */
	signed(body: unknown, atMs: number): { rawBody: Buffer; headers: Record<string, string> };
	close(): Promise<void>;
}

/** The v2 API as far as a connection is checked and calls are made, and its signed webhooks. No call leaves this machine. */
export async function startTelnyxStandIn(account: { apiKey: string; port?: number }): Promise<TelnyxStandIn> {
	const { publicKey, privateKey } = generateKeyPairSync('ed25519');
	const commands: TelnyxCommand[] = [];
	const behaviours: Array<{ status?: number; code?: string; dropResponse?: boolean }> = [];
	const fault = (status: number, code: string, title: string): HttpReply => ({
		...{ status, headers: status === 429 ? { 'retry-after': '1' } : {} },
		body: { errors: [{ code, title, detail: title }] },
	});
	/** Every call of the API, behind its key. */
	const keyed =
		(handler: HttpHandler): HttpHandler =>
		async (request) =>
			request.headers.authorization === `Bearer ${account.apiKey}`
				? await handler(request)
				: fault(401, '10009', 'Authentication failed');
	const carryOut =
		(name: string, answer: (callControlId: string) => object): HttpHandler =>
		({ params, json }) => {
			const behaviour = behaviours.shift();
			if (behaviour?.status) return fault(behaviour.status, behaviour.code ?? '10007', 'Refused');
			const body = json() as Record<string, unknown>;
			if (name !== 'hangup' && !/^\+[1-9]\d{6,14}$/.test(String(body.to)))
				return fault(422, '10016', 'Phone number must be in +E.164 format');
			const known = commands.find(({ body: given }) => given.command_id === body.command_id);
			const callControlId = params.id ?? known?.callControlId ?? `v3:leg-${commands.length + 1}`;
			if (!known) commands.push({ name, callControlId, body });
			return behaviour?.dropResponse ? 'destroy' : { status: 200, body: { data: answer(callControlId) } };
		};
	const server = createHttpServer({
		'GET /v2/balance': keyed(() => ({
			...{ status: 200, body: { data: { record_type: 'balance', balance: '10.00', currency: 'USD' } } },
		})),
		'POST /v2/calls': keyed(
			carryOut('dial', (id) => ({
				...{ record_type: 'call', call_control_id: id, call_leg_id: `leg-of-${id}` },
				...{ call_session_id: `session-of-${id}`, is_alive: false },
			})),
		),
		'POST /v2/calls/:id/actions/transfer': keyed(carryOut('transfer', () => ({ result: 'ok' }))),
		'POST /v2/calls/:id/actions/hangup': keyed(carryOut('hangup', () => ({ result: 'ok' }))),
	});
	const { url } = await server.listen(account.port);
	return {
		url,
		commands,
		behave: (behaviour) => void behaviours.push(behaviour),
		publicKey: rawKey(publicKey),
		signed(body, atMs) {
			const rawBody = Buffer.from(JSON.stringify(body));
			const timestamp = String(Math.floor(atMs / 1_000));
			const signature = sign(null, Buffer.concat([Buffer.from(`${timestamp}|`), rawBody]), privateKey);
			return {
				rawBody,
				headers: { 'telnyx-timestamp': timestamp, 'telnyx-signature-ed25519': signature.toString('base64') },
			};
		},
		close: () => server.close(),
	};
}

const rawKey = (key: KeyObject): string => key.export({ format: 'der', type: 'spki' }).subarray(-32).toString('base64');
