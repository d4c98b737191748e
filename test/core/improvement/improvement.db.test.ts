import { randomBytes, randomUUID } from 'node:crypto';
import type { Database } from '../../../core/database';
import {
	applySuggestion,
	approveSuggestion,
	createApprovalLink,
	decideByLink,
	expireSuggestions,
	gateSuggestion,
	lintSuggestionStored,
	openApproval,
	proposeByHand,
	proposeFrom,
	readSuggestion,
	rejectSuggestion,
	type PersonsDecision,
	type StoredSuggestion,
	type Target,
} from '../../../core/improvement';
import { createPersonaVersion, readPersona } from '../../../core/leads';
import { listRollouts, moveRollout } from '../../../core/rollouts';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { databaseFor, dropDatabase, makeTenant, vault, type TestTenant } from '../../support/factory';
import { besideOf, summaryOf } from '../../pages/reading';
import { findings, stem } from './support';

let test_: TestDatabase;
let database: Database;
let tenant: TestTenant;

const ANA = { name: 'Ana', isPerson: true };
const LOOP = { name: 'loop', isPerson: false };
const KEYWORD = [{ op: 'add_keyword', polarity: 'pos', stem: 'consult' }];
const RULE = [{ op: 'add_rule', slot: 'next_step', templateId: 'name_next_step', count: null }];
const BASE_URL = 'https://n8n.example.com/webhook/agent-factory/approval';

beforeAll(async () => {
	test_ = await createTestDatabase();
	database = databaseFor(test_);
});
afterAll(async () => await dropDatabase(database, test_));
beforeEach(async () => {
	tenant = await makeTenant(database);
	await createPersonaVersion(
		database,
		tenant.id,
		{ positiveKeywords: ['loja'], brandVoice: 'leve', serviceAreas: ['Recife'] },
		{ activate: true },
	);
});

const refOf = ({ target, id }: StoredSuggestion) => ({ target, id });
const proposed = async (target: Target = 'persona', operations: unknown = target === 'persona' ? KEYWORD : RULE) =>
	await proposeByHand(
		database,
		tenant.id,
		{ target, agentId: target === 'prompt' ? tenant.agentId : null, operations, language: 'pt-BR' },
		ANA,
	);
/** Through lint and gate, as far as the loop gets it by itself. */
const gated = async (target: Target = 'persona', operations?: unknown): Promise<StoredSuggestion> => {
	const ref = refOf(await proposed(target, operations));
	await lintSuggestionStored(database, tenant.id, ref, LOOP);
	return (await gateSuggestion(database, tenant.id, ref, LOOP)).suggestion;
};
const state = async (suggestion: StoredSuggestion) =>
	(await readSuggestion(database, tenant.id, suggestion.target, suggestion.id)).state;

test('a persona suggestion without data waits for a person, whose yes makes a full copy beside the old version', async () => {
	const suggestion = await gated();
	expect(suggestion).toMatchObject({ state: 'needs_data', status: 'pending', gate: { verdict: 'needs_data' } });
	const ref = refOf(suggestion);
	await expect(approveSuggestion(database, tenant.id, ref, LOOP)).rejects.toMatchObject({ code: 'WRONG_STATE' });
	await approveSuggestion(database, tenant.id, ref, ANA);
	const before = await readPersona(database, tenant.id, 1);
	const { suggestion: applied } = await applySuggestion(database, tenant.id, ref, ANA);
	expect(applied).toMatchObject({ state: 'approved', status: 'approved', reviewer: 'Ana' });
	expect(await readPersona(database, tenant.id, 1)).toEqual(before);
	expect(await readPersona(database, tenant.id, 2)).toMatchObject({
		id: applied.appliedVersionId,
		isActive: false,
		positiveKeywords: ['loja', 'consult'],
		brandVoice: 'leve',
		serviceAreas: ['Recife'],
	});
	const again = await applySuggestion(database, tenant.id, ref, ANA);
	expect(again.suggestion.appliedVersionId).toBe(applied.appliedVersionId);
	await expect(readPersona(database, tenant.id, 3)).rejects.toMatchObject({ code: 'PERSONA_NOT_FOUND' });
});

