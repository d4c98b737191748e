import type { Database } from '../../../core/database';
import {
	activateOnboarding,
	addDocumentText,
	cloneAgent,
	codeOf,
	compileOnboarding,
	decideOnboardingLink,
	openOnboardingLink,
	readOnboarding,
	refOf,
	reportPage,
	setupReport,
	type OnboardingRef,
} from '../../../core/onboarding';
import { startGraphStandIn, type GraphStandIn } from '../../../sandbox/standins/graph';
import { startLlmStandIn, type LlmStandIn } from '../../../sandbox/standins/llm';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { databaseFor, dropDatabase } from '../../support/factory';
import { besideOf } from '../../pages/reading';
import { ANSWERS, approve, linkFor, linkPorts, PRICES, startedWith, submitter, tested } from './support';

let test_: TestDatabase;
let database: Database;
let graph: GraphStandIn;
let llm: LlmStandIn;
let submit: ReturnType<typeof submitter>;

beforeAll(async () => {
	test_ = await createTestDatabase();
	database = databaseFor(test_);
	[graph, llm] = await Promise.all([startGraphStandIn(), startLlmStandIn()]);
	submit = submitter(database, graph.url);
});
afterAll(async () => {
	await Promise.all([graph.close(), llm.close()]);
	await dropDatabase(database, test_);
});

/** Up to the point where the client has the link. */
async function sent(changes: Record<string, unknown> = {}): Promise<{ ref: OnboardingRef; token: string }> {
	const ref = await startedWith(database, changes);
	await addDocumentText(database, ref, { title: 'Cardápio', content: PRICES });
	expect((await tested(database, ref, llm.url)).items.filter(({ passed }) => !passed)).toEqual([]);
	return { ref, token: await linkFor(database, ref) };
}
const fieldsOf = (fields: string | undefined): Array<Record<string, any>> => JSON.parse(fields ?? '[]') as never;

describe('the form', () => {
	test('a page with faults comes back with what was typed and a message beside each field', async () => {
		const first = await submit('', '', {});
		expect(first).toMatchObject({ step: 'page', code: '', form: { page: 'business' } });
		const typed = { businessName: '', businessType: 'padaria <artesanal>', site: 'nada', description: 'R$& e "aspas"' };
		const back = await submit('business', '', typed);
		expect(back.code).toBe('');
		expect(back.issues).toEqual([
			{ field: 'businessName', page: 'business', message: 'Preencha este campo.' },
			{ field: 'site', page: 'business', message: expect.stringContaining('não é um endereço da web') },
		]);
		const fields = fieldsOf(back.form?.fields);
		expect(fields.find(({ fieldName }) => fieldName === 'description')?.defaultValue).toBe('R$& e "aspas"');
		expect(fields[fields.findIndex(({ fieldName }) => fieldName === 'site') + 1].html).toContain('endereço da web');
		expect((await test_.admin.query('select 1 from agent_factory.onboardings')).rows).toHaveLength(0);
	});

	test('all pages in order lead to the test, and a code goes on where somebody stopped', async () => {
		let step = await submit('business', '', ANSWERS);
		const { code } = step;
		expect(step.form?.page).toBe('agent');
		for (const page of ['agent', 'conversation', 'hours', 'persona']) step = await submit(page, code, ANSWERS);
		expect(step.form).toMatchObject({ page: 'documents', description: expect.stringContaining(code) });
		const resumed = await submit('', code, {});
		expect(resumed).toMatchObject({ code, form: { page: 'channel' } });
		step = await submit('documents', code, {}, [
			{ name: 'Cardápio.txt', text: PRICES },
			{ name: 'velho.pdf', text: 'lixo' },
		]);
		expect(step).toMatchObject({
			form: { page: 'documents', description: expect.stringContaining('Cardápio') },
			issues: [{ field: 'files', message: expect.stringContaining('velho.pdf') }],
		});
		step = await submit('documents', code, {});
		step = await submit('test', code, ANSWERS);
		expect(step.form?.page).toBe('channel');
		step = await submit('channel', code, {
			channelKind: 'whatsapp',
			channelId: '551',
			wabaId: '771',
			token: 'EAAG-good',
		});
		expect(step).toMatchObject({ step: 'test', issues: [] });
		const kept = await readOnboarding(database, refOf(code));
		expect(kept).toMatchObject({
			state: 'draft',
			answers: expect.objectContaining({ goals: ANSWERS.goals, tone: 'alegre' }),
		});
		expect(JSON.stringify(kept)).not.toContain('EAAG-good');
	});

	test('a code that opens nothing comes back beside its field, as it was typed', async () => {
		const unknown = `${crypto.randomUUID()}/${crypto.randomUUID()}`;
		for (const typed of ['abc <1>', unknown]) {
			const step = await submit('', typed, {});
			expect(step).toMatchObject({ step: 'page', code: '', form: { page: 'start' }, issues: [{ field: 'code' }] });
			expect(JSON.parse(step.form!.fields)).toMatchObject([
				{ fieldName: 'code', defaultValue: typed },
				{ fieldName: 'wrong_code', html: expect.stringContaining('Este código não abre nada') },
				...[{ fieldName: 'page' }, { fieldName: 'language' }, { fieldName: 'person' }],
			]);
		}
		const { code } = await submit('business', '', { ...ANSWERS, businessName: 'Mais uma' });
		expect(await submit('start', code, {})).toMatchObject({ code, form: { page: 'channel' } });
		expect(await submit('start', '', {})).toMatchObject({ code: '', form: { page: 'business' } });
	});

	test('opening hours and time zones that are none are named by their field', async () => {
		const { code } = await submit('business', '', { ...ANSWERS, businessName: 'Outra' });
		const back = await submit('hours', code, { timeZone: 'Campinas', monday: '9 às 18', tuesday: '09:00 - 18:00' });
		expect(back.issues.map(({ field }) => field).sort()).toEqual(['monday', 'timeZone']);
		await expect(compileOnboarding(database, refOf(code), linkPorts.randomBytes)).rejects.toMatchObject({
			code: 'ONBOARDING_ANSWERS_INVALID',
		});
	});
});

