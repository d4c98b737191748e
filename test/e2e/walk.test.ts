import { randomBytes } from 'node:crypto';
import type { Pool } from 'pg';
import { createDashboardLink } from '../../core/dashboard';
import { openDatabase, type Database } from '../../core/database';
import { createPersonaVersion, updateLeadSettings } from '../../core/leads';
import { createHandoffLink } from '../../core/handoff';
import { monitorRollouts } from '../../core/rollouts';
import { createVault, saveMember, sealPageLink } from '../../core/tenancy';
import { ageRollout, dealtFairly, meetPeople, type ArmOutcomes } from '../core/rollouts/people';
import { crowd } from '../core/reflection/world';
import type { TestTenant } from '../support/factory';
import { waitFor } from '../support/wait-for';
import { Editor, noBrowser, saveScreenshot, shippedWorkflows } from './support/editor';
import { onboard, type Client } from './support/onboarding-pages';
import { byId, operate } from './support/operate';
import { openFactory, state } from './support/running';
import { Visitor } from './support/visitor';

/** One way through everything that people see, each test from where the one before it ended. */
const LIMIT_MS = 300_000;
const CUSTOMER = '5511966690001';
const CLIENT: Client = {
	...{ name: `Tintas São João ${Date.now() % 100_000}`, agent: 'Bia', keyword: 'loja', approver: 'Dona Lia' },
	document: { title: 'Preços', text: 'Tinta branca: R$ 189 a lata.' },
	...{ question: 'Quanto custa a tinta branca?', expected: 'R$ 189' },
	...{ phoneNumberId: `66${Date.now()}`, wabaId: `67${Date.now()}` },
};
const REPLY = 'Oi Rui, aqui é a Lia. Como ajudo?';

let pool: Pool;
let database: Database;
let visitor: Visitor;
/** The checklist of the installation, left open while all the rest is done. */
let checklist: Visitor;
let links: { approval: string; report: string };
let tenant: TestTenant;
let owner: string;

const pageAt = (path: string): string => `${state().n8n.url}/webhook/agent-factory/${path}`;
const ports = () => ({ vault: createVault([state().vaultKey], randomBytes), now: Date.now, randomBytes });
const rows = async (sql: string, values: unknown[] = []): Promise<any[]> => (await pool.query(sql, values)).rows;

// A developer without a browser is told so; a build without one must not pass.
const skipped = noBrowser !== undefined && process.env.CI !== 'true';
const inBrowser = skipped ? describe.skip : describe;
if (skipped) process.stderr.write(`The walk is skipped: ${noBrowser}\n`);

let hasFailed = false;
/** One test of the walk: none begins where the one before it did not arrive. */
const step = (name: string, work: () => Promise<void>): void =>
	test(
		name,
		async () => {
			if (hasFailed) throw new Error('The walk ended earlier.');
			hasFailed = true;
			await work().catch(async (error: unknown) => {
				await saveScreenshot(visitor.page, 'walk-ended', true);
				throw error;
			});
			hasFailed = false;
		},
		LIMIT_MS,
	);