test('a prompt suggestion renders a new prompt behind the compiled one; only people may approve it', async () => {
	const suggestion = await gated('prompt');
	expect(suggestion).toMatchObject({ state: 'awaiting_approval', gate: { reasons: ['prompt_needs_people'] } });
	const ref = refOf(suggestion);
	await expect(approveSuggestion(database, tenant.id, ref, LOOP)).rejects.toMatchObject({ code: 'PERSON_NEEDED' });
	await approveSuggestion(database, tenant.id, ref, ANA);
	const { suggestion: applied } = await applySuggestion(database, tenant.id, ref, ANA);
	const { rows } = await test_.admin.query(
		`select id, version, is_active, prompt_content, learned_rules, parent_id, approved_by, change_reason from agent_factory.system_prompts where tenant_id = $1 order by version`,
		[tenant.id],
	);
	expect(rows).toHaveLength(2);
	expect(rows[1]).toMatchObject({
		id: applied.appliedVersionId,
		version: 2,
		is_active: false,
		parent_id: rows[0].id,
		approved_by: 'Ana',
		change_reason: 'auto_improvement',
		learned_rules: [{ template: 'name_next_step' }],
	});
	expect(rows[1].prompt_content.startsWith(rows[0].prompt_content)).toBe(true);
});

test('what fails the lint is rejected and says why', async () => {
	const { suggestion } = await lintSuggestionStored(
		database,
		tenant.id,
		refOf(await proposed('persona', [{ op: 'add_keyword', polarity: 'pos', stem: 'loj' }])),
		LOOP,
	);
	expect(suggestion).toMatchObject({
		state: 'rejected',
		status: 'rejected',
		lint: { ok: false, issues: [{ code: 'keyword_there', operation: 0 }, { code: 'no_effect' }] },
	});
});

test('a suggestion for an old version is closed as superseded wherever it stands', async () => {
	const [first, second] = [await gated(), await proposed()];
	await createPersonaVersion(database, tenant.id, { positiveKeywords: ['outra'] }, { basedOn: 1, activate: true });
	expect(await approveSuggestion(database, tenant.id, refOf(first), ANA)).toMatchObject({
		result: 'superseded',
		suggestion: { state: 'superseded', status: 'rejected' },
	});
	expect((await lintSuggestionStored(database, tenant.id, refOf(second), LOOP)).result).toBe('superseded');
	await expect(applySuggestion(database, tenant.id, refOf(first), ANA)).rejects.toMatchObject({ code: 'WRONG_STATE' });
});

test('an unknown suggestion, and one of another tenant, is not found', async () => {
	const mine = await proposed();
	const other = await makeTenant(database);
	for (const [tenantId, id] of [
		[tenant.id, randomUUID()],
		[other.id, mine.id],
	]) {
		await expect(approveSuggestion(database, tenantId, { target: 'persona', id }, ANA)).rejects.toMatchObject({
			code: 'NOT_FOUND',
		});
	}
});

test('a rejection needs one of the reasons, and keeps the same change away', async () => {
	const suggestion = await gated();
	await expect(
		rejectSuggestion(database, tenant.id, refOf(suggestion), ANA, { reason: 'porque sim' }),
	).rejects.toMatchObject({ code: 'VALUE_REFUSED' });
	await rejectSuggestion(database, tenant.id, refOf(suggestion), ANA, { reason: 'wrong', notes: 'não vende isso' });
	expect(await readSuggestion(database, tenant.id, 'persona', suggestion.id)).toMatchObject({
		state: 'rejected',
		rejectReason: 'wrong',
		reviewNotes: 'não vende isso',
	});
	const { id: versionId } = (await readPersona(database, tenant.id)) as { id: string };
	const reflectionId = await reflection(versionId);
	const found = findings({ versionId, reflectionId, stems: [stem('consult'), stem('reform')] });
	const options = { language: 'pt-BR' as const, now: new Date() };
	const made = await proposeFrom(database, tenant.id, found, options, LOOP);
	expect(made.suggestion!.operations).toEqual([{ op: 'add_keyword', polarity: 'pos', stem: 'reform' }]);
	expect((await proposeFrom(database, tenant.id, found, options, LOOP)).reason).toBe('already_proposed');
});

const reflection = async (personaId: string): Promise<string> => {
	const { rows } = await test_.admin.query<{ id: string }>(
		`insert into agent_factory.persona_reflection_logs (tenant_id, persona_id, period_start, period_end, cycle_key)
			values ($1, $2, now() - interval '7 days', now(), repeat('a', 64)) returning id`,
		[tenant.id, personaId],
	);
	return rows[0].id;
};

