import type { Pool } from 'pg';
import { openDatabase, type Database } from '../../core/database';
import { saveMember } from '../../core/tenancy';
import { agree, tried } from '../core/practices/support';
import { makeTenant, type TestTenant } from '../support/factory';
import { waitFor } from '../support/wait-for';
import { byId, operate, operateAll } from './support/operate';
import { openFactory, state } from './support/running';

let pool: Pool;
let database: Database;
let sharers: TestTenant[];
let receiver: TestTenant;

/** Six businesses with roll-outs of their own behind them, and one that has none. */
beforeAll(async () => {
	pool = openFactory();
	database = openDatabase({ connectionString: state().database.url });
	sharers = [];
	for (let i = 0; i < 6; i++) {
		const tenant = await makeTenant(database);
		await tried(pool, tenant.id, { people: 240 });
		if (i > 0) await agree(database, tenant.id);
		sharers.push(tenant);
	}
	receiver = await makeTenant(database);
});
afterAll(async () => {
	const ids = [...sharers, receiver].map(({ id }) => id);
	await pool.query(`update agent_factory.tenants set status = 'cancelled' where id = any ($1::uuid[])`, [ids]);
	await pool.end();
	await database.pool.end();
});

const page = (): string => `${state().n8n.url}/webhook/agent-factory/practices`;
const tokenOf = async (tenant: TestTenant): Promise<string> => {
	const person = { email: `dona@${tenant.slug}.example.com`, fullName: 'Dona Ana', role: 'owner' as const };
	const { user_id: userId } = await saveMember(database, tenant.id, person);
	const { url } = await operate('e2e-practices-link', {
		type: 'sharedPractices',
		parameters: {
			operation: 'createPageLink',
			tenant: byId(tenant.id),
			userId: byId(userId),
			pageUrl: page(),
			hours: 1,
		},
	});
	return new URL(url as string).searchParams.get('token')!;
};
const press = async (token: string, form: Record<string, string>): Promise<{ status: number; html: string }> => {
	const body = new URLSearchParams({ token, ...form });
	const answer = await fetch(`${page()}?token=${encodeURIComponent(token)}`, { method: 'POST', body });
	return { status: answer.status, html: await answer.text() };
};
const application = async (): Promise<Record<string, unknown> | undefined> =>
	(await pool.query('select * from agent_factory.best_practice_applications where tenant_id = $1', [receiver.id]))
		.rows[0];

test('a practice goes from consent over an approved suggestion to its own roll-out, and back when somebody withdraws', async () => {
	const sharer = await tokenOf(sharers[0]);
	const opened = await fetch(`${page()}?token=${encodeURIComponent(sharer)}`);
	expect([opened.status, opened.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
	expect(await opened.text()).toContain('Autorizar: Compartilhar resultados do Instagram');
	expect((await fetch(`${page()}?token=forged`)).status).toBe(404);
	const share = { purpose: 'share', source: 'instagram' };
	expect((await press(`${sharer}x`, { action: 'give', ...share })).status).toBe(404);
	expect((await press(sharer, { action: 'give', ...share })).html).toContain('Autorização registrada.');
	const reader = await tokenOf(receiver);
	expect((await press(reader, { action: 'give', purpose: 'receive', source: '' })).status).toBe(200);

	const node = { type: 'sharedPractices' };
	const refresh = { ...node, parameters: { operation: 'refresh' } };
	expect(await operate('e2e-practices-refresh', refresh)).toMatchObject({ published: 1 });
	const offer = { ...node, parameters: { operation: 'offer', tenant: byId(receiver.id), language: 'pt-BR' } };
	const [offered] = await operateAll('e2e-practices-offer', offer);
	expect(offered).toMatchObject({ target: 'prompt', state: 'awaiting_approval', needsPerson: true });

	const approvals = page().replace('/practices', '/approval');
	const { url } = await operate('e2e-practices-approval', {
		type: 'suggestionApplier',
		parameters: {
			...{ operation: 'createApprovalLink', tenant: byId(receiver.id), target: 'prompt' },
			...{ suggestionId: offered.suggestionId, person: 'Dona Ana', pageUrl: approvals, hours: 1 },
		},
	});
	expect(await (await fetch(url as string)).text()).toContain('Prática compartilhada');
	const token = new URL(url as string).searchParams.get('token')!;
	const approved = await fetch(approvals, {
		method: 'POST',
		body: new URLSearchParams({ token, decision: 'approve' }),
	});
	expect(approved.status).toBe(200);
	expect(await application()).toMatchObject({ applied_at: expect.any(Date), reverted_at: null });

	expect((await press(sharer, { action: 'withdraw', ...share })).html).toContain('Autorização retirada.');
	const reverted = await waitFor(
		async () => {
			const row = await application();
			return row?.reverted_at ? row : null;
		},
		{ timeoutMs: 20_000, what: 'what came from it being taken back' },
	);
	expect(reverted).toMatchObject({ revert_how: 'rollout_stopped', revert_reason: 'practice_retired' });
	const { rows } = await pool.query('select stage, end_reason from agent_factory.rollouts where tenant_id = $1', [
		receiver.id,
	]);
	expect(rows).toEqual([{ stage: 'halted', end_reason: 'practice_retired' }]);
	const told = await fetch(`${page()}?token=${encodeURIComponent(reader)}&lang=en`);
	const html = await told.text();
	expect(html).toContain('withdrawn; the trial stopped');
	for (const { slug, id } of sharers) expect(html).not.toMatch(new RegExp(`${slug}|${id}`));
}, 120_000);
