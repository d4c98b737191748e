import { randomUUID } from 'node:crypto';
import type {
	IDataObject,
	IExecuteFunctions,
	INode,
	INodeExecutionData,
	INodeTypeDescription,
	ITriggerFunctions,
	IWebhookFunctions,
} from 'n8n-workflow';
import { parametersFor } from './parameters';

type Credentials = Record<string, object | Error>;
export interface LogLine {
	level: string;
	message: string;
	meta: unknown;
}

const nodeOf = (description: INodeTypeDescription, credentials: Credentials): INode => ({
	id: 'node-1',
	name: description.displayName,
	type: `n8n-nodes-agent-factory.${description.name}`,
	typeVersion: 1,
	position: [0, 0],
	parameters: {},
	credentials: Object.fromEntries(
		Object.keys(credentials).map((name) => [name, { id: idOf(credentials[name], name), name }]),
	),
});

const ids = new WeakMap<object, string>();

/** The same credential has the same id in each context. */
function idOf(credential: object, name: string): string {
	const id = ids.get(credential) ?? `${name}-${randomUUID()}`;
	ids.set(credential, id);
	return id;
}

/** What every n8n context has. A credential given as an error is one that n8n cannot read. */
function base(description: INodeTypeDescription, credentials: Credentials) {
	const log: LogLine[] = [];
	const write = (level: string) => (message: string, meta?: unknown) => void log.push({ level, message, meta });
	return {
		log,
		context: {
			getNode: () => nodeOf(description, credentials),
			getWorkflow: () => ({ id: 'wf1', name: 'Test', active: true }),
			getParentNodes: () => [],
			getChildNodes: () => [],
			getCredentials: async (type: string) => {
				const credential = credentials[type];
				if (credential instanceof Error) throw credential;
				if (!credential) throw new Error(`Node does not have any credentials set for "${type}"`);
				return credential;
			},
			logger: { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') },
		},
	};
}

export interface ExecuteSetup {
	description: INodeTypeDescription;
	items: IDataObject[];
	/** Values of the fields; a function gives them per item. Fields left out have their defaults. */
	parameters?: Record<string, unknown> | ((itemIndex: number) => Record<string, unknown>);
	credentials?: Credentials;
	continueOnFail?: boolean;
	/** Files of the first item, by binary field. */
	files?: Record<string, { fileName: string; mimeType: string; bytes: Buffer }>;
	/** Filled with what the node says beside its output. */
	hints?: string[];
}

export function executeContext(setup: ExecuteSetup): IExecuteFunctions {
	const { description, items, parameters = {}, credentials = {} } = setup;
	const given = (i: number): Record<string, unknown> => (typeof parameters === 'function' ? parameters(i) : parameters);
	const files = setup.files ?? {};
	const binary = Object.fromEntries(
		Object.entries(files).map(([name, { fileName, mimeType }]) => [name, { fileName, mimeType, data: '' }]),
	);
	const input: INodeExecutionData[] = items.map((json, i) => ({ json, ...(i === 0 && setup.files ? { binary } : {}) }));
	return {
		...base(description, credentials).context,
		getInputData: () => input,
		helpers: { getBinaryDataBuffer: async (_: number, name: string) => await Promise.resolve(files[name].bytes) },
		addExecutionHints: (...hints: Array<{ message: string }>) =>
			void setup.hints?.push(...hints.map(({ message }) => message)),
		continueOnFail: () => setup.continueOnFail ?? false,
		// The node stands alone.
		getParentNodes: () => [],
		getChildNodes: () => [],
		getNodeParameter: (name: string, itemIndex: number, fallback?: unknown) =>
			parametersFor(description.properties, given(itemIndex), items[itemIndex])[name] ?? fallback,
	} as unknown as IExecuteFunctions;
}

export interface WebhookSetup {
	description: INodeTypeDescription;
	name: 'setup' | 'default';
	mode?: 'webhook' | 'manual';
	query?: Record<string, string>;
	headers?: Record<string, string>;
	rawBody?: Buffer;
	/** Body that must be read first, as n8n leaves it for content types it does not parse. */
	unreadBody?: Buffer | Error;
	parameters?: Record<string, unknown>;
	credentials?: Credentials;
}

export interface Answered {
	status: number | null;
	type: string | null;
	body: unknown;
}

export function webhookContext(setup: WebhookSetup): {
	context: IWebhookFunctions;
	answered: Answered;
	log: LogLine[];
} {
	const { context, log } = base(setup.description, setup.credentials ?? {});
	const answered: Answered = { status: null, type: null, body: null };
	const response = {
		status: (status: number) => ((answered.status = status), response),
		type: (type: string) => ((answered.type = type), response),
		send: (body: unknown) => ((answered.body = body), response),
		json: (body: unknown) => ((answered.body = body), response),
	};
	const request: { rawBody?: Buffer; readRawBody(): Promise<void> } = {
		rawBody: setup.rawBody,
		async readRawBody() {
			if (setup.unreadBody instanceof Error) throw setup.unreadBody;
			request.rawBody = setup.unreadBody;
		},
	};
	const parameters = parametersFor(setup.description.properties, setup.parameters ?? {}, {});
	return {
		answered,
		log,
		context: {
			...context,
			getWebhookName: () => setup.name,
			getMode: () => setup.mode ?? 'webhook',
			getQueryData: () => setup.query ?? {},
			getHeaderData: () => setup.headers ?? {},
			getRequestObject: () => request,
			getResponseObject: () => response,
			getNodeParameter: (name: string, fallback?: unknown) => parameters[name] ?? fallback,
		} as unknown as IWebhookFunctions,
	};
}

export interface Emitted {
	items: INodeExecutionData[];
	/** Settles the promise that the trigger waits for, if it waits. */
	done: { resolve(run: object): void; reject(error: Error): void } | null;
}

export interface TriggerSetup {
	description: INodeTypeDescription;
	mode?: 'trigger' | 'manual';
	parameters?: Record<string, unknown>;
	credentials?: Credentials;
}

export function triggerContext(setup: TriggerSetup): {
	context: ITriggerFunctions;
	emitted: Emitted[];
	log: LogLine[];
} {
	const { context, log } = base(setup.description, setup.credentials ?? {});
	const emitted: Emitted[] = [];
	const parameters = parametersFor(setup.description.properties, setup.parameters ?? {}, {});
	return {
		emitted,
		log,
		context: {
			...context,
			getMode: () => setup.mode ?? 'trigger',
			getNodeParameter: (name: string, fallback?: unknown) => parameters[name] ?? fallback,
			emit: (data: INodeExecutionData[][], _response: unknown, done?: Emitted['done']) =>
				void emitted.push({ items: data[0], done: done ?? null }),
			helpers: {
				createDeferredPromise: () => {
					const deferred = {} as {
						promise: Promise<unknown>;
						resolve(value: unknown): void;
						reject(error: Error): void;
					};
					deferred.promise = new Promise((resolve, reject) => Object.assign(deferred, { resolve, reject }));
					return deferred;
				},
			},
		} as unknown as ITriggerFunctions,
	};
}
