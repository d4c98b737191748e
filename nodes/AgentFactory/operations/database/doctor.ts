import type { IExecuteFunctions } from 'n8n-workflow';
import { runDoctor, type Finding } from '../../../../core/database';
import { createGraphClient } from '../../../../core/meta';
import { checkAccounts } from '../../../../core/tenancy';
import { graphSettings, nodeVault, showFor, type MetaAppCredential, type Operation } from '../../../shared';
import { n8nVersion } from '../../n8n-version';

export const description: Operation['description'] = showFor({ resource: ['database'], operation: ['doctor'] }, [
	{
		displayName: 'Ask Meta',
		name: 'askMeta',
		type: 'boolean',
		default: false,
		description: 'Whether to ask Meta, with the stored access tokens, if an app is subscribed to each WhatsApp account',
	},
]);

export const execute: Operation['execute'] = async ({ context, itemIndex, database }) => {
	const findings = await runDoctor(database, { n8nVersion: n8nVersion() });
	if (findings.some(stopsReading)) return findings;
	const askMeta = context.getNodeParameter('askMeta', itemIndex, false) === true;
	return [...findings, ...(await checkAccounts(database, askMeta ? await metaPorts(context) : undefined))];
};

/** Without a connection or a current schema there are no accounts to look at. */
const stopsReading = ({ check, level }: Finding): boolean =>
	level === 'problem' && ['connection', 'migrations', 'grants'].includes(check);

async function metaPorts(context: IExecuteFunctions): Promise<NonNullable<Parameters<typeof checkAccounts>[1]>> {
	return {
		graph: createGraphClient(graphSettings(await context.getCredentials<MetaAppCredential>('metaAppApi'))),
		vault: await nodeVault(context),
	};
}
