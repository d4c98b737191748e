import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Pool } from 'pg';
import { z } from 'zod/v4';

import { digitsOf, metaJson, postSigned } from '../standins/graph-wire';
import { createHttpServer, type HttpReply, type HttpRequest } from '../standins/http';
import { readConversation, type PhoneClient } from './queries';
import { textWebhook } from './webhook';

export type PhoneTenant = PhoneClient;

export interface PhoneOptions {
	/** 0 or absent: a free one. */
	port?: number;
	/** May become the doors and the runtime role. */
	pool: Pool;
	/** Where the customer's messages go, as Meta would post them. */
	webhookUrl: string;
	appSecret: string;
	graphUrl: string;
	tenants: PhoneTenant[];
	/** Who else can be written to by now; nobody unless told otherwise. */
	clients?: () => Promise<PhoneTenant[]>;
	schema?: string;
	/** What the label of the page says; scripted unless told otherwise. */
	model?: { scripted: boolean; name: string };
	now?: () => Date;
}

/** Milliseconds that a customer's message may take until its 200; past that the page shows it as not taken. */
const WEBHOOK_TIMEOUT_MS = 30_000;
/** Sends whose time to the 200 is remembered for the trace: more than one page shows. */
const REMEMBERED_SENDS = 2000;

const PAGE_HEADERS = {
	'content-type': 'text/html; charset=utf-8',
	'cache-control': 'no-store',
	// The page is one file; nothing may be fetched from anywhere else.
	'content-security-policy':
		"default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'",
};

const sendSchema = z.object({
	tenantSlug: z.string(),
	from: z.string().transform(digitsOf).pipe(z.string().min(8).max(15)),
	name: z.string().trim().min(1).max(100),
	text: z.string().min(1).max(4096),
});

/** What the webhook said to one message: HTTP status (0: no answer) and milliseconds until then. */
interface Acknowledged {
	status: number;
	ms: number;
}

/** Serves the phone page and its small API on this machine only. */
export async function startPhone(options: PhoneOptions): Promise<{ url: string; close(): Promise<void> }> {
	const acknowledged = new Map<string, Acknowledged>();
	const server = createHttpServer({
		'GET /': async () => ({ status: 200, headers: PAGE_HEADERS, body: await readFile(join(__dirname, 'index.html')) }),
		'GET /api/businesses': async () => ({ status: 200, body: await businesses(options) }),
		'POST /api/send': (request) => send(options, acknowledged, request),
		'GET /api/conversation': (request) => conversation(options, acknowledged, request),
	});
	const { url } = await server.listen(options.port);
	return { url, close: () => server.close() };
}

const tenantsOf = async ({ tenants, clients }: PhoneOptions): Promise<PhoneTenant[]> => [
	...tenants,
	...((await clients?.()) ?? []),
];

async function findTenant(options: PhoneOptions, slug: string): Promise<PhoneTenant | undefined> {
	const named = (tenant: PhoneTenant): boolean => tenant.slug === slug;
	return options.tenants.find(named) ?? (await tenantsOf(options)).find(named);
}

async function businesses(options: PhoneOptions): Promise<unknown> {
	return {
		model: options.model ?? { scripted: true, name: 'scripted' },
		graphUrl: options.graphUrl,
		businesses: await tenantsOf(options),
	};
}

async function send(
	options: PhoneOptions,
	acknowledged: Map<string, Acknowledged>,
	request: HttpRequest,
): Promise<HttpReply> {
	// A form of a foreign page cannot send this type without asking first.
	if (!request.headers['content-type']?.startsWith('application/json')) return refusal(415, 'Send application/json.');
	const parsed = sendSchema.safeParse(request.json());
	if (!parsed.success)
		return refusal(400, parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '));
	const { tenantSlug, from, name, text } = parsed.data;
	const tenant = await findTenant(options, tenantSlug);
	if (!tenant) return refusal(404, `No business "${tenantSlug}".`);
	const channel = tenant.channels.find((candidate) => candidate.kind === 'whatsapp');
	if (!channel) return refusal(409, `Business "${tenantSlug}" has no WhatsApp number.`);
	const at = options.now?.() ?? new Date();
	const { wamid, body } = textWebhook({
		phoneNumberId: channel.externalId,
		displayPhone: channel.displayPhone,
		from,
		name,
		text,
		at,
	});
	const answer = await post(options, metaJson(body));
	acknowledged.set(wamid, answer);
	for (const oldest of acknowledged.keys()) {
		if (acknowledged.size <= REMEMBERED_SENDS) break;
		acknowledged.delete(oldest);
	}
	return { status: 200, body: { wamid, ...answer } };
}

async function post(options: PhoneOptions, body: Buffer): Promise<Acknowledged> {
	const started = performance.now();
	const status = await postSigned({
		url: options.webhookUrl,
		appSecret: options.appSecret,
		body,
		timeoutMs: WEBHOOK_TIMEOUT_MS,
	}).catch(() => 0);
	return { status, ms: Math.round(performance.now() - started) };
}

async function conversation(
	options: PhoneOptions,
	acknowledged: Map<string, Acknowledged>,
	request: HttpRequest,
): Promise<HttpReply> {
	const tenant = request.query.get('tenant') ?? '';
	const phone = digitsOf(request.query.get('phone') ?? '');
	if (!(await findTenant(options, tenant))) return refusal(404, `No business "${tenant}".`);
	const found = await readConversation(
		{ pool: options.pool, schema: options.schema ?? 'agent_factory' },
		tenant,
		phone,
	);
	if (!found) return { status: 200, body: { status: null, messages: [], turns: [] } };
	const messages = found.messages.map((message) => ({
		...message,
		stored: acknowledged.get(message.providerId ?? '') ?? null,
	}));
	return { status: 200, body: { ...found, messages } };
}

const refusal = (status: number, error: string): HttpReply => ({ status, body: { error } });
