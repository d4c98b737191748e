import { randomBytes, randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import {
	claimTurns,
	completeTurn,
	loadTurn,
	type ClaimedTurn,
	type SettledDecision,
} from '../../../core/conversations';
import type { Database } from '../../../core/database';
import { ingest } from '../../../core/ingest';
import { addKnownContact, classifyTurns, importLeads, startRun, updateLeadSettings } from '../../../core/leads';
import { createGraphClient, signBody } from '../../../core/meta';
import { deliverDue, saveTemplate, sendDirect } from '../../../core/outbox';
import { createAccessKey, createChannelAccount, inTenant, pauseChannelAccount } from '../../../core/tenancy';
import { listen, makeTenant, statusBody, textBody, vault, wamid, type TestTenant } from '../../support/factory';
import { commentBody, messagingBody, mid } from '../../support/instagram';
import { TEMPLATE_NAME, type Party } from './isolation-catalogue';
import { runABusiness } from './isolation-business';
import { runSeveralAgents } from './isolation-agents';
import { sellToALead } from './isolation-crm';
import { handOneOver } from './isolation-handoff';
import { keepACalendar } from './isolation-calendar';
import { importAndWrite } from './isolation-imports';
import { improveOnce } from './isolation-loop';
import { beginOnboarding } from './isolation-onboarding';
import { winALead } from './isolation-outcomes';
import { sharePractices } from './isolation-practices';
import { countToday } from './isolation-reports';
import { limitSending } from './isolation-sending';
import { hearAndCall } from './isolation-voice';

/** Lives through everything that writes a row: afterwards each table holds something of this tenant. */
export async function liveThrough(database: Database, admin: Pool, phonePrefix: string): Promise<Party> {
	const tenant = await makeTenant(database);
	const mark = tenant.slug;
	const story = { database, tenant, mark, phone: (n: number): string => `${phonePrefix}${n}` };
	await createAccessKey(database, tenant.id, { name: mark, scopes: ['resolve'] }, randomBytes);
	await saveTemplate(database, tenant.id, {
		name: mark,
		category: 'window',
		content: mark,
		metaName: TEMPLATE_NAME,
		metaStatus: 'APPROVED',
		metaCategory: 'UTILITY',
	});
	await inTenant(
		database,
		tenant.id,
		async (db) =>
			await db.one(
				'insert into tenant_personas (tenant_id, version, is_active, brand_voice) values ($1, 1, true, $2)',
				[tenant.id, mark],
			),
	);
	await addKnownContact(database, tenant.id, { username: `known.${mark}`, fullName: mark, notes: mark });
	await updateLeadSettings(database, tenant.id, { model: mark, modelEnabled: false });
	const userId = randomUUID();
	await admin.query('insert into agent_factory.users (id, email, full_name) values ($1, $2, $3)', [
		userId,
		`${mark}@example.com`,
		mark,
	]);
	await admin.query('insert into agent_factory.tenant_members (tenant_id, user_id) values ($1, $2)', [
		tenant.id,
		userId,
	]);
	await admin.query('select agent_factory.request_sign_in($1)', [`${mark}@example.com`]);
	const page = (await createChannelAccount(
		database,
		tenant.id,
		{ kind: 'messenger', externalId: `page-${mark}`, displayName: mark },
		vault,
	)) as { id: string };
	await pauseChannelAccount(database, tenant.id, page.id, mark);

	await writeOnInstagram(story);
	await answerAndSend(story);
	await mergeTwoContacts(story);
	await leaveWorkLying(story);
	await winALead(database, admin, tenant.id, mark);
	await improveOnce(admin, tenant.id, mark);
	const { channelAccountId } = tenant;
	await importAndWrite(database, admin, { tenantId: tenant.id, channelAccountId, userId, mark, phone: story.phone(9) });
	await limitSending(database, tenant.id, mark);
	await keepACalendar(database, tenant.id, mark);
	await runABusiness(database, admin, tenant.id, mark);
	await runSeveralAgents(database, admin, tenant.id, mark);
	await sellToALead(database, admin, tenant.id, mark);
	await handOneOver(database, admin, tenant.id, userId, mark);
	await beginOnboarding(database, tenant.id, mark);
	await hearAndCall(database, tenant.id, mark);
	await countToday(database, admin, tenant.id);
	await sharePractices(database, admin, tenant.id);
	await admin.query('insert into agent_factory.retention_progress (tenant_id) values ($1)', [tenant.id]);
	return { tenantId: tenant.id, userId, mark };
}

interface Story {
	database: Database;
	tenant: TestTenant;
	mark: string;
	phone(n: number): string;
}

async function post(database: Database, body: Record<string, unknown>): Promise<void> {
	const rawBody = Buffer.from(JSON.stringify(body));
	const { error } = await ingest(database, { rawBody, signature: signBody(rawBody, 'secret'), secrets: ['secret'] });
	if (error) throw error;
}

const write = async ({ database, tenant, mark, phone }: Story, n: number): Promise<void> =>
	await post(database, textBody(tenant.phoneNumberId, [{ from: phone(n), text: `oi ${mark}`, name: mark }]));

/** A comment, a message, and a run over who wrote it. */
async function writeOnInstagram({ database, tenant, mark }: Story): Promise<void> {
	const account = (await createChannelAccount(
		database,
		tenant.id,
		{ kind: 'instagram', externalId: `ig-${mark}`, displayName: mark },
		vault,
	)) as { id: string };
	const author = { id: `author-${mark}`, username: 'x' };
	await post(database, commentBody(`ig-${mark}`, { id: 'story-comment', from: author, text: mark }));
	await post(database, messagingBody(`ig-${mark}`, author, { message: { mid: mid(), text: mark } }));
	await importLeads(database, tenant.id, [{ username: 'x', name: mark }]);
	const run = { campaign: mark, templates: [mark], channelAccountId: account.id, quietFrom: '00:00', quietTo: '00:00' };
	await startRun(database, tenant.id, run);
}

async function take({ database, tenant }: Story): Promise<ClaimedTurn> {
	const turns = await claimTurns(database, { workerId: 'story', limit: 50 });
	return turns.filter(({ tenantId }) => tenantId === tenant.id)[0];
}

async function answer(story: Story, turn: ClaimedTurn): Promise<void> {
	const noModel = { llm: async () => await Promise.reject(new Error('no model here')), fence: () => 'fence' };
	const [lead] = await classifyTurns(story.database, [turn], noModel);
	if (lead instanceof Error) throw lead;
	const loaded = await loadTurn(story.database, turn);
	const decision: SettledDecision = {
		action: 'reply',
		messages: [`Olá ${story.mark}`],
		handoffReason: null,
		deferUntil: null,
		optOut: false,
		checks: [
			{
				check: 'length',
				stage: 'output',
				fired: true,
				broken: false,
				action: 'allow',
				reason: story.mark,
				details: {},
			},
		],
		usage: [
			{
				provider: 'p',
				model: story.mark,
				inputTokens: 5,
				cachedInputTokens: 0,
				outputTokens: 3,
				costUsd: 0.01,
				latencyMs: 9,
				attempts: 1,
				requestId: story.mark,
				outcome: 'ok',
			},
		],
		agentVersionId: loaded!.agentVersionId,
		systemPromptId: loaded!.systemPromptId,
		personaId: loaded!.personaId,
		summary: story.mark,
	};
	await completeTurn(story.database, turn, decision);
}

/** Turn, reply, a delivered message, and a status that waits for its message. */
async function answerAndSend(story: Story): Promise<void> {
	await write(story, 1);
	await answer(story, await take(story));
	const server = await listen(() => ({ status: 200, body: { messages: [{ id: wamid() }] } }));
	try {
		const graph = createGraphClient({ fetch, baseUrl: server.url, version: 'v25.0' });
		await deliverDue(story.database, { graph, vault, random: () => 0.5 }, { workerId: 'story' });
	} finally {
		await server.close();
	}
	await post(story.database, statusBody(story.tenant.phoneNumberId, [{ id: wamid(), status: 'read' }]));
}

async function mergeTwoContacts(story: Story): Promise<void> {
	await write(story, 2);
	await write(story, 3);
	await inTenant(story.database, story.tenant.id, async (db) => {
		const ids = await db.all<{ id: string }>('select id from contacts where phone = any ($1)', [
			[story.phone(2), story.phone(3)],
		]);
		await db.one('select merge_contacts($1, $2, $3)', [story.tenant.id, ids[0].id, ids[1].id]);
	});
	await answer(story, await take(story));
}

/** A dead letter, a send in flight, one that waits, one of unknown outcome, a leased turn and a waiting one. */
async function leaveWorkLying(story: Story): Promise<void> {
	const { database, tenant } = story;
	await write(story, 4);
	const dead = await take(story);
	await inTenant(
		database,
		tenant.id,
		async (db) =>
			await db.one(`select bury_turn($1, $2, $3, 'gave up')`, [tenant.id, dead.conversationId, dead.turnId]),
	);
	await database.pool.query(`select from agent_factory.claim_outbox('story', 50, 600, 600)`);
	await write(story, 7);
	await answer(story, await take(story));
	await write(story, 5);
	const direct = await take(story);
	await sendDirect(database, tenant.id, {
		conversationId: direct.conversationId,
		key: 'story',
		content: { text: story.mark },
	});
	await inTenant(database, tenant.id, async (db) => {
		await db.all(
			`update outbox_messages set status = 'unknown', unknown_since = now() where idempotency_key like 'direct:%'`,
		);
	});
	await write(story, 6);
}
