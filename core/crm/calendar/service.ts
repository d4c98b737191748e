import type { Database } from '../../database';
import { FactoryError, isFactoryError } from '../../errors';
import { inTenant } from '../../tenancy';
import { freshAccessToken, GOOGLE, readOAuthApp, type ServiceAnswer } from '../connect';
import { calComService } from './cal-com';
import { tokenBoundTo } from './calendars';
import { GOOGLE_API, googleService, type Authorised } from './google';
import type { Calendar, CalendarPorts, CalendarService } from './types';

interface TokenRow {
	access_token: string;
	refresh_token: string | null;
	token_expires_at: Date | null;
	[column: string]: unknown;
}

const TOKENS = `select access_token, refresh_token, token_expires_at from calendar_integrations where tenant_id = $1::uuid and id = $2::uuid`;
const SAVE = `update calendar_integrations set access_token = $3::text, refresh_token = coalesce($4::text, refresh_token), token_expires_at = $5::timestamptz
	where tenant_id = $1::uuid and id = $2::uuid`;
const MARK = `select mark_calendar($1::uuid, $2::uuid, $3::text, $4::text)`;

async function readTokens(database: Database, tenantId: string, calendarId: string, { vault }: CalendarPorts) {
	const row = await inTenant(database, tenantId, async (db) => await db.one<TokenRow>(TOKENS, [tenantId, calendarId]));
	if (!row?.access_token)
		throw new FactoryError('CALENDAR_MISSING', 'The calendar has no token. Connect it again.', { item: calendarId });
	return {
		accessToken: vault.decrypt(row.access_token, tokenBoundTo(tenantId, calendarId, 'access')),
		refreshToken: row.refresh_token && vault.decrypt(row.refresh_token, tokenBoundTo(tenantId, calendarId, 'refresh')),
		expiresAt: row.token_expires_at,
	};
}

const mark = async (database: Database, tenantId: string, id: string, status: string, why: string): Promise<void> =>
	void (await inTenant(database, tenantId, async (db) => await db.one(MARK, [tenantId, id, status, why])));

/** A call to Google's API: with a token that works, once more with a new one after a 401. */
function googleCalls(database: Database, tenantId: string, calendar: Calendar, ports: CalendarPorts): Authorised {
	const store = {
		subject: `calendar/${calendar.id}`,
		read: async () => await readTokens(database, tenantId, calendar.id, ports),
		save: async (
			db: Parameters<Parameters<typeof inTenant>[2]>[0],
			tokens: { accessToken: string; refreshToken: string | null; expiresAt: Date | null },
		) => {
			const { vault } = ports;
			await db.one(SAVE, [
				tenantId,
				calendar.id,
				vault.encrypt(tokens.accessToken, tokenBoundTo(tenantId, calendar.id, 'access')),
				tokens.refreshToken && vault.encrypt(tokens.refreshToken, tokenBoundTo(tenantId, calendar.id, 'refresh')),
				tokens.expiresAt,
			]);
		},
		lost: async (why: string) => await mark(database, tenantId, calendar.id, 'needs_reconnect', why),
	};
	const token = async (refused?: string): Promise<string> =>
		await freshAccessToken(
			database,
			tenantId,
			GOOGLE,
			async () => await readOAuthApp(database, tenantId, GOOGLE, ports.vault),
			store,
			ports,
			refused,
		);
	return async (method, path, json) => {
		const send = async (accessToken: string): Promise<ServiceAnswer> =>
			await ports.call({
				method,
				url: `${(calendar.baseUrl ?? GOOGLE_API).replace(/\/+$/, '')}${path}`,
				json,
				headers: { authorization: `Bearer ${accessToken}` },
				allowLocal: calendar.allowLocal,
			});
		const first = await token();
		const answer = await send(first);
		return answer.status === 401 ? await send(await token(first)) : answer;
	};
}

/** Errors that say how the connection stands, not how the call went. */
const STANDS: Record<string, string> = { SERVICE_UNAUTHORIZED: 'needs_reconnect', SERVICE_FORBIDDEN: 'no_permission' };

/** The service behind a calendar. A refusal of the connection itself marks the calendar, and people are told. */
export async function serviceOf(
	database: Database,
	tenantId: string,
	calendar: Calendar,
	ports: CalendarPorts,
): Promise<CalendarService> {
	const service =
		calendar.provider === 'google'
			? googleService(calendar, googleCalls(database, tenantId, calendar, ports))
			: calComService(calendar, (await readTokens(database, tenantId, calendar.id, ports)).accessToken, ports.call);
	const watched =
		<A extends unknown[], T>(work: (...values: A) => Promise<T>) =>
		async (...values: A): Promise<T> => {
			try {
				const result = await work(...values);
				if (calendar.status !== 'connected') await mark(database, tenantId, calendar.id, 'connected', '');
				return result;
			} catch (error) {
				const status = isFactoryError(error) ? STANDS[error.code] : undefined;
				if (status) await mark(database, tenantId, calendar.id, status, (error as FactoryError).message);
				throw error;
			}
		};
	return {
		look: watched(service.look),
		create: watched(service.create),
		find: watched(service.find),
		move: watched(service.move),
		changes: watched(service.changes),
		cancel: watched(service.cancel),
	};
}
