import { consentText, recordPracticeConsent, SOURCES } from '../../core/practices';
import { requiredText, tenantId, type OperationCall } from '../shared';
import { languageOf } from './fields';

/** Writes the receipt of one consent, given or taken back. */
export async function recordConsent(call: OperationCall, granted: boolean): Promise<object> {
	const { context, database, itemIndex } = call;
	const tenant = await tenantId(context, database, itemIndex);
	const consent = String(context.getNodeParameter('consent', itemIndex));
	const source = SOURCES.find((name) => name === consent) ?? null;
	const purpose = consent === 'receive' ? ('receive' as const) : ('share' as const);
	const language = languageOf(call);
	const answer = await recordPracticeConsent(database, tenant, {
		...{ purpose, source: source ?? (purpose === 'share' ? consent : null), granted, language },
		...{ person: requiredText(call, 'person'), givenOn: 'n8n' },
	});
	return { tenantId: tenant, purpose, source, granted, ...answer, text: consentText(purpose, source, language) };
}
