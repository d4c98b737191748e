import {
	NodeHelpers,
	type IDataObject,
	type IExecuteFunctions,
	type INode,
	type INodeExecutionData,
	type INodeParameters,
	type INodeType,
} from 'n8n-workflow';

export interface NodeRun {
	/** What a person set; all else has the default that the node shows. A function is asked for each item. */
	parameters: IDataObject | ((itemIndex: number) => IDataObject);
	items?: IDataObject[];
	credentials?: Record<string, IDataObject>;
	continueOnFail?: boolean;
}

/** Runs a node as n8n does: hidden parameters and credentials are not there, what was not set has its default. */
export async function runNode(type: INodeType, run: NodeRun): Promise<INodeExecutionData[]> {
	const [items] = (await type.execute!.call(executeContext(type, run))) as INodeExecutionData[][];
	return items;
}

function executeContext({ description }: INodeType, run: NodeRun): IExecuteFunctions {
	const setFor = (itemIndex: number): INodeParameters =>
		(typeof run.parameters === 'function' ? run.parameters(itemIndex) : run.parameters) as INodeParameters;
	const shown = (itemIndex: number): INodeParameters =>
		NodeHelpers.getNodeParameters(
			description.properties,
			setFor(itemIndex),
			true,
			false,
			{ typeVersion: 1 },
			description,
		)!;
	const node: INode = {
		id: '1',
		name: description.displayName,
		type: description.name,
		typeVersion: 1,
		position: [0, 0],
		parameters: shown(0),
		credentials: Object.fromEntries(Object.keys(run.credentials ?? {}).map((name) => [name, { id: '1', name }])),
	};
	const context = {
		getNode: () => node,
		getWorkflow: () => ({ id: 'wf1', name: 'test', active: false }),
		getInputData: () => (run.items ?? [{}]).map((json) => ({ json })),
		continueOnFail: () => run.continueOnFail ?? false,
		logger: { info: () => undefined },
		getNodeParameter(name: string, itemIndex: number, fallback?: unknown): unknown {
			const value = shown(itemIndex)[name] ?? fallback;
			if (value === undefined) throw new Error(`Could not get parameter "${name}"`);
			return value;
		},
		getCredentials: async (name: string) => {
			const wanted = description.credentials?.find((credential) => credential.name === name);
			if (!wanted || !NodeHelpers.displayParameter(node.parameters, wanted, node, description)) {
				throw new Error(`The node does not show the credential ${name} for this operation`);
			}
			const found = run.credentials?.[name];
			if (!found) throw new Error(`Node does not have any credentials set for "${name}"`);
			return found;
		},
	};
	return context as unknown as IExecuteFunctions;
}

/** n8n's Postgres credential for a test database. */
export function postgresCredential(connectionString: string): IDataObject {
	const url = new URL(connectionString);
	return {
		host: url.hostname,
		port: Number(url.port),
		database: decodeURIComponent(url.pathname.slice(1)),
		user: decodeURIComponent(url.username),
		password: decodeURIComponent(url.password),
		ssl: 'disable',
	};
}