test('an escalation waits for a person at once and ends by their word', async () => {
	const { id: versionId } = (await readPersona(database, tenant.id)) as { id: string };
	const found = findings({ versionId, reflectionId: await reflection(versionId), action: 'escalate' });
	const { suggestion } = await proposeFrom(database, tenant.id, found, { language: 'pt-BR', now: new Date() }, LOOP);
	expect(suggestion).toMatchObject({ type: 'escalation', state: 'awaiting_approval', operations: [] });
	await expect(approveSuggestion(database, tenant.id, refOf(suggestion!), LOOP)).rejects.toMatchObject({
		code: 'PERSON_NEEDED',
	});
	const link = await linkTo(suggestion!);
	expect(await decideByLink(database, link, { decision: 'close' }, 'pt-BR', ports())).toMatchObject({
		decided: 'escalation_closed',
		rollout: null,
	});
});

test('what nobody decides expires after 14 days', async () => {
	const [old, fresh] = [await proposed(), await proposed('prompt')];
	await test_.admin.query(
		`update agent_factory.persona_improvement_suggestions set expires_at = now() - interval '1 minute' where id = $1`,
		[old.id],
	);
	expect(await expireSuggestions(database, tenant.id)).toEqual([old.id]);
	expect(await expireSuggestions(database, tenant.id)).toEqual([]);
	expect([await state(old), await state(fresh)]).toEqual(['expired', 'proposed']);
	expect(fresh.expiresAt.getTime() - fresh.createdAt.getTime()).toBe(14 * 86_400_000);
});

const ports = (now = Date.now()) => ({ vault, now: () => now, randomBytes });
const linkTo = async (suggestion: StoredSuggestion, hours?: number): Promise<string> => {
	const request = { target: suggestion.target, suggestionId: suggestion.id, person: 'Ana', baseUrl: BASE_URL, hours };
	const { url } = await createApprovalLink(database, tenant.id, request, ports());
	return new URL(url).searchParams.get('token')!;
};

/** The card that comes back with a refusal. */
const pageOf = async (refused: Promise<unknown>, code: string): Promise<string> => {
	const error = (await refused.catch((caught: unknown) => caught)) as { code: string; details: { html: string } };
	expect(error.code).toBe(code);
	return error.details.html;
};

test('opening a link shows the card and uses nothing up; pressing approves in 10 %, once', async () => {
	const suggestion = await gated();
	const token = await linkTo(suggestion);
	for (let n = 0; n < 3; n++) {
		const { html } = await openApproval(database, token, 'pt-BR', ports());
		expect(html).toContain('Aprovar em 10 %');
		expect(html).toContain('+ positiveKeywords: consult');
		expect(html).not.toMatch(/<script|onclick/);
	}
	expect(await state(suggestion)).toBe('needs_data');
	const made = await decideByLink(database, token, { decision: 'approve' }, 'pt-BR', ports());
	expect(made).toMatchObject({ decided: 'approved', rollout: { share: 0.1 } });
	expect(await state(suggestion)).toBe('canary10');
	await expect(decideByLink(database, token, { decision: 'approve' }, 'pt-BR', ports())).rejects.toMatchObject({
		code: 'APPROVAL_LINK_USED',
	});
	await expect(openApproval(database, token, 'pt-BR', ports())).rejects.toMatchObject({ code: 'APPROVAL_LINK_USED' });
	const [rollout] = await listRollouts(database, tenant.id);
	await moveRollout(database, tenant.id, rollout.id as string, { to: 'rolled_back', reason: 'person' }, ANA);
	expect(await state(suggestion)).toBe('rolled_back');
	expect((await readPersona(database, tenant.id)).version).toBe(1);
});

