import type { IWebhookFunctions } from 'n8n-workflow';
import { CREDENTIAL_KEPT_MS, CREDENTIAL_REREAD_MS } from '../../../nodes/shared/defaults';
import { keptCredential } from '../../../nodes/shared/kept-credential';

let made = 0;

/** An n8n that counts how often it had to open the credential. */
function door() {
	const id = `credential-${made++}`;
	const state = { secret: 'first', reads: 0, broken: false };
	const context = {
		getNode: () => ({ credentials: { metaAppApi: { id, name: 'Meta app' } } }),
		async getCredentials() {
			state.reads++;
			if (state.broken) throw new Error('Credential could not be decrypted');
			return { appSecrets: state.secret };
		},
	} as unknown as IWebhookFunctions;
	const read = async (now: number, fresh = false) => await keptCredential(context, 'metaAppApi', { now, fresh });
	return { state, read };
}

test('requests that come close together share one look at the credential', async () => {
	const { state, read } = door();
	await Promise.all([read(0), read(1), read(CREDENTIAL_KEPT_MS)]);
	expect(state.reads).toBe(1);
});

test('a secret that was changed is known when the kept one is too old', async () => {
	const { state, read } = door();
	await read(0);
	state.secret = 'second';
	expect(await read(CREDENTIAL_KEPT_MS)).toEqual({ appSecrets: 'first' });
	expect(await read(CREDENTIAL_KEPT_MS + 1)).toEqual({ appSecrets: 'second' });
});

test('a signature that fits no kept secret makes it look again, but not at will', async () => {
	const { state, read } = door();
	await read(0);
	state.secret = 'second';
	expect(await read(CREDENTIAL_REREAD_MS, true)).toEqual({ appSecrets: 'first' });
	expect(await read(CREDENTIAL_REREAD_MS + 1, true)).toEqual({ appSecrets: 'second' });
	expect(state.reads).toBe(2);
});

test('a credential that could not be read is asked for again by the next request', async () => {
	const { state, read } = door();
	state.broken = true;
	await expect(read(0)).rejects.toThrow('could not be decrypted');
	state.broken = false;
	expect(await read(1)).toEqual({ appSecrets: 'first' });
});
