import { randomBytes, randomUUID } from 'node:crypto';
import {
	callService,
	connectCalCom,
	createGoogleLink,
	finishGoogle,
	GOOGLE,
	pause,
	saveOAuthApp,
	type CalendarPorts,
} from '../../../../core/crm';
import type { Database } from '../../../../core/database';
import type { CalComStandIn } from '../../../../sandbox/standins/cal-com';
import type { GoogleCalendarStandIn } from '../../../../sandbox/standins/google-calendar';
import { vault } from '../../../support/factory';

/** Open all week, without notice, so that a test may book whatever the day is. */
export const ALWAYS_OPEN = {
	workingHours: Object.fromEntries(
		['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'].map((day) => [day, [['00:00', '24:00']]]),
	),
	minNoticeMinutes: 0,
};

export const ports: CalendarPorts & { randomUuid(): string } = {
	call: callService,
	vault,
	now: () => Date.now(),
	randomBytes,
	randomUuid: () => randomUUID(),
	sleep: pause,
};

const CALLBACK = 'https://factory.example.com/webhook/agent-factory/connect/google';

/** Stores the app and answers the link as the person's browser does. */
export async function openGoogleLink(
	database: Database,
	tenantId: string,
	google: GoogleCalendarStandIn,
	settings: object = ALWAYS_OPEN,
): Promise<{ state: string; code?: string; error?: string }> {
	const { clientId, clientSecret } = google.oauth;
	const app = { clientId, clientSecret, baseUrl: google.url, allowLocal: true };
	await saveOAuthApp(database, tenantId, GOOGLE, app, vault);
	const { url } = await createGoogleLink(database, tenantId, { callbackUrl: CALLBACK, person: 'Ana', settings }, ports);
	const page = await fetch(url, { redirect: 'manual' });
	const back = new URL(page.headers.get('location') ?? 'about:blank');
	const of = (name: string): string | undefined => back.searchParams.get(name) ?? undefined;
	return { state: of('state') ?? '', code: of('code'), error: of('error') };
}

export async function connectGoogle(
	database: Database,
	tenantId: string,
	google: GoogleCalendarStandIn,
	settings?: object,
): Promise<string> {
	const callback = await openGoogleLink(database, tenantId, google, settings);
	return (await finishGoogle(database, callback, ports)).result.id as string;
}

export const connectCal = async (database: Database, tenantId: string, calCom: CalComStandIn): Promise<string> =>
	(
		await connectCalCom(
			database,
			tenantId,
			{
				apiKey: calCom.apiKey,
				eventTypeId: calCom.eventTypeId,
				timeZone: 'America/Sao_Paulo',
				baseUrl: calCom.url,
				allowLocal: true,
				settings: { minNoticeMinutes: 0 },
			},
			ports,
		)
	).id as string;
