import type { Database } from '../database';
import { FactoryError } from '../errors';
import { graphAdvice, type ChannelKind, type GraphResult, type GraphSetup } from '../meta';
import { createChannelAccount, inTenant, setAccessToken, type Vault } from '../tenancy';
import { CONNECT_WORDS, type ConnectWords } from './connect-words';
import { SCOPE_SYNONYMS, SCOPES_NEEDED } from './defaults';
import type { OnboardingLanguage } from './fields';
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
	/** The field of the form that is at fault, where it is not the step's own. */
	field?: string;
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
	/** Of what the steps say; English where none is given. */
	language?: OnboardingLanguage;
}

interface TokenFacts {
	scopes: string[];
	targets: Record<string, string[]>;
	expiresAt: string | null;
}

/** A step that failed: the ones after it make no sense. */
class Stopped extends FactoryError {}
const stop = (message: string, field?: string): Stopped =>
	new Stopped('CHANNEL_NOT_CONNECTED', message, field ? { item: field } : {});

const strings = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);
const record = (value: unknown): Record<string, unknown> =>
	typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};

const OF_THE_TOKEN: readonly string[] = ['token_invalid', 'permission_missing'];

interface Say {
	words: ConnectWords;
	language: OnboardingLanguage;
}

/** What Meta said no to, and what to do. A fault of the network asks for another try. */
function must(result: GraphResult, doing: string, { words, language }: Say, field?: string): Record<string, unknown> {
	if (result.ok) return result.data;
	const { code, networkError, httpStatus, message } = result.failure;
	if (networkError !== null || ((httpStatus ?? 0) >= 500 && code === null)) throw stop(words.away(doing));
	const said = words.refused(
		doing,
		String(code ?? `HTTP ${httpStatus}`),
		graphAdvice(result.failure, language),
		message,
	);
	throw stop(said, OF_THE_TOKEN.includes(result.class.name) ? 'token' : field);
}

async function tokenStep(
	graph: GraphSetup,
	token: string,
	now: Date,
	say: Say,
): Promise<{ facts: TokenFacts; message: string }> {
	const { words } = say;
	const advice = graphAdvice({ httpStatus: 400, code: 190 }, say.language);
	const data = record(must(await graph.debugToken(token), words.checkingToken, say).data);
	if (data.is_valid !== true) throw stop(words.tokenInvalid(advice));
	const ends = Number(data.expires_at ?? 0);
	const expiresAt = ends > 0 ? new Date(ends * 1_000) : null;
	if (expiresAt && expiresAt <= now) throw stop(words.tokenExpired(advice));
	const targets = Object.fromEntries(
		(Array.isArray(data.granular_scopes) ? data.granular_scopes : [])
			.map(record)
			.map((one) => [String(one.scope), strings(one.target_ids)]),
	);
	const facts = { scopes: strings(data.scopes), targets, expiresAt: expiresAt?.toISOString() ?? null };
	return { facts, message: facts.expiresAt ? words.validUntil(facts.expiresAt) : words.validForever };
}

function permissionStep(
	{ kind, externalId, wabaId }: ChannelToConnect,
	{ scopes, targets }: TokenFacts,
	{ words }: Say,
): string {
	const missing = SCOPES_NEEDED[kind].filter(
		(scope) => !scopes.includes(scope) && !scopes.includes(SCOPE_SYNONYMS[scope] ?? scope),
	);
	if (missing.length > 0) throw stop(words.permissionMissing(missing));
	const account = kind === 'whatsapp' ? wabaId : externalId;
	const blind = SCOPES_NEEDED[kind].filter(
		(scope) => targets[scope]?.length && account && !targets[scope].includes(account),
	);
	if (blind.length > 0) throw stop(words.permissionElsewhere(blind, account ?? ''));
	return words.permissions(SCOPES_NEEDED[kind]);
}

/** Registered already is fine: registering again needs the PIN that the number has. */
async function numberStep(graph: GraphSetup, { token, externalId, pin }: ChannelToConnect, say: Say): Promise<string> {
	const { words } = say;
	const status = must(await graph.numberStatus(token, externalId), words.readingNumber, say, 'channelId');
	const name = typeof status.display_phone_number === 'string' ? status.display_phone_number : externalId;
	if (status.status === 'CONNECTED') return words.registered(name);
	if (!/^\d{6}$/.test(pin ?? '')) throw stop(words.pinMissing);
	must(await graph.registerNumber(token, externalId, pin!), words.registering, say);
	return words.registeredNow(name);
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
	{ words }: Say,
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
			throw stop(words.taken(kind, externalId), 'channelId');
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
				steps.push({
					...{ step: name, ok: false, message: error.message.replaceAll(token, '[token]') },
					...(error.item ? { field: error.item } : {}),
				});
			throw error;
		}
	};

async function checkAndRegister(
	{ graph, now }: ConnectPorts,
	channel: ChannelToConnect,
	step: Step,
	say: Say,
): Promise<TokenFacts> {
	const { facts } = await step(
		'token',
		() => tokenStep(graph, channel.token, now, say),
		({ message }) => message,
	);
	await step('permissions', () => permissionStep(channel, facts, say), String);
	if (channel.kind === 'whatsapp') {
		if (!channel.wabaId) await step('account', () => accountMissing(say), String);
		await step('number', () => numberStep(graph, channel, say), String);
	}
	return facts;
}

const accountMissing = ({ words }: Say): never => {
	throw stop(words.wabaMissing);
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
	const language = ports.language ?? 'en';
	const say = { words: CONNECT_WORDS[language], language };
	try {
		const facts = await checkAndRegister(ports, channel, step, say);
		const stored = (): Promise<string> => storeStep(database, ref.tenantId, channel, facts, ports, say, actor);
		channelAccountId = await step('stored', stored, () => say.words.stored);
		await subscribe(ports.graph, channel, step, say);
	} catch (error) {
		if (!(error instanceof Stopped)) throw error;
	}
	const key = channelAccountId ?? `${channel.kind}:${channel.externalId}`;
	const noted = { kind: channel.kind, externalId: channel.externalId, steps };
	const values = [ref.tenantId, ref.id, key, JSON.stringify(noted)];
	await inTenant(database, ref.tenantId, async (db) => await db.one(NOTE, values), { actor });
	return { channelAccountId, connected: steps.every(({ ok }) => ok), steps };
}

async function subscribe(graph: GraphSetup, channel: ChannelToConnect, step: Step, say: Say): Promise<void> {
	const { words } = say;
	const { kind, token, externalId, wabaId } = channel;
	if (kind !== 'whatsapp') {
		await step(
			'subscribed',
			async () => must(await graph.subscribeAccount(token, externalId, FIELDS_WANTED[kind]), words.subscribing, say),
			() => words.accountEvents,
		);
		return;
	}
	await step(
		'subscribed',
		async () => must(await graph.subscribeApp(token, wabaId!), words.subscribing, say),
		() => words.appEvents,
	);
	await step(
		'subscription_checked',
		async () => {
			const { data } = must(await graph.subscribedApps(token, wabaId!), words.checkingSubscription, say);
			if (!Array.isArray(data) || data.length === 0) throw stop(words.noApps);
			return data.length;
		},
		(apps) => words.apps(apps),
	);
}
