import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { createHttpServer } from './http';

export interface TelnyxStandIn {
	url: string;
	/** What the portal shows as public key: the 32 bytes in base64. */
	publicKey: string;
	/** Signs a webhook body as Telnyx does. */
	signed(body: unknown, atMs: number): { rawBody: Buffer; headers: Record<string, string> };
	close(): Promise<void>;
}

/** The v2 API as far as a connection is checked, and its signed webhooks. */
export async function startTelnyxStandIn(account: { apiKey: string; port?: number }): Promise<TelnyxStandIn> {
	const { publicKey, privateKey } = generateKeyPairSync('ed25519');
	const server = createHttpServer({
		'GET /v2/balance': ({ headers }) =>
			headers.authorization === `Bearer ${account.apiKey}`
				? { status: 200, body: { data: { record_type: 'balance', balance: '10.00', currency: 'USD' } } }
				: {
						status: 401,
						body: { errors: [{ code: '10009', title: 'Authentication failed', detail: 'No key found' }] },
					},
	});
	const { url } = await server.listen(account.port);
	return {
		url,
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
