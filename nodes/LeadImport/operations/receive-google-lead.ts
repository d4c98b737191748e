import { importGoogleLead } from '../../../core/crm';
import { isFactoryError } from '../../../core/errors';
import { jsonParameter, nodeVault, showFor, tenantField, tenantId, type Operation } from '../../shared';

export const description: Operation['description'] = showFor({ operation: ['receiveGoogleLead'] }, [
	tenantField(),
	{
		displayName: 'Lead',
		name: 'body',
		type: 'json',
		required: true,
		default: '={{ $json.body }}',
		description: 'The body that Google posted',
	},
]);

/** What Google's side did wrong and may mend; anything else is an error of the workflow, and Google tries again. */
const STATUS: Record<string, number> = {
	WEBHOOK_REFUSED: 401,
	TENANT_NOT_FOUND: 401,
	IMPORT_UNREADABLE: 400,
};

export const execute: Operation['execute'] = async ({ context, itemIndex, database }) => {
	const body = jsonParameter(context, 'body', itemIndex);
	const vault = await nodeVault(context);
	try {
		const tenant = await tenantId(context, database, itemIndex);
		return {
			httpStatus: 200,
			accepted: true,
			tenantId: tenant,
			...(await importGoogleLead(database, tenant, body, vault)),
		};
	} catch (error) {
		if (!isFactoryError(error) || !(error.code in STATUS)) throw error;
		const refused = STATUS[error.code] === 401;
		// Who does not know the key is not told whether there is such a tenant.
		const code = refused ? 'WEBHOOK_REFUSED' : error.code;
		const message = refused ? 'This lead was refused.' : error.message;
		return { httpStatus: STATUS[error.code], accepted: false, code, message };
	}
};
