import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseBody, type ContactRef, type EventKind, type MetaEvent } from '../../../core/meta';

/** What a table says about one event; what is left out is null, empty or false, but for the keys marked "if given". */
export interface Expectation {
	kind: EventKind;
	turn?: true;
	/** Ids of the person as `describeContact` prints them. */
	who?: string;
	text?: string;
	/** `providerStatus`. */
	status?: string;
	reason?: string;
	/** If given. */
	account?: string;
	parent?: string;
	type?: string;
	target?: string;
	reply?: string;
	media?: string;
	outbox?: string;
	code?: number;
	id?: string;
	name?: string | null;
}

export const FIXTURES = join(__dirname, '../../fixtures/meta');

export function readFixture(file: string): unknown {
	const parsed = parseBody(readFileSync(join(FIXTURES, file)));
	if (!parsed.ok) throw new Error(`${file}: ${parsed.reason}`);
	return parsed.body;
}

/** The ids that are there, as `phone=... bsuid=... previous=oldPhone/oldBsuid`. */
export function describeContact(contact: ContactRef | null): string {
	if (contact === null) return '';
	const ids = (['phone', 'bsuid', 'parentBsuid', 'igsid', 'psid', 'username'] as const)
		.filter((key) => contact[key] !== null)
		.map((key) => `${key}=${contact[key]}`);
	const { previous } = contact;
	if (previous !== null) ids.push(`previous=${previous.phone ?? ''}${previous.bsuid ? `/${previous.bsuid}` : ''}`);
	return ids.join(' ');
}

const OPTIONAL: Record<string, (event: MetaEvent) => unknown> = {
	account: (event) => event.accountId,
	parent: (event) => event.route.parentId,
	type: (event) => event.message?.type,
	target: (event) => event.message?.targetProviderId,
	reply: (event) => event.message?.replyId,
	media: (event) => event.message?.media?.id,
	outbox: (event) => event.status?.outboxId,
	code: (event) => event.status?.errorCode,
	id: (event) => event.providerId,
	name: (event) => event.contact?.name,
};

/** The event in the words of the table, with those optional keys that the row names. */
export function describeEvent(event: MetaEvent, row: Expectation | undefined): Record<string, unknown> {
	const always = {
		kind: event.kind,
		turn: event.wantsTurn,
		who: describeContact(event.contact),
		text: event.message?.text ?? '',
		status: event.providerStatus,
		reason: event.ignoredReason ?? '',
	};
	const named = Object.keys(row ?? {}).filter((key) => key in OPTIONAL);
	return { ...always, ...Object.fromEntries(named.map((key) => [key, OPTIONAL[key]?.(event)])) };
}

export const expected = (row: Expectation): Record<string, unknown> => ({
	turn: false,
	who: '',
	text: '',
	status: '',
	reason: '',
	...row,
});
