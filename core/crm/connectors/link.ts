import type { Database } from '../../database';
import { FactoryError } from '../../errors';
import { createConnectLink, finishConnect, PIPEDRIVE, readOAuthApp, type Connected as Finished } from '../connect';
import { connected, examine, keep, type Connected, type ConnectionSettings } from './connect';
import { linkKey } from './oauth';
import type { CrmPorts } from './types';
import { checkWebhookUrl } from './webhooks';

/** What a link carries to the CRM and back. */
export type LinkSettings = Omit<ConnectionSettings, 'provider' | 'baseUrl' | 'allowLocal'>;

/** A link with which the person who holds a Pipedrive account connects it. RD Station CRM's first API knows tokens only. */
export async function createCrmLink(
	database: Database,
	tenantId: string,
	request: { callbackUrl: string; person: string; hours?: number; settings: LinkSettings },
	ports: CrmPorts,
): Promise<{ url: string; expiresAt: string }> {
	const { settings, ...rest } = request;
	const { allowLocal } = await readOAuthApp(database, tenantId, PIPEDRIVE, ports.vault);
	if (settings.webhookUrl) checkWebhookUrl(settings.webhookUrl, allowLocal);
	return await createConnectLink(database, tenantId, PIPEDRIVE, { ...rest, data: { settings } }, ports);
}

/** What Pipedrive sends back: tokens, and the address of the company they are for. */
export async function finishCrmLink(
	database: Database,
	callback: { state: string; code?: string; error?: string },
	ports: CrmPorts,
): Promise<Finished<Connected>> {
	const done = await finishConnect(database, PIPEDRIVE, callback, ports, {
		async look(tokens, { tenantId, data }) {
			const { allowLocal } = await readOAuthApp(database, tenantId, PIPEDRIVE, ports.vault);
			const baseUrl = tokens.extra.api_domain;
			if (typeof baseUrl !== 'string')
				throw new FactoryError(
					'SERVICE_ANSWER_INVALID',
					'Pipedrive did not say where the API of the company answers.',
					{
						item: PIPEDRIVE.name,
					},
				);
			const given: ConnectionSettings = {
				...(data.settings as LinkSettings),
				...{ provider: 'pipedrive', baseUrl, allowLocal },
			};
			const bearer = async (): Promise<string> => await Promise.resolve(tokens.accessToken);
			return { given, examined: await examine(database, tenantId, given, { token: '', bearer }, ports) };
		},
		async keep(db, tokens, { given, examined }) {
			const woken = await keep(db, given, examined, linkKey(tokens, null), ports);
			return { woken, examined, webhookUrl: given.webhookUrl ?? null };
		},
	});
	const { tenantId, person, result } = done;
	const { examined, ...rest } = result;
	return { tenantId, person, result: await connected(database, tenantId, examined, rest, ports) };
}
