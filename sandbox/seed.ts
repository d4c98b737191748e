import { randomBytes, randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { compileAgent, createAgent, saveVersion, type AgentSpecInput } from '../core/agents';
import { databaseOver, type Database } from '../core/database';
import {
	createPersonaVersion,
	importKnownContacts,
	updateLeadSettings,
	type NewKnownContact,
	type NewPersona,
} from '../core/leads';
import { saveTemplate } from '../core/outbox';
import { createChannelAccount, createTenant, createVault, type Vault } from '../core/tenancy';
import { fitpro, fitproContacts, fitproPersona } from './demo/fitpro';
import { socialfy, socialfyContacts, socialfyPersona } from './demo/socialfy';

export interface SeededChannel {
	kind: 'whatsapp' | 'instagram' | 'messenger';
	externalId: string;
	displayPhone?: string;
}

export interface SeedResult {
	tenants: Array<{ id: string; slug: string; name: string; channels: SeededChannel[] }>;
}

export interface SeedInput {
	pool: Pool;
	graphUrl: string;
	llm: { provider: 'anthropic' | 'openai'; baseUrl: string; scripted: boolean };
	vaultKey: string;
}

interface DemoTenant {
	slug: string;
	name: string;
	businessType: string;
	spec: AgentSpecInput;
	persona: NewPersona;
	known: NewKnownContact[];
	wabaId: string;
	channels: SeededChannel[];
}

const demo: DemoTenant[] = [
	{
		slug: 'socialfy',
		name: 'Socialfy',
		businessType: 'agência de marketing',
		spec: socialfy,
		persona: socialfyPersona,
		known: socialfyContacts,
		wabaId: '100200300400501',
		channels: [
			{ kind: 'whatsapp', externalId: '105500010001', displayPhone: '5511400010001' },
			{ kind: 'instagram', externalId: '17841400000000001' },
		],
	},
	{
		slug: 'fitpro',
		name: 'FitPro',
		businessType: 'academia',
		spec: fitpro,
		persona: fitproPersona,
		known: fitproContacts,
		wabaId: '100200300400502',
		channels: [{ kind: 'whatsapp', externalId: '105500010002', displayPhone: '5511400010002' }],
	},
];

/** A person at the screen waits for the reply: shorter than the pack's 4 s. */
const debounceSeconds = 1;

/** Two businesses with compiled agents in Portuguese, as a customer of the pack would make them. */
export async function seedDemo(input: SeedInput): Promise<SeedResult> {
	const database = databaseOver(input.pool);
	const vault = createVault([input.vaultKey], randomBytes);
	const tenants: SeedResult['tenants'] = [];
	for (const tenant of demo) tenants.push(await seedTenant(database, vault, tenant, input.llm));
	return { tenants };
}

async function seedTenant(
	database: Database,
	vault: Vault,
	tenant: DemoTenant,
	llm: SeedInput['llm'],
): Promise<SeedResult['tenants'][number]> {
	const id = randomUUID();
	await createTenant(
		database,
		{
			name: tenant.name,
			slug: tenant.slug,
			businessType: tenant.businessType,
			status: 'active',
			planTier: 'pro',
			maxAutoResponsesPerDay: 5000,
		},
		id,
		'sandbox',
	);
	const agent = (await createAgent(database, id, {
		slug: 'atendimento',
		name: tenant.spec.identity.name,
		role: 'sdr',
	})) as { id: string };
	const model = llm.provider === 'openai' ? { provider: 'openai' as const, model: 'gpt-4o-mini' } : {};
	const bundle = compileAgent({
		spec: {
			...tenant.spec,
			model: { ...tenant.spec.model, ...model },
			limits: { ...tenant.spec.limits, debounceSeconds, debounceMaxSeconds: 5 * debounceSeconds },
		},
		canary: `cnry-${randomBytes(12).toString('hex')}`,
	});
	await saveVersion(database, id, agent.id, bundle, {
		activate: true,
		changeSummary: 'first version',
		actor: 'sandbox',
	});
	await seedLeads(database, id, tenant, llm.provider);
	for (const channel of tenant.channels) {
		await createChannelAccount(
			database,
			id,
			{
				kind: channel.kind,
				externalId: channel.externalId,
				parentId: channel.kind === 'whatsapp' ? tenant.wabaId : null,
				displayName: `${tenant.name} ${channel.kind}`,
				phoneNumber: channel.displayPhone ?? null,
				agentId: agent.id,
				accessToken: `sandbox-token-${tenant.slug}`,
			},
			vault,
			'sandbox',
		);
	}
	await saveTemplate(database, id, {
		name: 'Retomar conversa',
		category: 'window',
		content: 'Oi! Aqui é da {{1}}. Podemos continuar a nossa conversa?',
		metaName: 'retomar_conversa',
		metaCategory: 'UTILITY',
		metaStatus: 'APPROVED',
		components: [{ type: 'body', parameters: [{ type: 'text', text: tenant.name }] }],
	});
	return { id, slug: tenant.slug, name: tenant.name, channels: tenant.channels };
}

/** Whom the tenant looks for, whom it knows, and a model of the provider that the sandbox has. */
async function seedLeads(
	database: Database,
	id: string,
	{ persona, known }: DemoTenant,
	provider: SeedInput['llm']['provider'],
): Promise<void> {
	await createPersonaVersion(database, id, persona, { activate: true, actor: 'sandbox' });
	await importKnownContacts(database, id, known, 'sandbox');
	if (provider === 'openai') {
		const change = { modelProvider: 'openai', modelApi: 'responses', model: 'gpt-4o-mini' };
		await updateLeadSettings(database, id, change, 'sandbox');
	}
}