describe('the approval', () => {
	test('the client reads what the agent is and its test; a yes makes exactly this v1.0.0', async () => {
		const { ref, token } = await sent();
		await expect(activateOnboarding(database, ref)).rejects.toMatchObject({ code: 'ONBOARDING_NOT_APPROVED' });
		for (let preview = 0; preview < 2; preview++) {
			const { html } = await openOnboardingLink(database, token, null, linkPorts);
			expect(html).toContain('Dona Lia, este é o agente');
			expect(html).toContain('R$ 45');
			expect(html).toContain('07:00–12:00, 13:00–19:00');
		}
		expect(await approve(database, token)).toMatchObject({
			decision: 'approved',
			html: expect.stringContaining('v1.0.0'),
		});
		await expect(approve(database, token)).rejects.toMatchObject({ code: 'PAGE_LINK_USED' });
		const live = await activateOnboarding(database, ref);
		expect(live).toMatchObject({ version: 'v1.0.0', personaVersion: 1, again: false });
		expect(await activateOnboarding(database, ref)).toMatchObject({ agentVersionId: live.agentVersionId, again: true });
		const { rows } = await test_.admin.query(
			'select version, is_active from agent_factory.agent_versions where tenant_id = $1',
			[ref.tenantId],
		);
		expect(rows).toEqual([{ version: 'v1.0.0', is_active: true }]);
		const report = await setupReport(database, ref);
		expect(report).toMatchObject({ itemsMet: 2, delivered: false, approvedBy: 'Dona Lia' });
		expect(reportPage(report, 'pt-BR')).toContain('2 de 4 itens cumpridos');
	});

	test('a call that died between freezing and activating goes on where it stood', async () => {
		const { ref, token } = await sent();
		await approve(database, token);
		await test_.admin.query('revoke execute on function agent_factory.activate_onboarding from agent_factory_runtime');
		await expect(activateOnboarding(database, ref)).rejects.toMatchObject({ code: 'GRANT_MISSING' });
		await test_.admin.query('grant execute on function agent_factory.activate_onboarding to agent_factory_runtime');
		expect(await activateOnboarding(database, ref)).toMatchObject({ version: 'v1.0.0', personaVersion: 1 });
		const { rows } = await test_.admin.query(
			'select (select count(*)::int from agent_factory.agent_versions where tenant_id = $1) versions, (select count(*)::int from agent_factory.tenant_personas where tenant_id = $1) personas',
			[ref.tenantId],
		);
		expect(rows).toEqual([{ versions: 1, personas: 1 }]);
	});

	test('who asks for changes says what; the link survives an empty wish, and a changed agent needs a new one', async () => {
		const { ref, token } = await sent();
		const wish = async (note: string) =>
			await decideOnboardingLink(database, token, { decision: 'changes', note }, 'en', linkPorts);
		for (const [note, code, said] of [
			['  ', 'ONBOARDING_NOTE_MISSING', 'Write what should change'],
			['x'.repeat(2_001), 'VALUE_REFUSED', '2000 characters at most'],
		]) {
			const error = await wish(note).catch((caught: unknown) => caught);
			expect(error).toMatchObject({ code });
			const { html } = (error as { details: { html: string } }).details;
			expect(besideOf(html, 'note')).toEqual({ value: note.trim(), problem: expect.stringContaining(said) });
		}
		expect(await wish('Fale <b>menos</b>')).toMatchObject({ decision: 'rejected', note: 'Fale <b>menos</b>' });
		expect(await readOnboarding(database, ref)).toMatchObject({ state: 'rejected', approvedBy: null });
		const second = await sent();
		await submit('agent', codeOf(second.ref), { ...ANSWERS, tone: 'sério' });
		await expect(approve(database, second.token)).rejects.toMatchObject({ code: 'ONBOARDING_CHANGED' });
		await expect(openOnboardingLink(database, 'v1.made.up', null, linkPorts)).rejects.toMatchObject({
			code: 'PAGE_LINK_INVALID',
		});
	});

	test('what the client typed and what the model said is shown as text', async () => {
		const { token } = await sent({ description: 'Pães <script>alert(1)</script> bolos' });
		expect((await openOnboardingLink(database, token, null, linkPorts)).html).not.toContain('<script>');
	});
});

