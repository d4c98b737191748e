import type { Database } from '../../database';
import { FactoryError } from '../../errors';
import { inTenant } from '../../tenancy';
import {
	createConnectLink,
	finishConnect,
	GOOGLE,
	readOAuthApp,
	serviceError,
	type Connected,
	type ConnectPorts,
} from '../connect';
import { CAL_COM_API } from './cal-com';
import { applySettings, readSettings, saveCalendar, type CalendarSettings } from './calendars';
import { CAL_COM_BOOKINGS_VERSION } from './defaults';
import { GOOGLE_API, readGoogleCalendar } from './google';

export interface NewIds {
	randomUuid(): string;
}

/** A link with which the person who holds a Google account connects their calendar. */
export async function createGoogleLink(
	database: Database,
	tenantId: string,
	request: { callbackUrl: string; person: string; hours?: number; calendarId?: string; settings?: unknown },
	ports: ConnectPorts,
): Promise<{ url: string; expiresAt: string }> {
	const settings = readSettings(request.settings ?? {});
	const data = { calendarId: request.calendarId ?? 'primary', settings };
	return await createConnectLink(database, tenantId, GOOGLE, { ...request, data }, ports);
}

/** What Google sends back: tokens, and the calendar they open. */
export const finishGoogle = async (
	database: Database,
	callback: { state: string; code?: string; error?: string },
	ports: ConnectPorts & NewIds,
): Promise<Connected<Record<string, unknown>>> =>
	await finishConnect(database, GOOGLE, callback, ports, {
		async look(tokens, link) {
			const app = await readOAuthApp(database, link.tenantId, GOOGLE, ports.vault);
			const calendar = await readGoogleCalendar(
				async (method, path, json) =>
					await ports.call({
						method,
						url: `${(app.baseUrl ?? GOOGLE_API).replace(/\/+$/, '')}${path}`,
						json,
						headers: { authorization: `Bearer ${tokens.accessToken}` },
						allowLocal: app.allowLocal,
					}),
				link.data.calendarId as string,
			);
			return { app, calendar };
		},
		async keep(db, tokens, { app, calendar }, link) {
			const saved = await saveCalendar(
				db,
				{
					id: ports.randomUuid(),
					provider: 'google',
					name: calendar.summary || calendar.id,
					calendarId: calendar.id,
					eventTypeId: null,
					baseUrl: app.baseUrl,
					allowLocal: app.allowLocal,
					timeZone: calendar.timeZone,
					tokens,
				},
				ports.vault.encrypt,
			);
			return await applySettings(db, saved.id, link.data.settings as CalendarSettings);
		},
	});

/** Connects an event type of Cal.com with a key; the key is tried first. */
export async function connectCalCom(
	database: Database,
	tenantId: string,
	request: {
		apiKey: string;
		eventTypeId: number;
		timeZone: string;
		name?: string;
		baseUrl?: string | null;
		allowLocal?: boolean;
		settings?: unknown;
	},
	ports: Pick<ConnectPorts, 'call' | 'vault' | 'now'> & NewIds,
	actor?: string,
): Promise<Record<string, unknown>> {
	const settings = readSettings(request.settings ?? {});
	if (!Number.isSafeInteger(request.eventTypeId) || request.eventTypeId < 1 || request.apiKey.trim() === '')
		throw new FactoryError('VALUE_REFUSED', 'Cal.com needs an API key and the number of an event type.', {
			item: 'eventTypeId',
		});
	const query = new URLSearchParams({ eventTypeId: String(request.eventTypeId), take: '1' });
	const answer = await ports.call({
		method: 'GET',
		url: `${(request.baseUrl || CAL_COM_API).replace(/\/+$/, '')}/v2/bookings?${query.toString()}`,
		headers: { authorization: `Bearer ${request.apiKey.trim()}`, 'cal-api-version': CAL_COM_BOOKINGS_VERSION },
		allowLocal: request.allowLocal ?? false,
	});
	if (answer.status >= 300) throw serviceError('Cal.com', answer);
	return await inTenant(
		database,
		tenantId,
		async (db) => {
			const saved = await saveCalendar(
				db,
				{
					id: ports.randomUuid(),
					provider: 'cal_com',
					name: request.name || `Cal.com ${request.eventTypeId}`,
					calendarId: String(request.eventTypeId),
					eventTypeId: request.eventTypeId,
					baseUrl: request.baseUrl || null,
					allowLocal: request.allowLocal ?? false,
					timeZone: request.timeZone,
					tokens: { accessToken: request.apiKey.trim(), refreshToken: null, expiresAt: null },
				},
				ports.vault.encrypt,
			);
			return await applySettings(db, saved.id, settings);
		},
		{ actor },
	);
}
