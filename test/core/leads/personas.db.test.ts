import { randomUUID } from 'node:crypto';
import type { Database } from '../../../core/database';
import {
	activatePersona,
	addKnownContact,
	createPersonaVersion,
	importKnownContacts,
	listKnownContacts,
	listPersonas,
	readLeadSettings,
	readPersona,
	removeKnownContact,
	updateKnownContact,
	updateLeadSettings,
} from '../../../core/leads';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { databaseFor, dropDatabase, makeTenant, type TestTenant } from '../../support/factory';

let test_: TestDatabase;
let database: Database;
let tenant: TestTenant;

beforeAll(async () => {
	test_ = await createTestDatabase();
	database = databaseFor(test_);
});
afterAll(async () => await dropDatabase(database, test_));
beforeEach(async () => {
	tenant = await makeTenant(database);
});

const known = async (username: string, platform = 'whatsapp') =>
	(
		await test_.admin.query<{ known: Record<string, unknown> }>(
			'select agent_factory.is_known_contact($1, $2, $3) as known',
			[tenant.id, platform, username],
		)
	).rows[0].known;

test('a persona’s versions follow each other, and one is active', async () => {
	await createPersonaVersion(
		database,
		tenant.id,
		{ positiveKeywords: ['loja'], minFollowers: 100 },
		{ activate: true },
	);
	const second = await createPersonaVersion(
		database,
		tenant.id,
		{ negativeKeywords: ['grátis'] },
		{ basedOn: 1, activate: true },
	);
	expect(second).toMatchObject({
		version: 2,
		positiveKeywords: ['loja'],
		negativeKeywords: ['grátis'],
		minFollowers: 100,
	});
	expect((await listPersonas(database, tenant.id)).map(({ version, isActive }) => [version, isActive])).toEqual([
		[2, true],
		[1, false],
	]);
	expect(await activatePersona(database, tenant.id, 1)).toEqual({ from: 2, to: 1 });
	expect(await readPersona(database, tenant.id)).toMatchObject({ version: 1, isActive: true });
});

