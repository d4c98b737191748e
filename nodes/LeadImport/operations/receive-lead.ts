import { importGoogleLead, importLinkedInLead, type ImportedLead } from '../../../core/crm';
import type { Database } from '../../../core/database';
import { isFactoryError } from '../../../core/errors';
import type { Vault } from '../../../core/tenancy';
import { jsonParameter, nodeVault, showFor, tenantField, tenantId, type Operation } from '../../shared';

/** What the sender did wrong and may mend; anything else is an error of the workflow, and the sender tries again. */
const STATUS: Record<string, number> = {
	WEBHOOK_REFUSED: 401,
	TENANT_NOT_FOUND: 401,
	IMPORT_UNREADABLE: 400,
};

type Import = (
	database: Database,
	tenant: string,
	body: unknown,
	vault: Vault,
) => Promise<ImportedLead | { test: true }>;

const receive = (operation: string, bodyHelp: string, importLead: Import): Operation => ({
	description: showFor({ operation: [operation] }, [
		tenantField(),
		{
			displayName: 'Lead',
			name: 'body',
			type: 'json',
			required: true,
			default: '={{ $json.body }}',
			description: bodyHelp,
		},
	]),
	execute: async ({ context, itemIndex, database }) => {
		const body = jsonParameter(context, 'body', itemIndex);
		const vault = await nodeVault(context);
		try {
			const tenant = await tenantId(context, database, itemIndex);
			return {
				httpStatus: 200,
				accepted: true,
				tenantId: tenant,
				...(await importLead(database, tenant, body, vault)),
			};
		} catch (error) {
			if (!isFactoryError(error) || !(error.code in STATUS)) throw error;
			const refused = STATUS[error.code] === 401;
			// Who does not know the key is not told whether there is such a tenant.
			const code = refused ? 'WEBHOOK_REFUSED' : error.code;
			const message = refused ? 'This lead was refused.' : error.message;
			return { httpStatus: STATUS[error.code], accepted: false, code, message };
		}
	},
});

export const receiveGoogleLead = receive('receiveGoogleLead', 'The body that Google posted', importGoogleLead);
export const receiveLinkedInLead = receive(
	'receiveLinkedInLead',
	'A flat object with the key of Connect as key, and the fields of the lead by their names',
	importLinkedInLead,
);