test('of two who press at once one decides', async () => {
	const token = await linkTo(await gated());
	const press = async () => await decideByLink(database, token, { decision: 'reject', reason: 'wrong' }, 'en', ports());
	const ends = await Promise.allSettled([press(), press()]);
	expect(ends.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
});

test('a link ends, opens only unchanged, and is made for one tenant’s suggestion', async () => {
	const suggestion = await gated();
	const token = await linkTo(suggestion, 1);
	await expect(openApproval(database, token, 'en', ports(Date.now() + 3_600_001))).rejects.toMatchObject({
		code: 'APPROVAL_LINK_EXPIRED',
	});
	for (const wrong of [`${token.slice(0, -2)}xx`, 'nonsense', '']) {
		await expect(openApproval(database, wrong, 'en', ports())).rejects.toMatchObject({ code: 'APPROVAL_LINK_INVALID' });
	}
	await test_.admin.query(
		`update agent_factory.persona_improvement_suggestions set suggestion_sha256 = repeat('b', 64) where id = $1`,
		[suggestion.id],
	);
	await expect(decideByLink(database, token, { decision: 'approve' }, 'en', ports())).rejects.toMatchObject({
		code: 'APPROVAL_LINK_INVALID',
	});
});

test('a second roll-out is refused, and neither link, suggestion nor versions have moved', async () => {
	const [first, second] = [await gated(), await gated('persona', [{ op: 'set_threshold', shift: 2 }])];
	await decideByLink(database, await linkTo(first), { decision: 'approve' }, 'pt-BR', ports());
	const token = await linkTo(second);
	const refused = decideByLink(database, token, { decision: 'approve' }, 'pt-BR', ports());
	expect(summaryOf(await pageOf(refused, 'ROLLOUT_REFUSED'))).toEqual([
		['decide', expect.stringContaining('o link ainda vale')],
	]);
	expect(await state(second)).toBe('needs_data');
	await expect(readPersona(database, tenant.id, 3)).rejects.toMatchObject({ code: 'PERSONA_NOT_FOUND' });
	await decideByLink(database, token, { decision: 'reject', reason: 'not_now' }, 'pt-BR', ports());
	expect(await state(second)).toBe('rejected');
});

test('an edit makes a new suggestion in the place of the old one; a bad edit changes nothing', async () => {
	const suggestion = await gated();
	const token = await linkTo(suggestion);
	const edit = async (operations: unknown) =>
		await decideByLink(database, token, { decision: 'edit', operations }, 'pt-BR', ports());
	const seven = Array.from({ length: 7 }, () => KEYWORD[0]);
	for (const bad of [
		'no json',
		JSON.stringify(seven),
		'[{"op":"rewrite_prompt"}]',
		'[{"op":"add_keyword","polarity":"pos","stem":"pix"}]',
	]) {
		const html = await pageOf(edit(bad), 'SUGGESTION_INVALID');
		// What was typed stands in the editor again, with what is wrong beside it.
		expect(besideOf(html, 'operations')).toEqual({ value: bad, problem: expect.stringContaining('corrija') });
		expect(html).toContain('<details open>');
	}
	expect(await state(suggestion)).toBe('needs_data');
	const { decided, next } = await edit('[{"op":"set_threshold","shift":-2}]');
	expect(decided).toBe('edited');
	expect(next).toMatchObject({ state: 'linted', requestedBy: 'Ana', operations: [{ op: 'set_threshold', shift: -2 }] });
	expect(await state(suggestion)).toBe('superseded');
});

test('asking for more data, an unknown decision, and a link that was not made for a person', async () => {
	const suggestion = await gated('prompt');
	const press = async (given: PersonsDecision) =>
		await pageOf(decideByLink(database, await linkTo(suggestion), given, 'pt-BR', ports()), 'VALUE_REFUSED');
	expect(summaryOf(await press({ decision: 'delete' }))).toEqual([['decide', expect.stringContaining('não oferece')]]);
	expect(besideOf(await press({ decision: 'reject', reason: 'mood' }), 'reason')).toMatchObject({
		problem: expect.stringContaining('não oferece'),
	});
	await decideByLink(database, await linkTo(suggestion), { decision: 'needs_data' }, 'en', ports());
	expect(await state(suggestion)).toBe('needs_data');
	await expect(
		createApprovalLink(
			database,
			tenant.id,
			{ target: 'prompt', suggestionId: suggestion.id, person: ' ', baseUrl: BASE_URL },
			ports(),
		),
	).rejects.toMatchObject({ code: 'VALUE_REFUSED' });
});

test('the card escapes whatever stands in a suggestion, in both languages', async () => {
	const suggestion = await gated();
	await test_.admin.query(
		`update agent_factory.persona_improvement_suggestions set rationale = '<script>alert(1)</script>', diff_summary = '"><img src=x onerror=1>' where id = $1`,
		[suggestion.id],
	);
	const token = await linkTo(suggestion);
	for (const language of ['pt-BR', 'en'] as const) {
		const { html } = await openApproval(database, token, language, ports());
		expect(html).not.toMatch(/<script|<img/);
		expect(html).toContain('&lt;script&gt;');
		expect(html).toContain(`lang="${language}"`);
	}
});
