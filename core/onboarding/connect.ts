import type { Database } from '../database';
import { FactoryError } from '../errors';
import type { ChannelKind, GraphResult, GraphSetup } from '../meta';
import { createChannelAccount, inTenant, setAccessToken, type Vault } from '../tenancy';
import { SCOPE_SYNONYMS, SCOPES_NEEDED } from './defaults';
import type { OnboardingRef } from './store';

export const CONNECT_STEPS = [
	'token',
	'permissions',
	'account',
	'number',
	'stored',
	'subscribed',
	'subscription_checked',
] as const;
export interface ConnectStep {
	step: (typeof CONNECT_STEPS)[number];
	ok: boolean;
	/** What was found, or what to do; never the token. */
	message: string;
}

export interface ChannelToConnect {
	kind: ChannelKind;
	externalId: string;
	wabaId?: string | null;
	displayName?: string | null;
	token: string;
	pin?: string | null;
}

export interface ConnectedChannel {
	channelAccountId: string | null;
	connected: boolean;
	steps: ConnectStep[];
}

export interface ConnectPorts {
	graph: GraphSetup;
	vault: Vault;
	now: Date;
}

interface TokenFacts {
	scopes: string[];
	targets: Record<string, string[]>;
	expiresAt: string | null;
}

/** A step that failed: the ones after it make no sense. */
class Stopped extends FactoryError {}
const stop = (message: string): Stopped => new Stopped('CHANNEL_NOT_CONNECTED', message);

const strings = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);
const record = (value: unknown): Record<string, unknown> =>
	typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};

/** What Meta said no to, and what to do. A fault of the network asks for another try. */
function must(result: GraphResult, doing: string): Record<string, unknown> {
	if (result.ok) return result.data;
	const { code, networkError, httpStatus, message } = result.failure;
	if (networkError !== null || (httpStatus ?? 0) >= 500)
		throw stop(`${doing}: Meta did not answer. Nothing is lost: try this step again.`);
	throw stop(
		`${doing}: Meta refused (${code ?? httpStatus}). ${NAMED[code ?? -1] ?? result.class.advice} ${message}`.trim(),
	);
}
const NAMED: Record<number, string> = {
	190: 'The token is expired or no token of Meta: make a new system user token and paste it whole.',
	10: 'The token lacks a permission for this account: add the account to the system user and give the app the permission.',
	200: 'The token lacks a permission for this account: add the account to the system user and give the app the permission.',
	100: 'The ID is unknown to Meta, or this token may not see it: check the ID and the business that owns it.',
	133005:
		'The PIN is wrong: use the two-step verification PIN that the number already has, or reset it in WhatsApp Manager.',
	133006: 'The number is not verified yet: verify it by SMS or voice in WhatsApp Manager first.',
	133016: 'Registration is locked after too many tries: wait 72 hours, then try once with the right PIN.',
};

async function tokenStep(graph: GraphSetup, token: string, now: Date): Promise<{ facts: TokenFacts; message: string }> {
	const data = record(must(await graph.debugToken(token), 'Checking the token').data);
	if (data.is_valid !== true) throw stop(`The token is not valid: ${NAMED[190]}`);
	const ends = Number(data.expires_at ?? 0);
	const expiresAt = ends > 0 ? new Date(ends * 1_000) : null;
	if (expiresAt && expiresAt <= now) throw stop(`The token has expired: ${NAMED[190]}`);
	const targets = Object.fromEntries(
		(Array.isArray(data.granular_scopes) ? data.granular_scopes : [])
			.map(record)
			.map((one) => [String(one.scope), strings(one.target_ids)]),
	);
	const facts = { scopes: strings(data.scopes), targets, expiresAt: expiresAt?.toISOString() ?? null };
	return { facts, message: facts.expiresAt ? `Valid until ${facts.expiresAt}.` : 'Valid, without an end.' };
}

function permissionStep({ kind, externalId, wabaId }: ChannelToConnect, { scopes, targets }: TokenFacts): string {
	const missing = SCOPES_NEEDED[kind].filter(
		(scope) => !scopes.includes(scope) && !scopes.includes(SCOPE_SYNONYMS[scope] ?? scope),
	);
	if (missing.length > 0) {
		throw stop(
			`The token lacks the permission ${missing.join(' and ')}. Give it to the app, make a new token with it, and try again.`,
		);
	}
	const account = kind === 'whatsapp' ? wabaId : externalId;
	const blind = SCOPES_NEEDED[kind].filter(
		(scope) => targets[scope]?.length && account && !targets[scope].includes(account),
	);
	if (blind.length > 0) {
		throw stop(
			`The token has ${blind.join(' and ')} for other accounts, not for ${account}. Assign this account to the system user and make a new token.`,
		);
	}
	return `Has ${SCOPES_NEEDED[kind].join(', ')}.`;
}

/** Registered already is fine: registering again needs the PIN that the number has. */
async function numberStep(graph: GraphSetup, { token, externalId, pin }: ChannelToConnect): Promise<string> {
	const status = must(await graph.numberStatus(token, externalId), 'Reading the number');
	const name = typeof status.display_phone_number === 'string' ? status.display_phone_number : externalId;
	if (status.status === 'CONNECTED') return `${name} is registered.`;
	if (!/^\d{6}$/.test(pin ?? ''))
		throw stop(
			'The number is not registered yet: give a PIN of six digits. It becomes the two-step verification PIN of the number.',
		);
	must(await graph.registerNumber(token, externalId, pin!), 'Registering the number');
	return `${name} was registered now.`;
}

