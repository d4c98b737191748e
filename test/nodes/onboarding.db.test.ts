import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import { closeSharedDatabases } from '../../core/database';
import { Onboarding } from '../../nodes/Onboarding/Onboarding.node';
import { startGraphStandIn, type GraphStandIn } from '../../sandbox/standins/graph';
import { docxOf, pdfOf } from '../core/documents/files';
import { ANSWERS } from '../core/onboarding/support';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { databaseFor, dropDatabase } from '../support/factory';
import { postgresCredential, vaultCredential } from './agent-factory-runs';
import { executeContext, type ExecuteSetup } from './support/contexts';

let test_: TestDatabase;
let database: ReturnType<typeof databaseFor>;
let graph: GraphStandIn;

beforeAll(async () => {
	test_ = await createTestDatabase();
	database = databaseFor(test_);
	graph = await startGraphStandIn();
});
afterAll(async () => {
	await graph.close();
	await closeSharedDatabases();
	await dropDatabase(database, test_);
});

async function run(
	operation: string,
	parameters: IDataObject = {},
	more: Partial<ExecuteSetup> = {},
): Promise<{ items: any[]; input: INodeExecutionData[] }> {
	const node = new Onboarding();
	const context = executeContext({
		...{ description: node.description, items: [{}], ...more },
		parameters: { operation, ...parameters },
		credentials: {
			postgres: postgresCredential(test_.connectionString),
			agentFactoryVaultApi: vaultCredential,
			metaAppApi: { appSecrets: 's', verifyToken: 't', graphBaseUrl: graph.url },
		},
	});
	const [items] = await node.execute.call(context);
	return { items: items.map(({ json }) => json), input: context.getInputData() };
}
const begun = async (): Promise<string> =>
	(await run('saveAnswers', { answers: JSON.stringify(ANSWERS), language: 'pt-BR' })).items[0].code;

const file = (fileName: string, mimeType: string, bytes: Buffer) => ({ data: { fileName, mimeType, bytes } });
const WORD = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';

test.each([
	['txt', file('Horários.txt', 'text/plain', Buffer.from('Abrimos às 7h.')), 'Horários'],
	['md', file('Preços.md', 'text/markdown', Buffer.from('# Preços\nBolo: R$ 45')), 'Preços'],
	['pdf', file('Menu.pdf', 'application/pdf', pdfOf(['Bolo R$ 45', 'Torta R$ 60'])), 'Menu'],
	['docx', file('Regras.docx', WORD, docxOf(['Trocas em 7 dias'])), 'Regras'],
])('a %s is kept as something the agent knows', async (_, files, title) => {
	const code = await begun();
	const [added] = (await run('addDocument', { code, binaryProperty: 'data' }, { files })).items;
	expect(added).toMatchObject({ title, code, truncated: false });
	const [{ documents }] = (await run('get', { code })).items;
	expect(documents).toMatchObject([{ title, fileName: files.data.fileName }]);
});

test.each([
	['broken', file('a.pdf', 'application/pdf', Buffer.from('isto não é um PDF')), 'DOCUMENT_BROKEN'],
	['half a docx', file('a.docx', WORD, docxOf(['a']).subarray(0, 200)), 'DOCUMENT_BROKEN'],
	['too large', file('a.txt', 'text/plain', Buffer.alloc(10_000_001, 'a')), 'DOCUMENT_TOO_LARGE'],
	['of another kind', file('a.txt', 'text/plain', Buffer.from('MZ\u0000\u0001')), 'DOCUMENT_UNSUPPORTED'],
])('a file that is %s says so, and nothing is kept of it', async (_, files, code_) => {
	const code = await begun();
	await expect(run('addDocument', { code, binaryProperty: 'data' }, { files })).rejects.toMatchObject({
		context: { code: code_ },
	});
	expect((await run('get', { code })).items[0].documents).toEqual([]);
});

test('the form says in Portuguese what is wrong with each file and keeps the good one', async () => {
	const code = await begun();
	const files = {
		files_0: file('Cardápio.md', 'text/markdown', Buffer.from('Bolo: R$ 45')).data,
		files_1: file('velho.pdf', 'application/pdf', Buffer.from('não é PDF')).data,
		files_2: file('enorme.txt', 'text/plain', Buffer.alloc(10_000_001, 'a')).data,
	};
	const items = [{ page: 'documents', code, language: 'pt-BR', person: 'Ana' }];
	const form = { page: 'documents', resumeCode: code, language: 'pt-BR', person: 'Ana' };
	const [shown] = (await run('submitPage', form, { files, items })).items;
	expect(shown.issues.filter(({ field }: { field: string }) => field === 'files')).toEqual([
		{ field: 'files', message: expect.stringMatching(/^velho\.pdf: o arquivo está danificado/) },
		{ field: 'files', message: expect.stringMatching(/^enorme\.txt: grande demais \(o limite são 10 MB/) },
	]);
	expect(shown.form.description).toContain('Já guardados: Cardápio');
});

test('a token and a PIN leave the item in the step that receives them, also where it fails', async () => {
	const code = await begun();
	const typed = { channelKind: 'whatsapp', channelId: '990011', wabaId: '771', token: 'READONLY-x', pin: '123456' };
	const form = { page: 'channel', resumeCode: code, language: 'pt-BR', person: 'Ana' };
	const { items, input } = await run('submitPage', form, { items: [{ ...typed, page: 'channel', code }] });
	expect(items[0].issues).toMatchObject([{ field: 'token' }]);
	expect(input[0].json).toMatchObject({ channelId: '990011', token: '', pin: '' });
	expect(JSON.stringify(items)).not.toMatch(/READONLY-x|123456/);
	const failing = executeContext({
		...{ description: new Onboarding().description, items: [{ ...typed }] },
		parameters: { operation: 'submitPage', ...form, resumeCode: 'nonsense' },
		credentials: {
			postgres: postgresCredential(test_.connectionString),
			agentFactoryVaultApi: vaultCredential,
			metaAppApi: {},
		},
	});
	await expect(new Onboarding().execute.call(failing)).rejects.toBeDefined();
	expect(failing.getInputData()[0].json.token).toBe('');
});

test('the report of a client that is not live says so, and its first message waits for the yes', async () => {
	const code = await begun();
	const [report] = (await run('getReport', { code, reportUrl: 'https://n8n.example.com/webhook/r' })).items;
	expect(report).toMatchObject({ itemsMet: 0, delivered: false, firstMessage: null });
	expect(report.lines[0]).toMatch(/^○ .*ainda não$/);
	expect(report.link).toMatch(/^https:\/\/n8n\.example\.com\/webhook\/r\?token=/);
	await expect(run('sendFirstMessage', { code, phone: '5511999990000', text: 'Oi' })).rejects.toMatchObject({
		context: { code: 'ONBOARDING_NOT_APPROVED' },
	});
});
