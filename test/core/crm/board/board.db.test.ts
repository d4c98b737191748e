import {
	assignLead,
	listLeads,
	listMoves,
	listStages,
	moveLead,
	reorderStages,
	saveStage,
	setFavoriteLead,
} from '../../../../core/crm';
import type { Database } from '../../../../core/database';
import { listOutcomes, recordOutcome } from '../../../../core/leads';
import { saveMember } from '../../../../core/tenancy';
import { createTestDatabase, type TestDatabase } from '../../../support/database';
import { databaseFor, dropDatabase, makeTenant, type TestTenant } from '../../../support/factory';
import { freshKey, saveLead } from '../../leads/lead-story';

let test_: TestDatabase;
let database: Database;
let tenant: TestTenant;

beforeAll(async () => {
	test_ = await createTestDatabase();
	database = databaseFor(test_);
});
beforeEach(async () => void (tenant = await makeTenant(database)));
afterAll(async () => await dropDatabase(database, test_));

const stages = async () => await listStages(database, tenant.id);
const stageId = async (name: string): Promise<string> => (await stages()).find((stage) => stage.name === name)!.id;
const NAMES = ['Lead', 'Contato', 'Proposta', 'Negociação', 'Fechado'];

test('the board counts who stands where; family and spam are no leads', async () => {
	const hot = await saveLead(database, tenant.id, { classification: 'LEAD_HOT' });
	await saveLead(database, tenant.id);
	await saveLead(database, tenant.id, { classification: 'SPAM' });
	await saveLead(database, tenant.id, { classification: 'PESSOAL', personalReason: 'familiar' });
	await recordOutcome(database, tenant.id, {
		...{ leadId: hot.leadId, stage: 'Proposta', source: 'person', actor: 'Rui', idempotencyKey: freshKey() },
	});
	expect((await stages()).map(({ name, leads, hot: n }) => [name, leads, n])).toEqual([
		['Lead', 1, 0],
		['Contato', 0, 0],
		['Proposta', 1, 1],
		['Negociação', 0, 0],
		['Fechado', 0, 0],
	]);
});

test('a move is written down with who, from and to, whichever way it came, and once a key', async () => {
	const { leadId } = await saveLead(database, tenant.id);
	const to = { leadId, stageId: await stageId('Proposta'), person: 'Ana' };
	expect(await moveLead(database, tenant.id, { ...to, key: 'a' })).toMatchObject({
		...{ moved: true, from: 'Lead', to: 'Proposta', kind: 'opportunity' },
	});
	expect(await moveLead(database, tenant.id, { ...to, key: 'b' })).toMatchObject({ moved: false });
	await recordOutcome(database, tenant.id, {
		...{ leadId, stage: 'Fechado', source: 'crm', actor: 'Pipedrive', idempotencyKey: freshKey() },
	});
	expect(
		(await listMoves(database, tenant.id, { leadId })).map(({ from, to: at, movedBy }) => [from, at, movedBy]),
	).toEqual([
		['Proposta', 'Fechado', 'Pipedrive'],
		['Lead', 'Proposta', 'Ana'],
	]);
	expect(await listOutcomes(database, tenant.id, { leadId })).toMatchObject([
		{ kind: 'client', source: 'crm' },
		{ kind: 'opportunity', source: 'person', actor: 'Ana' },
	]);
	await expect(test_.admin.query('update agent_factory.pipeline_moves set moved_by = $1', ['x'])).rejects.toMatchObject(
		{
			code: 'ZF003',
		},
	);
});

test('two people who move a lead at once leave two moves that follow on each other', async () => {
	const { leadId } = await saveLead(database, tenant.id);
	const [a, b] = [await stageId('Contato'), await stageId('Proposta')];
	await Promise.all([
		moveLead(database, tenant.id, { leadId, stageId: a, person: 'Ana', key: 'a' }),
		moveLead(database, tenant.id, { leadId, stageId: b, person: 'Rui', key: 'b' }),
	]);
	const moves = (await listMoves(database, tenant.id, { leadId })).reverse();
	expect(moves[0].from).toBe('Lead');
	if (moves[1]) expect(moves[1].from).toBe(moves[0].to);
});