inBrowser(skipped ? `the walk (skipped: ${noBrowser})` : 'a person with a keyboard', () => {
	beforeAll(async () => {
		if (noBrowser) throw new Error(`The walk cannot be walked: ${noBrowser}`);
		pool = openFactory();
		database = openDatabase({ connectionString: state().database.url });
		visitor = await Visitor.open({ username: 'agency', password: state().n8n.password });
		checklist = await visitor.newTab();
	}, LIMIT_MS);
	afterAll(async () => {
		await visitor?.close();
		if (tenant) {
			// Nobody else's test is to meet this tenant.
			await pool.query(`update agent_factory.tenants set status = 'cancelled' where id = $1`, [tenant.id]);
			await pool.query(`update agent_factory.channel_accounts set status = 'disconnected' where tenant_id = $1`, [
				tenant.id,
			]);
		}
		await pool?.end();
		await database?.pool.end();
	}, LIMIT_MS);

	step('runs the setup in the editor, and its checklist turns green by itself', async () => {
		const [setup] = shippedWorkflows();
		const editor = await Editor.open();
		let url: string;
		try {
			await editor.openWorkflow(setup);
			await editor.page.getByTestId('execute-workflow-button').click();
			await editor.node('Create Checklist Link').getByTestId('canvas-node-status-success').waitFor();
			await editor.openNode('Create Checklist Link');
			url = (await editor.outputTable())[0].url;
		} finally {
			await editor.close();
		}
		const answer = await checklist.goTo(url);
		// Scripts, cookies and the editor's own requests are out of a page's reach.
		expect(answer.headers()['content-security-policy']).toMatch(/^sandbox(?!.*allow-same-origin)/);
		await checklist.heading('Instalação');
		await checklist.sees('✓ Banco de dados');
		await checklist.look('checklist');
		// Where other tests have done all of it, nothing is left to wait for.
		const byItself = checklist.page.getByRole('link', { name: 'Atualizar sozinha' });
		if (await byItself.isVisible()) {
			await checklist.press(byItself);
			await checklist.sees('Parar de atualizar sozinha');
		}
		// What Meta does when somebody presses "Verify and save".
		const { url: webhook, verifyToken } = state().webhook;
		const asked = new URLSearchParams({
			'hub.mode': 'subscribe',
			'hub.challenge': '1',
			'hub.verify_token': verifyToken,
		});
		expect((await fetch(`${webhook}?${asked.toString()}`)).status).toBe(200);
		await checklist.sees('✓ Token de verificação');
	});

	step('onboards a client page by page, and the client publishes the agent', async () => {
		links = await onboard(visitor, CLIENT);
		await visitor.goTo(links.approval);
		await visitor.heading(`O agente de ${CLIENT.name}`);
		await visitor.look('onboarding-approval');
		await visitor.follow('button', 'Aprovar e publicar', 'Obrigado');
		await visitor.sees('v1.0.0');
		await visitor.look('onboarding-approved');
		await visitor.goTo(links.approval);
		await visitor.heading('Não funcionou');
		await visitor.look('onboarding-used');
		const found = await waitFor<any>(
			async () => {
				const live = await rows(
					`select t.id, t.slug, a.id as account, g.id as agent from agent_factory.channel_accounts a join agent_factory.tenants t on t.id = a.tenant_id
							join agent_factory.agents g on g.tenant_id = t.id join agent_factory.agent_versions v on v.tenant_id = t.id and v.agent_id = g.id and v.is_active
							where a.external_id = $1`,
					[CLIENT.phoneNumberId],
				);
				return live[0];
			},
			{ timeoutMs: 60_000, what: 'the client’s agent in service' },
		);
		const { id, slug, account, agent } = found;
		tenant = {
			...{ id, slug, agentId: agent, channelAccountId: account },
			...{ phoneNumberId: CLIENT.phoneNumberId, wabaId: CLIENT.wabaId },
		};
		const person = { email: 'lia@example.com', fullName: 'Dona Lia', role: 'owner' as const };
		owner = (await saveMember(database, tenant.id, person)).user_id;
	});

	step('writes to the new agent on the phone page, and is answered from its documents', async () => {
		const { page } = visitor;
		await visitor.goTo(state().phone.url);
		await visitor.press(page.getByRole('button', { name: CLIENT.name }));
		await visitor.type(page.getByLabel('Número'), CUSTOMER);
		await visitor.type(page.getByLabel('Cliente', { exact: true }), 'Rui');
		await visitor.type(page.getByRole('textbox', { name: 'Mensagem' }), CLIENT.question);
		await page.keyboard.press('Enter');
		await page.getByRole('listitem').filter({ hasText: CLIENT.expected }).waitFor();
		await visitor.type(
			page.getByRole('textbox', { name: 'Mensagem' }),
			'Quero contratar para a minha loja hoje, como faço o pagamento?',
		);
		await page.keyboard.press('Enter');
		await waitFor(
			async () =>
				(
					await rows(
						`select 1 from agent_factory.classified_leads where tenant_id = $1 and classification = 'LEAD_HOT'`,
						[tenant.id],
					)
				).length > 0,
			{ timeoutMs: 60_000, what: 'a HOT lead' },
		);
		await visitor.look('phone');
		await checklist.sees('Tudo funciona');
		await checklist.look('checklist-done');
	});

	step('meets the HOT lead on the dashboard', async () => {
		const tile = visitor.page.getByRole('listitem').filter({ hasText: /^1leads HOT/ });
		await waitFor(
			async () => {
				// Workflow 90 may have counted today a minute ago; who looks later sees more.
				await database.pool.query(`select 1 from ${database.qualified}roll_up_days(1000, 0)`);
				await openDashboard();
				return await tile.isVisible();
			},
			{ timeoutMs: 90_000, pollMs: 1_000, what: 'the HOT lead on the dashboard' },
		);
		await visitor.look('dashboard');
	});

	step('approves a suggestion, and it goes to all people after they were better off with it', async () => {
		await monthsLater();
		await openDashboard();
		await visitor.follow('link', 'Ver e decidir', 'Sugestão de melhoria');
		await visitor.look('suggestion');
		await visitor.follow('button', 'Aprovar em 10 %', 'Anotado');
		await visitor.look('suggestion-approved');
		await daysLater(4, { candidate: [10, 0], incumbent: [1, 12] });
		expect(await stage()).toBe('canary50');
		await daysLater(1, { candidate: [30, 4], incumbent: [8, 32] });
		expect(await stage()).toBe('active');
	});

	step('takes the version back that served before, having read who is affected', async () => {
		await openDashboard();
		await visitor.follow('link', 'Versões', /^Versões/);
		await visitor.look('versions');
		await visitor.follow('link', 'Comparar com a anterior', /→/);
		await visitor.look('compare');
		await visitor.follow('link', 'Voltar a usar a versão 2', /voltar a usar\?/);
		await visitor.sees(/pessoas encontraram a versão em uso/);
		await visitor.look('restore');
		await visitor.press(visitor.page.getByRole('button', { name: 'Sim, voltar a usar' }));
		await visitor.sees('Diga por quê');
		await visitor.look('restore-refused');
		await visitor.type(visitor.page.getByLabel('Por quê'), 'Os clientes de loja voltaram');
		await visitor.follow('button', 'Sim, voltar a usar', /^Versões/);
		await visitor.sees('A versão 2 está em uso.');
		await visitor.look('restored');
		const active = await rows('select version from agent_factory.tenant_personas where tenant_id = $1 and is_active', [
			tenant.id,
		]);
		expect(active).toEqual([{ version: 2 }]);
	});

	step('asks for a person on the phone, and is answered by one from the hand-off page', async () => {
		const phone = await visitor.newTab();
		await phone.goTo(state().phone.url);
		await phone.type(phone.page.getByRole('textbox', { name: 'Mensagem' }), 'Quero falar com uma pessoa');
		await phone.page.keyboard.press('Enter');
		await phone.sees('Uma pessoa assumiu esta conversa');
		const request = { userId: owner, pageUrl: pageAt('handoff') };
		await visitor.goTo((await createHandoffLink(database, tenant.id, request, ports())).url);
		await visitor.heading('Atendimentos');
		await visitor.look('handoff-queue');
		await visitor.press(visitor.page.getByRole('link', { name: 'Rui' }));
		await visitor.sees('Quero falar com uma pessoa');
		await visitor.look('handoff-thread');
		await visitor.type(visitor.page.getByLabel('Resposta'), REPLY);
		await visitor.press(visitor.page.getByRole('button', { name: 'Enviar', exact: true }));
		await visitor.sees('Mensagem na fila de envio.');
		await visitor.look('handoff-answered');
		await phone.sees(REPLY);
		await phone.look('phone-answered');
		visitor.found.push(...phone.found);
		await phone.close();
	});

	step('opens nothing with a link that was made up, of another page, or too old', async () => {
		const sealed = (purpose: string, now = Date.now): string =>
			sealPageLink({ purpose, tenantId: tenant.id, subject: 'member', person: owner, hours: 1 }, pageAt('x'), {
				...ports(),
				now,
			}).token;
		const longAgo = (): number => Date.now() - 3 * 3_600_000;
		const pages = {
			...{ dashboard: 'dashboard', handoff: 'handoff', 'setup-report': 'setup_report' },
			...{ onboarding: 'onboarding_approval', approval: '', verdict: '' },
		};
		for (const [path, purpose] of Object.entries(pages)) {
			const tokens = ['v1.made.up', sealed('of another page'), ...(purpose ? [sealed(purpose, longAgo)] : [])];
			const answers = await Promise.all(
				tokens.map(async (token) => {
					const answer = await fetch(`${pageAt(path)}?token=${encodeURIComponent(token)}`);
					return `${path} ${answer.status} ${await answer.text()}`;
				}),
			);
			expect(answers[0]).toMatch(new RegExp(`^${path} 404 `));
			expect(new Set(answers).size).toBe(1);
			await visitor.goTo(`${pageAt(path)}?token=v1.made.up`);
			await visitor.look(`${path}-refused`);
		}
	});

	step('asks of one reply why it was said', async () => {
		await openDashboard();
		await visitor.follow('link', 'Por que ele disse isso?', /^As últimas respostas/);
		await visitor.look('replies');
		await visitor.follow('link', 'Por que ele disse isso?', 'Por que ele disse isso?');
		await visitor.sees('Versões que responderam');
		await visitor.look('why');
		await visitor.goTo(links.report);
		await visitor.look('setup-report');
	});

	test('met no page of ours that a keyboard, a phone or a reader of screens could not use', () => {
		if (visitor.foreign.length > 0)
			process.stderr.write(`On n8n's own pages:\n${[...new Set(visitor.foreign)].join('\n')}\n`);
		expect([...new Set([...visitor.found, ...checklist.found])]).toEqual([]);
	});
});