const FIELDS_WANTED = {
	instagram: ['messages', 'messaging_postbacks', 'message_reactions', 'comments'],
	messenger: ['messages', 'messaging_postbacks', 'message_deliveries', 'message_reads'],
};

const FIND = `select tenant_id, id from channel_accounts where tenant_id = $1::uuid and kind = $2::text and external_id = $3::text`;
const UPDATE = `update channel_accounts set parent_id = coalesce($3::text, parent_id), display_name = coalesce($4::text, display_name)
	where tenant_id = $1::uuid and id = $2::uuid`;
const NOTE = `select note_onboarding_channel($1::uuid, $2::uuid, $3::text, $4::jsonb)`;

async function storeStep(
	database: Database,
	tenantId: string,
	channel: ChannelToConnect,
	facts: TokenFacts,
	{ vault }: ConnectPorts,
	actor?: string,
): Promise<string> {
	const found = await inTenant(
		database,
		tenantId,
		async (db) => await db.one<{ id: string }>(FIND, [tenantId, channel.kind, channel.externalId]),
	);
	const token = { accessToken: channel.token, expiresAt: facts.expiresAt };
	if (found) {
		await setAccessToken(database, tenantId, found.id, token, vault, actor);
		await inTenant(
			database,
			tenantId,
			async (db) => await db.one(UPDATE, [tenantId, found.id, channel.wabaId ?? null, channel.displayName ?? null]),
		);
		return found.id;
	}
	const { kind, externalId } = channel;
	const account = { kind, externalId, parentId: channel.wabaId ?? null, displayName: channel.displayName ?? null };
	try {
		return String(
			(
				await createChannelAccount(
					database,
					tenantId,
					{ ...account, accessToken: token.accessToken, tokenExpiresAt: token.expiresAt },
					vault,
					actor,
				)
			).id,
		);
	} catch (error) {
		if (error instanceof FactoryError && error.code === 'ALREADY_EXISTS')
			throw stop(`Another client has ${kind} ${externalId} already. Check the ID.`);
		throw error;
	}
}

type Step = <T>(name: ConnectStep['step'], work: () => Promise<T> | T, say: (result: T) => string) => Promise<T>;

/** Runs a step and writes down how it ended. */
const recorder =
	(steps: ConnectStep[], token: string): Step =>
	async (name, work, say) => {
		try {
			const result = await work();
			steps.push({ step: name, ok: true, message: say(result) });
			return result;
		} catch (error) {
			if (error instanceof Stopped)
				steps.push({ step: name, ok: false, message: error.message.replaceAll(token, '[token]') });
			throw error;
		}
	};

async function checkAndRegister(
	{ graph, now }: ConnectPorts,
	channel: ChannelToConnect,
	step: Step,
): Promise<TokenFacts> {
	const { facts } = await step(
		'token',
		() => tokenStep(graph, channel.token, now),
		({ message }) => message,
	);
	await step('permissions', () => permissionStep(channel, facts), String);
	if (channel.kind === 'whatsapp') {
		if (!channel.wabaId) await step('account', accountMissing, String);
		await step('number', () => numberStep(graph, channel), String);
	}
	return facts;
}

const accountMissing = (): never => {
	throw stop('Give the ID of the WhatsApp Business account (WABA): its webhooks are subscribed.');
};

/** Step by step, each of which may be repeated: the first that fails says what to do, and nothing after it is tried. */
export async function connectChannel(
	database: Database,
	ref: OnboardingRef,
	channel: ChannelToConnect,
	ports: ConnectPorts,
	actor?: string,
): Promise<ConnectedChannel> {
	const steps: ConnectStep[] = [];
	let channelAccountId: string | null = null;
	const step = recorder(steps, channel.token);
	try {
		const facts = await checkAndRegister(ports, channel, step);
		const stored = (): Promise<string> => storeStep(database, ref.tenantId, channel, facts, ports, actor);
		channelAccountId = await step('stored', stored, () => 'The token is stored, sealed by the vault key.');
		await subscribe(ports.graph, channel, step);
	} catch (error) {
		if (!(error instanceof Stopped)) throw error;
	}
	const key = channelAccountId ?? `${channel.kind}:${channel.externalId}`;
	const noted = { kind: channel.kind, externalId: channel.externalId, steps };
	const values = [ref.tenantId, ref.id, key, JSON.stringify(noted)];
	await inTenant(database, ref.tenantId, async (db) => await db.one(NOTE, values), { actor });
	return { channelAccountId, connected: steps.every(({ ok }) => ok), steps };
}

async function subscribe(graph: GraphSetup, channel: ChannelToConnect, step: Step): Promise<void> {
	const { kind, token, externalId, wabaId } = channel;
	if (kind !== 'whatsapp') {
		await step(
			'subscribed',
			async () => must(await graph.subscribeAccount(token, externalId, FIELDS_WANTED[kind]), 'Subscribing to events'),
			() => 'The app gets the events of this account.',
		);
		return;
	}
	await step(
		'subscribed',
		async () => must(await graph.subscribeApp(token, wabaId!), 'Subscribing to events'),
		() => 'The app is subscribed to the WhatsApp account.',
	);
	await step(
		'subscription_checked',
		async () => {
			const { data } = must(await graph.subscribedApps(token, wabaId!), 'Checking the subscription');
			if (!Array.isArray(data) || data.length === 0)
				throw stop(
					'Meta lists no subscribed app for this account. Try this step again; without it no message arrives.',
				);
			return data.length;
		},
		(apps) => `Meta lists ${apps} subscribed app(s).`,
	);
}