test('ten versions made at once have ten numbers; two active ones cannot be', async () => {
	await Promise.all(
		Array.from({ length: 10 }, async () => await createPersonaVersion(database, tenant.id, {}, { activate: true })),
	);
	const versions = await listPersonas(database, tenant.id);
	expect(versions.map(({ version }) => version)).toEqual([10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
	expect(versions.filter(({ isActive }) => isActive)).toHaveLength(1);
	await test_.admin.query('alter table agent_factory.tenant_personas disable trigger trigger_single_active_persona');
	try {
		await expect(
			test_.admin.query('update agent_factory.tenant_personas set is_active = true where tenant_id = $1', [tenant.id]),
		).rejects.toMatchObject({ code: '23505' });
	} finally {
		await test_.admin.query('alter table agent_factory.tenant_personas enable trigger trigger_single_active_persona');
	}
});

test('an unknown persona or tenant, and a persona that contradicts itself, are refused with words', async () => {
	await expect(readPersona(database, tenant.id)).rejects.toMatchObject({ code: 'PERSONA_NOT_FOUND' });
	await expect(activatePersona(database, tenant.id, 3)).rejects.toMatchObject({ code: 'PERSONA_NOT_FOUND' });
	await expect(createPersonaVersion(database, tenant.id, {}, { basedOn: 8 })).rejects.toMatchObject({
		code: 'PERSONA_NOT_FOUND',
	});
	await expect(createPersonaVersion(database, tenant.id, { minFollowers: 10, maxFollowers: 1 })).rejects.toMatchObject({
		code: 'VALUE_REFUSED',
	});
	await expect(createPersonaVersion(database, tenant.id, { minFollowers: -1 })).rejects.toMatchObject({
		code: 'VALUE_REFUSED',
		item: 'minFollowers',
	});
	await expect(createPersonaVersion(database, randomUUID(), {})).rejects.toMatchObject({ code: 'NOT_FOUND' });
	await expect(readLeadSettings(database, randomUUID())).rejects.toMatchObject({ code: 'NOT_FOUND' });
	expect(await listPersonas(database, tenant.id)).toEqual([]);
});

test.each([
	['whatsapp', '+55 (11) 98888-7777', ['5511988887777', '11988887777', '551188887777', 'https://wa.me/5511988887777']],
	['instagram', '@Maria.Loja', ['maria.loja', 'https://www.instagram.com/maria.loja/', 'MARIA.LOJA?igsh=1']],
	['whatsapp', 'BR.1234567890123456', ['br.1234567890123456']],
])('a known contact on %s written %s is found in every other spelling', async (platform, username, spellings) => {
	await addKnownContact(database, tenant.id, { platform: platform as 'whatsapp', username, contactType: 'familia' });
	for (const spelling of spellings) {
		expect([spelling, await known(spelling, platform)]).toEqual([
			spelling,
			expect.objectContaining({ is_known: true, contact_type: 'familia', auto_classify_as: 'PESSOAL' }),
		]);
	}
	expect(await known('5511900000000', platform)).toMatchObject({ is_known: false, contact_type: null });
});

test('the same person in another spelling is changed, not added', async () => {
	const first = await addKnownContact(database, tenant.id, { username: '11 98888-7777', fullName: 'Ana' });
	const again = await addKnownContact(database, tenant.id, { username: '+5511988887777', contactType: 'equipe' });
	expect(again).toMatchObject({ id: first.id, fullName: 'Ana', contactType: 'equipe' });
	expect(await updateKnownContact(database, tenant.id, first.id, { autoRespond: true, tags: ['vip'] })).toMatchObject({
		autoRespond: true,
		tags: ['vip'],
		contactType: 'equipe',
	});
	expect(
		await removeKnownContact(database, tenant.id, { platform: 'whatsapp', username: '11988887777' }),
	).toMatchObject({
		id: first.id,
	});
	expect(await listKnownContacts(database, tenant.id)).toEqual([]);
	await expect(removeKnownContact(database, tenant.id, { id: first.id })).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

test('an import takes the good rows and names the bad ones', async () => {
	const report = await importKnownContacts(database, tenant.id, [
		{ username: '5511988880001', fullName: 'Um' },
		{ username: '' },
		{ username: '@dois', platform: 'instagram', contactType: 'vizinho' },
		{ username: '11988880001', contactType: 'amigo' },
		'nothing',
	]);
	expect(report).toMatchObject({ added: 1, changed: 1 });
	expect(report.refused.map(({ row, field }) => [row, field])).toEqual([
		[2, 'username'],
		[3, 'contactType'],
		[5, 'row'],
	]);
	expect(await listKnownContacts(database, tenant.id)).toMatchObject([{ fullName: 'Um', contactType: 'amigo' }]);
});

test('settings begin with the defaults; a change keeps the rest and what contradicts itself is refused', async () => {
	expect(await readLeadSettings(database, tenant.id)).toMatchObject({
		hot: 70,
		warm: 45,
		cold: 20,
		unsureBelow: 0.6,
		answeredClasses: ['LEAD_HOT', 'LEAD_WARM', 'LEAD_COLD'],
		analysisLanguage: 'pt-BR',
	});
	const changed = await updateLeadSettings(database, tenant.id, { hot: 80, answeredClasses: ['LEAD_HOT'] });
	expect(changed).toMatchObject({ hot: 80, warm: 45, answeredClasses: ['LEAD_HOT'] });
	expect(await updateLeadSettings(database, tenant.id, { modelEnabled: false })).toMatchObject({ hot: 80 });
	for (const wrong of [{ warm: 90 }, { hot: 101 }, { exploration: 1 } as object, { unsureBelow: Number.NaN }]) {
		await expect(updateLeadSettings(database, tenant.id, wrong)).rejects.toMatchObject({ code: 'VALUE_REFUSED' });
	}
	await expect(updateLeadSettings(database, tenant.id, { answeredClasses: ['SPAM'] as never })).rejects.toMatchObject({
		code: 'VALUE_REFUSED',
	});
});
