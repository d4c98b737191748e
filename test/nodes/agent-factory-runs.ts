import type { IDataObject, INodeExecutionData, INodeType } from 'n8n-workflow';
import { executeContext, type ExecuteSetup } from './support/contexts';

type Run = Partial<Omit<ExecuteSetup, 'description'>>;

/** Runs a node with one output over its items (one empty item unless told otherwise). */
export async function runNode(type: INodeType, run: Run): Promise<INodeExecutionData[]> {
	const context = executeContext({ items: [{}], ...run, description: type.description });
	const [items] = (await type.execute!.call(context)) as INodeExecutionData[][];
	return items;
}

/** The vault credential of a test. */
export const vaultCredential = { key: Buffer.alloc(32, 7).toString('base64') };

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