test('a stage is added, renamed, recoloured and put elsewhere; a name is there once', async () => {
	const added = await saveStage(database, tenant.id, { name: ' Visita ', color: '#22C55E', stageType: 'contact' });
	expect(added).toMatchObject({ name: 'Visita', color: '#22c55e', stageOrder: 6, stageType: 'contact' });
	const order = [...(await stages()).slice(0, 2).map(({ id }) => id), added.id];
	expect((await reorderStages(database, tenant.id, order)).map(({ name }) => name)).toEqual([
		...['Lead', 'Contato', 'Visita', 'Proposta', 'Negociação', 'Fechado'],
	]);
	expect(await saveStage(database, tenant.id, { stageId: added.id, name: 'Visita feita' })).toMatchObject({
		...{ name: 'Visita feita', color: '#22c55e', stageOrder: 3 },
	});
	await expect(saveStage(database, tenant.id, { name: 'PROPOSTA' })).rejects.toMatchObject({ code: 'WRONG_STATE' });
	for (const wrong of [{ name: ' ' }, { name: 'x'.repeat(101) }, { name: 'x', color: 'red' }])
		await expect(saveStage(database, tenant.id, wrong)).rejects.toMatchObject({ code: 'VALUE_REFUSED' });
	expect((await stages()).map(({ name }) => name).filter((name) => NAMES.includes(name))).toEqual(NAMES);
});

test('leads are found by stage, class, member, favourite and part of a name', async () => {
	const hot = await saveLead(database, tenant.id, { classification: 'LEAD_HOT', icpScore: 90 });
	const warm = await saveLead(database, tenant.id);
	const member = await saveMember(database, tenant.id, { email: `${tenant.slug}@example.com`, fullName: 'Ana' });
	const assign = async (userId: string | null) => await assignLead(database, tenant.id, { leadId: hot.leadId, userId });
	expect([(await assign(member.user_id)).changed, (await assign(member.user_id)).changed]).toEqual([true, false]);
	await setFavoriteLead(database, tenant.id, { leadId: warm.leadId, isFavorite: true });
	const ids = async (filter: Parameters<typeof listLeads>[2]): Promise<unknown[]> =>
		(await listLeads(database, tenant.id, filter)).map(({ id }) => id);
	expect(await ids({})).toEqual([hot.leadId, warm.leadId]);
	expect(await ids({ classification: 'LEAD_HOT' })).toEqual([hot.leadId]);
	expect(await ids({ assignedUserId: member.user_id })).toEqual([hot.leadId]);
	expect(await ids({ unassigned: true })).toEqual([warm.leadId]);
	expect(await ids({ favorite: true })).toEqual([warm.leadId]);
	expect(await ids({ stageId: await stageId('Proposta') })).toEqual([]);
	expect(await ids({ search: 'pess' })).toHaveLength(2);
	expect(await ids({ search: '%' })).toEqual([]);
	expect(await ids({ limit: 1 })).toHaveLength(1);
});

test('nobody of another tenant gets a lead, and no other tenant touches it', async () => {
	const { leadId } = await saveLead(database, tenant.id);
	const other = await makeTenant(database);
	const stranger = await saveMember(database, other.id, { email: `${other.slug}@example.com` });
	await expect(assignLead(database, tenant.id, { leadId, userId: stranger.user_id })).rejects.toMatchObject({
		code: 'NOT_FOUND',
	});
	for (const call of [
		assignLead(database, other.id, { leadId, userId: null }),
		setFavoriteLead(database, other.id, { leadId, isFavorite: true }),
		moveLead(database, other.id, { leadId, stageId: await stageId('Contato'), person: 'x', key: 'x' }),
	])
		await expect(call).rejects.toMatchObject({ code: 'NOT_FOUND' });
});
