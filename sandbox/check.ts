import { failedExecutions } from './n8n/executions';
import type { PhoneConversation, PhoneTurn } from './phone/queries';
import { readConversation } from './phone/queries';
import { textWebhook } from './phone/webhook';
import type { Sandbox } from './run';
import { factorySchema } from './services';
import type { SentMessage } from './standins/graph';
import { digitsOf, metaJson, postSigned } from './standins/graph-wire';

export const checkText = 'Oi, quero saber o preço do plano para minha agência';
/** The tenant that sells to agencies. */
const checkTenant = 'socialfy';
const customer = { from: '5511999990001', name: 'Ana' };

/** One turn takes some three seconds here; a real model on a slow line may take thirty. */
const replyTimeoutMs = 90_000;
/** After the reply: until the status webhooks have come back. */
const settleTimeoutMs = 15_000;
const ackTimeoutMs = 20_000;
const pollMs = 100;

export interface CheckResult {
	ok: boolean;
	/** What to print: the trace and the reply, or the reason. */
	lines: string[];
}

/** Sends one signed message as a customer would and follows it until the Graph stand-in has the reply. */
export async function checkSandbox(sandbox: Sandbox, signal?: AbortSignal): Promise<CheckResult> {
	const tenant = sandbox.state.tenants.find(({ slug }) => slug === checkTenant) ?? sandbox.state.tenants[0];
	const channel = tenant?.channels.find(({ kind }) => kind === 'whatsapp');
	if (!channel)
		return { ok: false, lines: [`The seeded business "${tenant?.slug ?? checkTenant}" has no WhatsApp number.`] };
	const { body } = textWebhook({ ...customer, phoneNumberId: channel.externalId, text: checkText, at: new Date() });
	const sentAt = performance.now();
	const [appSecret] = sandbox.state.webhook.appSecrets;
	const status = await postSigned({
		url: sandbox.state.webhook.url,
		appSecret,
		body: metaJson(body),
		timeoutMs: ackTimeoutMs,
	});
	const storedMs = Math.round(performance.now() - sentAt);
	if (status !== 200)
		return { ok: false, lines: [`The webhook ${sandbox.state.webhook.url} answered ${status}, not 200.`] };

	const reply = await poll(() => findReply(sandbox.state.graph.url), replyTimeoutMs, signal);
	const replyMs = Math.round(performance.now() - sentAt);
	const read = () => readConversation({ pool: sandbox.pool, schema: factorySchema }, tenant.slug, customer.from);
	if (!reply) return { ok: false, lines: await reasonWithoutReply(sandbox, read) };
	const settled = await poll(
		async () => {
			const found = await read();
			return found?.turns.some((turn) => turn.outbox.some((row) => row.deliveredAt)) ? found : undefined;
		},
		settleTimeoutMs,
		signal,
	);
	const conversation = settled ?? (await read());
	const lines = traceLines(tenant.slug, storedMs, replyMs, reply, conversation);
	if (!settled)
		return {
			ok: false,
			lines: [...lines, 'The reply was sent, but no "delivered" status came back to the outbox row.'],
		};
	return { ok: true, lines };
}

async function findReply(graphUrl: string): Promise<SentMessage | undefined> {
	const response = await fetch(`${graphUrl}/_sandbox/sent`);
	const sent = (await response.json()) as SentMessage[];
	return sent.find((message) => message.accepted && digitsOf(message.to ?? '') === customer.from && message.text);
}

async function reasonWithoutReply(sandbox: Sandbox, read: () => Promise<PhoneConversation | null>): Promise<string[]> {
	const failed = await failedExecutions(sandbox.n8n.instance).catch((error: unknown) => [String(error)]);
	return [
		`No reply reached the Graph stand-in within ${replyTimeoutMs / 1000} s.`,
		await whereItStopped(read).catch((error: unknown) => `The trace could not be read: ${String(error)}`),
		...failed,
		`n8n's log: ${sandbox.n8n.options.logFile}`,
	];
}

async function whereItStopped(read: () => Promise<PhoneConversation | null>): Promise<string> {
	const conversation = await read();
	if (!conversation) return 'The message was acknowledged, but no conversation is stored.';
	const turn = conversation.turns.at(-1);
	if (!turn) return 'The message is stored, but it made no turn.';
	const error = turn.lastError ? `, last error: ${turn.lastError}` : '';
	const outbox = turn.outbox.map((row) => `, outbox row ${row.id} is ${row.status}`).join('');
	return `Turn ${turn.id} is ${turn.state} after ${turn.attempts} attempt(s)${error}${outbox}.`;
}

function traceLines(
	slug: string,
	storedMs: number,
	replyMs: number,
	reply: SentMessage,
	conversation: PhoneConversation | null,
): string[] {
	const turn = conversation?.turns.find((candidate) => candidate.outbox.length > 0);
	return [
		`customer  ${checkText}`,
		`stored    acknowledged in ${storedMs} ms, after the commit`,
		`tenant    ${slug}`,
		...(turn ? turnLines(turn) : []),
		`graph     accepted as ${reply.id}, ${replyMs} ms after the message`,
		`reply     ${reply.text}`,
	];
}

function turnLines(turn: PhoneTurn): string[] {
	const fired = turn.checks.filter((check) => check.fired).map((check) => `${check.check} -> ${check.action}`);
	const agent = turn.agent
		? `${turn.agent.name} v${turn.agent.version.replace(/^v/, '')}, sha256 ${turn.agent.bundleSha256.slice(0, 12)}`
		: 'none';
	return [
		`turn      ${turn.id}, ${turn.state}, ${turn.attempts} attempt(s)`,
		`bundle    ${agent}`,
		...turn.calls.map(
			(call) =>
				`model     ${call.provider} ${call.model}: ${call.inputTokens} tokens in, ${call.outputTokens} out, ${call.latencyMs} ms`,
		),
		`checks    ${turn.checks.length} run, ${fired.length === 0 ? 'none fired' : fired.join(', ')}`,
		...turn.outbox.map((row) => `outbox    ${row.id}, ${row.status}, ${row.attempts} attempt(s)`),
	];
}

async function poll<T>(
	ask: () => Promise<T | undefined>,
	timeoutMs: number,
	signal?: AbortSignal,
): Promise<T | undefined> {
	const deadline = Date.now() + timeoutMs;
	for (;;) {
		signal?.throwIfAborted();
		const answer = await ask();
		if (answer !== undefined || Date.now() > deadline) return answer;
		await new Promise((resolve) => setTimeout(resolve, pollMs));
	}
}