test('failed items lead back or on with a reason, and the review page says which', async () => {
	const ref = await startedWith(database, { testExpected: 'R$ 99' });
	await addDocumentText(database, ref, { title: 'Cardápio', content: PRICES });
	expect((await tested(database, ref, llm.url)).passed).toBe(false);
	const review = async (values: Record<string, unknown>) => await submit('review', codeOf(ref), values);
	expect(await review({})).toMatchObject({
		step: 'page',
		issues: [{ field: 'clientPerson' }, { field: 'overrideReason' }],
	});
	const tooLong = await review({ clientPerson: 'x'.repeat(121), overrideReason: 'y'.repeat(1_001) });
	expect(tooLong).toMatchObject({ step: 'page', issues: [{ field: 'clientPerson' }, { field: 'overrideReason' }] });
	expect(JSON.parse(tooLong.form!.fields)).toEqual(
		expect.arrayContaining([
			expect.objectContaining({ fieldName: 'clientPerson', defaultValue: 'x'.repeat(121) }),
			expect.objectContaining({ fieldName: 'overrideReason', defaultValue: 'y'.repeat(1_001) }),
		]),
	);
	expect(await review({ goBack: '7. Teste' })).toMatchObject({ step: 'page', form: { page: 'test' } });
	expect(await review({ clientPerson: 'Dona Lia', overrideReason: 'o preço muda amanhã' })).toMatchObject({
		step: 'send',
		clientPerson: 'Dona Lia',
	});
	expect(await readOnboarding(database, ref)).toMatchObject({
		testOverride: 'o preço muda amanhã',
		testOverrideBy: 'Ana',
	});
});

test('a clone is a draft of its own client without the facts of the other, and says what must be filled in', async () => {
	const { ref, token } = await sent({ phone: '1933334444', tone: 'alegre como a Padaria São João' });
	await approve(database, token);
	const { agentVersionId } = await activateOnboarding(database, ref);
	const request = {
		source: { tenantId: ref.tenantId, agentVersionId },
		answers: { businessName: 'Padaria Nova', businessType: 'padaria' },
		...{ keepDocuments: false, keepFacts: false, language: 'pt-BR' as const, person: 'Ana' },
	};
	const fresh = () => ({ newId: crypto.randomUUID(), slugSuffix: crypto.randomUUID().slice(0, 6) });
	const clone = await cloneAgent(database, { ...request, ...fresh() });
	expect(clone.placeholders).toEqual(['description', 'testQuestion', 'testExpected', 'tone', 'files']);
	const { answers, documents, state } = await readOnboarding(database, clone);
	expect({ state, documents, phone: answers.phone, questions: answers.questions, monday: answers.monday }).toEqual({
		...{ state: 'draft', documents: [], phone: undefined },
		...{ questions: ANSWERS.questions, monday: '07:00-12:00, 13:00-19:00' },
	});
	const whole = await cloneAgent(database, { ...request, keepDocuments: true, keepFacts: true, ...fresh() });
	expect(await readOnboarding(database, whole)).toMatchObject({
		documents: [{ title: 'Cardápio' }],
		answers: { phone: '1933334444', audience: ANSWERS.audience },
	});
});