async function openDashboard(): Promise<void> {
	const request = { userId: owner, pageUrl: pageAt('dashboard') };
	await visitor.goTo((await createDashboardLink(database, tenant.id, request, ports())).url);
	await visitor.heading(CLIENT.name);
}

/** Many came and some bought; what the loop makes of them waits for a person. */
async function monthsLater(): Promise<void> {
	// A bare wish to buy makes 90 points; only with the persona's word beside it is somebody HOT.
	await updateLeadSettings(database, tenant.id, { hot: 95 });
	// A version that looks for shops, who seldom buy, and overlooks renovations, who mostly do.
	const persona = { productService: 'tintas e acabamentos', positiveKeywords: ['loja'] };
	await createPersonaVersion(database, tenant.id, persona, { activate: true });
	const shops = { says: 'quero contratar para loja', reply: 'mixed' } as const;
	const renovations = { says: 'quero contratar reforma', reply: 'mixed' } as const;
	await crowd(pool, tenant, { ...shops, people: 280, hot: 280, wonEvery: 5, daysAgo: 40 });
	await crowd(pool, tenant, { ...renovations, people: 140, isWon: (n) => n % 5 !== 0, daysAgo: 40 });
	await database.pool.query('analyze');
	const judged = await operate('e2e-walk-judge', {
		type: 'reflectionJudge',
		parameters: { operation: 'judge', tenant: byId(tenant.id), target: 'persona', days: 90, until: '' },
	});
	const { findings, autoUpdateBlocked } = judged;
	const improved = await operate('e2e-walk-improve', {
		type: 'suggestionApplier',
		parameters: {
			...{ operation: 'improve', tenant: byId(tenant.id), target: 'persona', language: 'pt-BR' },
			...{ findings: JSON.stringify(findings), autoUpdateBlocked },
		},
	});
	expect(improved).toMatchObject({ state: 'awaiting_approval' });
}

const stage = async (): Promise<string> =>
	(await rows('select stage from agent_factory.rollouts where tenant_id = $1', [tenant.id]))[0].stage;

/** What becomes of people of both arms, some days into the stage. */
async function daysLater(days: number, outcomes: ArmOutcomes): Promise<void> {
	const [{ id }] = await rows('select id from agent_factory.rollouts where tenant_id = $1', [tenant.id]);
	await meetPeople(database, tenant.id, outcomes);
	await dealtFairly(pool, id);
	await ageRollout(pool, id, days);
	await monitorRollouts(database, 500);
}
