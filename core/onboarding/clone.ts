import { loadBundle, type AgentSpec } from '../agents';
import type { Database } from '../database';
import { isFactoryError } from '../errors';
import { readPersona } from '../leads';
import type { Answers } from './answers';
import { addDocumentText } from './documents';
import { FIELDS, WEEKDAYS, type Field, type OnboardingLanguage } from './fields';
import { startOnboarding, type OnboardingRef } from './store';

export interface CloneRequest {
	source: { tenantId: string; agentVersionId: string };
	/** At least the name of the new client; what is given here wins over what is copied. */
	answers: Answers & { businessName: string };
	keepDocuments: boolean;
	/** Address, phone, links, persona: what says something about the client it is copied from. */
	keepFacts: boolean;
	language: OnboardingLanguage;
	person: string;
	newId: string;
	slugSuffix: string;
}

export interface ClonedAgent extends OnboardingRef {
	/** Fields that must be filled in or looked at before it fits the new client. */
	placeholders: string[];
}

/** What belongs to one client: never copied by itself. */
const FACTS = new Set([
	'businessName',
	'businessType',
	'description',
	'site',
	'address',
	'phone',
	'email',
	'taxId',
	'links',
]);
const MUST_FILL = ['description', 'testQuestion', 'testExpected'];

const at = (source: unknown, path: string): unknown =>
	path.split('.').reduce<unknown>((value, key) => (value as Record<string, unknown> | null | undefined)?.[key], source);

/** An answer as a person would have typed it. */
function typed(field: Field, value: unknown): string {
	if ((WEEKDAYS as readonly string[]).includes(field.key)) {
		return (value as AgentSpec['openingHours']['monday']).map(({ from, to }) => `${from}-${to}`).join(', ');
	}
	return Array.isArray(value) ? value.map(String).join('\n') : typeof value === 'string' ? value : '';
}

function copied(spec: AgentSpec, persona: Record<string, unknown>, keepFacts: boolean): Answers {
	const answers: Answers = {};
	for (const field of FIELDS) {
		if (!keepFacts && (FACTS.has(field.key) || field.persona !== undefined)) continue;
		const value = field.spec ? at(spec, field.spec) : field.persona ? persona[field.persona] : undefined;
		const text = value === undefined || value === null ? '' : typed(field, value);
		if (text !== '') answers[field.key] = text;
	}
	return answers;
}

/** An agent that works for one client as the beginning of another's: a tenant of its own, a draft that goes the usual way to v1.0.0. */
export async function cloneAgent(database: Database, request: CloneRequest, actor?: string): Promise<ClonedAgent> {
	const { source, keepDocuments, keepFacts, language, person, newId, slugSuffix } = request;
	const { spec } = await loadBundle(database, source.tenantId, source.agentVersionId);
	const persona = keepFacts ? await activePersona(database, source.tenantId) : {};
	const answers: Answers = { ...copied(spec, persona, keepFacts), ...request.answers };
	// Texts that name the old client are no texts of the new one.
	const foreign = Object.keys(answers).filter(
		(key) =>
			!Object.hasOwn(request.answers, key) &&
			String(answers[key]).toLowerCase().includes(spec.business.name.toLowerCase()),
	);
	const empty = MUST_FILL.filter((key) => (answers[key] ?? '') === '');
	const placeholders = [...new Set([...empty, ...foreign, ...(keepDocuments ? [] : ['files'])])];
	const clonedFrom = { ...source, placeholders };
	const ref = await startOnboarding(database, { answers, language, person, newId, slugSuffix, clonedFrom }, actor);
	if (keepDocuments) {
		for (const { title, content } of spec.documents) await addDocumentText(database, ref, { title, content }, actor);
	}
	return { ...ref, placeholders };
}

async function activePersona(database: Database, tenantId: string): Promise<Record<string, unknown>> {
	try {
		return { ...(await readPersona(database, tenantId)) };
	} catch (error) {
		if (isFactoryError(error) && error.code === 'PERSONA_NOT_FOUND') return {};
		throw error;
	}
}
