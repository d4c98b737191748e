import { randomBytes, randomUUID } from 'node:crypto';
import type { Database } from '../../../core/database';
import { FactoryError } from '../../../core/errors';
import { createLlmPort } from '../../../core/llm';
import { createGraphSetup } from '../../../core/meta';
import {
	compileOnboarding,
	createOnboardingLink,
	decideOnboardingLink,
	runConversationTest,
	startOnboarding,
	submitPage,
	type ExtractText,
	type OnboardingRef,
	type WizardPorts,
	type WizardStep,
} from '../../../core/onboarding';
import { vault } from '../../support/factory';

export const ANSWERS = {
	businessName: 'Padaria São João',
	businessType: 'padaria',
	description: 'Pães, bolos e café da manhã no centro de Campinas.',
	agentName: 'Bia',
	tone: 'alegre',
	goals: 'Tirar dúvidas sobre o cardápio\nAnotar encomendas de bolo',
	questions: 'Para quantas pessoas é o bolo?\nPara que dia é a encomenda?',
	timeZone: 'America/Sao_Paulo',
	monday: '07:00-12:00, 13:00-19:00',
	saturday: '07:00-13:00',
	audience: 'Famílias do bairro',
	goodWords: 'encomenda\nbolo',
	testQuestion: 'Quanto custa o bolo de cenoura?',
	testExpected: 'R$ 45',
};
export const PRICES = 'Bolo de cenoura: R$ 45 a unidade.\nPão francês: R$ 18 o quilo.';

/** Takes plain text; a PDF is broken unless it begins like one. */
export const extract: ExtractText = async ({ bytes, fileName }) => {
	if (/\.pdf$/i.test(fileName) && !bytes.subarray(0, 5).equals(Buffer.from('%PDF-'))) {
		throw new FactoryError('DOCUMENT_UNREADABLE', 'This file is no PDF, or it is broken.', { item: fileName });
	}
	return await Promise.resolve({ text: bytes.toString('utf8'), pages: null, truncated: false });
};

export const portsFor = (graphUrl: string): WizardPorts => ({
	graph: createGraphSetup({ fetch, baseUrl: graphUrl, version: 'v25.0', instagramUrl: graphUrl }),
	vault,
	now: new Date(),
	extract,
	newId: randomUUID(),
	slugSuffix: randomBytes(3).toString('hex'),
});

/** Fills in a page as a person of the agency. */
export const submitter =
	(database: Database, graphUrl: string) =>
	async (
		page: string,
		code: string,
		values: Record<string, unknown>,
		files: Array<{ name: string; text: string }> = [],
	): Promise<WizardStep> =>
		await submitPage(
			database,
			{
				...{ page, code, language: 'pt-BR', person: 'Ana', values },
				files: files.map(({ name, text }) => ({ fileName: name, mimeType: null, bytes: Buffer.from(text) })),
			},
			portsFor(graphUrl),
		);

export const startedWith = async (database: Database, changes: Record<string, unknown> = {}): Promise<OnboardingRef> =>
	await startOnboarding(database, {
		answers: { ...ANSWERS, ...changes },
		language: 'pt-BR',
		person: 'Ana',
		newId: randomUUID(),
		slugSuffix: randomBytes(3).toString('hex'),
	});

/** Compiled and tested against the scripted model. */
export async function tested(database: Database, ref: OnboardingRef, llmUrl: string) {
	await compileOnboarding(database, ref, randomBytes);
	const llm = createLlmPort({ provider: 'anthropic', apiKey: 'k', baseUrl: llmUrl });
	return await runConversationTest(database, ref, { llmFor: async () => await Promise.resolve(llm), now: new Date() });
}

export const linkPorts = { vault, now: Date.now, randomBytes };
export async function linkFor(database: Database, ref: OnboardingRef): Promise<string> {
	const { url } = await createOnboardingLink(
		database,
		ref,
		{ person: 'Dona Lia', baseUrl: 'https://n8n.example.com/webhook/agent-factory/onboarding' },
		linkPorts,
	);
	return new URL(url).searchParams.get('token')!;
}
export const approve = async (database: Database, token: string) =>
	await decideOnboardingLink(database, token, { decision: 'approve' }, null, linkPorts);
