import { metaAppTest } from '../../../nodes/shared/meta-app-test';
import { vaultTest } from '../../../nodes/shared/vault-test';
import { listen } from '../../support/factory';

const tested = async (data: Record<string, string>) =>
	await metaAppTest.call({} as never, { id: '1', name: 'x', type: 'metaAppApi', data } as never);
const vaultTested = async (data: Record<string, string>) =>
	await vaultTest.call({} as never, { id: '1', name: 'x', type: 'vault', data } as never);

test.each([
	['no secret', { appSecrets: ' ', verifyToken: 't' }, 'Error'],
	['no verify token', { appSecrets: 's', verifyToken: '' }, 'Error'],
	['no app id', { appSecrets: 's', verifyToken: 't' }, 'OK'],
])('a Meta app with %s is looked at without a call', async (_, data, status) => {
	expect((await tested(data)).status).toBe(status);
});

test.each([
	[200, { data: { is_valid: true } }, 'OK'],
	[400, { error: { code: 190, message: 'Invalid OAuth access token signature.' } }, 'Error'],
])('with an app id Meta is asked: HTTP %i', async (status, body, verdict) => {
	const graph = await listen(() => ({ status, body }));
	const data = { appSecrets: 's', verifyToken: 't', appId: '1', graphBaseUrl: graph.url, graphVersion: 'v25.0' };
	expect((await tested(data)).status).toBe(verdict);
	await graph.close();
});

test('vault keys are checked one by one', async () => {
	const key = Buffer.alloc(32, 1).toString('base64');
	expect(await vaultTested({ key })).toMatchObject({ status: 'OK' });
	expect(await vaultTested({ key, olderKeys: `${key}\nshort` })).toMatchObject({
		status: 'Error',
		message: expect.stringMatching(/32 bytes/),
	});
	expect(await vaultTested({ key: '' })).toMatchObject({ status: 'Error' });
});
