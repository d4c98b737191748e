import { createAgent, FIRST_VERSION, listAgents, listVersions, saveVersion } from '../agents';
import type { Database } from '../database';
import { FactoryError, isFactoryError } from '../errors';
import { createPersonaVersion, listPersonas } from '../leads';
import { inTenant } from '../tenancy';
import { FIRST_AGENT_SLUG } from './defaults';
import { readOnboarding, type Onboarding, type OnboardingRef } from './store';

export interface LiveAgent {
	agentId: string;
	agentVersionId: string;
	version: string;
	personaVersion: number | null;
	/** It was live already. */
	again: boolean;
}

const ACTIVATE = `select activate_onboarding($1::uuid, $2::uuid, $3::uuid, $4::integer) as live`;

async function agentFor(database: Database, { tenantId, bundle }: Onboarding): Promise<string> {
	const found = (await listAgents(database, tenantId)).find(({ slug }) => slug === FIRST_AGENT_SLUG);
	if (found) return String(found.id);
	return String(
		(await createAgent(database, tenantId, { slug: FIRST_AGENT_SLUG, name: bundle!.spec.identity.name })).id,
	);
}

/** What the client approved, frozen as v1.0.0. A call that died half way finds its own version again. */
async function versionFor(
	database: Database,
	{ tenantId, bundle }: Onboarding,
	agentId: string,
	actor?: string,
): Promise<string> {
	try {
		return (
			await saveVersion(database, tenantId, agentId, bundle!, {
				version: FIRST_VERSION,
				changeSummary: 'onboarding',
				actor,
			})
		).id;
	} catch (error) {
		if (!isFactoryError(error) || error.code !== 'VERSION_EXISTS') throw error;
		const own = (await listVersions(database, tenantId, agentId)).find(
			({ version, bundleSha256 }) => version === FIRST_VERSION && bundleSha256 === bundle!.sha256,
		);
		if (!own) throw error;
		return own.id;
	}
}

/** The persona of the answers, active; one that is there from an earlier try is used. */
async function personaFor(
	database: Database,
	{ tenantId, persona, personaVersion }: Onboarding,
	actor?: string,
): Promise<number | null> {
	if (personaVersion !== null) return personaVersion;
	if (!persona || Object.keys(persona).length === 0) return null;
	const active = (await listPersonas(database, tenantId)).find(({ isActive }) => isActive);
	return (
		active?.version ?? (await createPersonaVersion(database, tenantId, persona, { activate: true, actor })).version
	);
}

/** Puts what the client approved into service as v1.0.0. Refused before the client's yes, whoever asks. */
export async function activateOnboarding(database: Database, ref: OnboardingRef, actor?: string): Promise<LiveAgent> {
	const onboarding = await readOnboarding(database, ref);
	if (onboarding.state !== 'approved' && onboarding.state !== 'active') {
		throw new FactoryError(
			'ONBOARDING_NOT_APPROVED',
			'Nothing goes live before the client approved it. Send the approval link and wait for the answer.',
			{
				item: onboarding.state,
			},
		);
	}
	const agentId = await agentFor(database, onboarding);
	const versionId = onboarding.agentVersionId ?? (await versionFor(database, onboarding, agentId, actor));
	const personaVersion = await personaFor(database, onboarding, actor);
	const { live } = (await inTenant(
		database,
		ref.tenantId,
		async (db) =>
			await db.one<{ live: Omit<LiveAgent, 'personaVersion'> }>(ACTIVATE, [
				ref.tenantId,
				ref.id,
				versionId,
				personaVersion,
			]),
		{ actor },
	))!;
	return { ...live, personaVersion };
}
