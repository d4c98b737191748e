import type { INodeProperties } from 'n8n-workflow';
import { createGraphSetup, GRAPH_BASE_URL, GRAPH_VERSION, type GraphSetup } from '../../core/meta';
import { codeOf, refOf, type OnboardingLanguage, type OnboardingRef } from '../../core/onboarding';
import { fromItem, keptCredential, requiredText, type MetaAppCredential, type OperationCall } from '../shared';
import { textOf } from '../shared/text';

/** Fields that several operations of the node ask for, and how they are read. */

export const codeField: INodeProperties = {
	displayName: 'Onboarding Code',
	name: 'code',
	type: 'string',
	required: true,
	default: fromItem('code'),
	description: 'The code that the form shows: it names the client and the onboarding',
};

export const personField: INodeProperties = {
	displayName: 'Person',
	name: 'person',
	type: 'string',
	required: true,
	default: fromItem('person'),
	description: 'Name of the person who acts; it stands in the log',
};

const LANGUAGES = [
	{ name: 'English', value: 'en' },
	{ name: 'Portuguese (Brazil)', value: 'pt-BR' },
];

export const languageField: INodeProperties = {
	displayName: 'Language',
	name: 'language',
	type: 'options',
	options: LANGUAGES,
	default: 'pt-BR',
	description: 'Language of the form and its messages',
};

export const pageLanguageField: INodeProperties = {
	displayName: 'Language',
	name: 'pageLanguage',
	type: 'options',
	options: [{ name: "The Onboarding's Own", value: '' }, ...LANGUAGES],
	default: '',
	description: 'Language of the page',
};

export const tokenField = (from: 'query' | 'body'): INodeProperties => ({
	displayName: 'Token',
	name: 'token',
	type: 'string',
	typeOptions: { password: true },
	required: true,
	default: `={{ $json.${from}.token }}`,
	description: 'What the link carries',
});

export const refFor = (call: OperationCall): OnboardingRef => refOf(requiredText(call, 'code'));
export const named = (ref: OnboardingRef): { code: string; tenantId: string; onboardingId: string } => ({
	code: codeOf(ref),
	tenantId: ref.tenantId,
	onboardingId: ref.id,
});

const isEnglish = (value: unknown): boolean => value === 'en' || value === 'English';
export const languageOf = ({ context, itemIndex }: OperationCall): OnboardingLanguage =>
	isEnglish(context.getNodeParameter('language', itemIndex)) ? 'en' : 'pt-BR';
export const pageLanguageOf = (call: OperationCall): OnboardingLanguage | null => {
	const value = textOf(call, 'pageLanguage');
	return value === 'en' || value === 'pt-BR' ? value : null;
};

/** Meta's calls of setting up; where Graph is a proxy or a stand-in, Instagram's host is too. */
export async function graphSetup({ context }: OperationCall): Promise<GraphSetup> {
	const { graphBaseUrl, graphVersion } = await keptCredential<MetaAppCredential>(context, 'metaAppApi');
	const baseUrl = graphBaseUrl?.trim() || GRAPH_BASE_URL;
	return createGraphSetup({
		fetch: globalThis.fetch,
		baseUrl,
		version: graphVersion?.trim() || GRAPH_VERSION,
		instagramUrl: baseUrl === GRAPH_BASE_URL ? undefined : baseUrl,
	});
}
