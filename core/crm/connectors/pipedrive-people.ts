import { LOOKUP_LIMIT } from './defaults';
import type { Call } from './pipedrive';
import { digits, list, record, text, type Json } from './read';
import type { Person } from './types';

/** Somebody of this phone number or e-mail; of who was made a moment ago, before the search knows, by the list. */
export async function findPerson(call: Call, person: Person, since: string | null): Promise<string | null> {
	const what = 'looking for the person';
	for (const [fields, term] of searchTerms(person)) {
		const query = { term, fields, exact_match: 'true', limit: 10 };
		const { data } = await call({ what, method: 'GET', path: '/api/v2/persons/search', query });
		const [found] = list(record(data).items);
		if (found) return text(record(found.item).id);
	}
	if (since === null) return null;
	const at = `${new Date(since).toISOString().slice(0, 19)}Z`;
	const query = { updated_since: at, limit: LOOKUP_LIMIT, sort_by: 'add_time', sort_direction: 'desc' };
	const { data } = await call({ what, method: 'GET', path: '/api/v2/persons', query });
	return text(list(data).find((one) => isPerson(one, person))?.id);
}

export async function createPerson(call: Call, person: Person): Promise<string> {
	const body = {
		name: person.name,
		...(person.phone ? { phones: [{ value: person.phone, primary: true, label: 'mobile' }] } : {}),
		...(person.email ? { emails: [{ value: person.email, primary: true, label: 'work' }] } : {}),
	};
	const { data } = await call({ what: 'making the person', method: 'POST', path: '/api/v2/persons', body });
	return text(record(data).id) ?? '';
}

const searchTerms = ({ phone, email }: Person): Array<[string, string]> => [
	...(phone ? ([['phone', digits(phone)]] as Array<[string, string]>) : []),
	...(email ? ([['email', email]] as Array<[string, string]>) : []),
];

/** Somebody without phone and e-mail is known by name only. */
function isPerson(one: Json, { name, phone, email }: Person): boolean {
	const values = (key: string): string[] => list(one[key]).map(({ value }) => text(value) ?? '');
	if (phone) return values('phones').some((value) => digits(value) === digits(phone));
	if (email) return values('emails').includes(email);
	return text(one.name) === name;
}
