import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { normaliseBody, parseBody, signBody, type ChannelKind, type MetaEvent } from '../../../core/meta';
import { mutateBytes, mutateTree } from './mutations';
import { seeded, type Random } from './seeded';

const FIXTURES = path.join(__dirname, '../../fixtures');
/** What broke something once is near what breaks next. */
const FROM_FINDINGS = 0.1;
const SECRET = 'fuzz-secret';
/** Shorter ids would be found inside other texts. */
const SHORTEST_ID = 7;
/** Consecutive bodies go to one tenant, so that what they did to the other one can be seen. */
export const BLOCK = 1_000;

export interface FuzzCase {
	index: number;
	fixture: string;
	rawBody: Buffer;
	signature: string | undefined;
	secrets: string[];
}

export interface Account {
	channel: ChannelKind;
	externalId: string;
	parentId: string | null;
}

interface Fixture {
	name: string;
	/** Its text, cut at the ids that are changed. */
	parts: Array<{ text: string; id: 'account' | 'person' | 'message' | null }>;
}

const filesOf = (folder: string): Array<{ name: string; text: string }> =>
	readdirSync(path.join(FIXTURES, folder))
		.filter((name) => name.endsWith('.json') && name !== 'signatures.json')
		.map((name) => ({ name, text: readFileSync(path.join(FIXTURES, folder, name), 'utf8') }));

export const signed = (rawBody: Buffer): Pick<FuzzCase, 'rawBody' | 'signature' | 'secrets'> => ({
	rawBody,
	signature: signBody(rawBody, SECRET),
	secrets: [SECRET],
});

/** The fixtures of every shape that Meta sends, once for each tenant: the second one has account ids of its own. */
export class FuzzCases {
	private readonly fixtures: Fixture[];
	private readonly findings: Fixture[];
	private readonly known = new Map<string, Account>();

	constructor(private readonly seed: number) {
		const files = filesOf('meta');
		const findings = filesOf('fuzz');
		const events = [...files, ...findings].flatMap(({ text }) => {
			const parsed = parseBody(Buffer.from(text));
			return parsed.ok ? normaliseBody(parsed.body) : [];
		});
		for (const { route } of events) this.learn(route);
		const ids = new Map<string, 'account' | 'person' | 'message'>();
		const name = (kind: 'account' | 'person' | 'message', found: Array<string | null | undefined>): void => {
			for (const id of found) if (id && id.length >= SHORTEST_ID) ids.set(id, kind);
		};
		name(
			'message',
			events.flatMap(({ providerId, message }) => [providerId, message?.targetProviderId]),
		);
		name('person', events.flatMap(personIdsOf));
		name(
			'account',
			[...this.known.values()].flatMap(({ externalId, parentId }) => [externalId, parentId]),
		);
		const pattern = oneOf([...ids.keys()]);
		const cut = (file: { name: string; text: string }): Fixture => ({
			name: file.name,
			parts: file.text.split(pattern).map((text) => ({ text, id: ids.get(text) ?? null })),
		});
		this.fixtures = files.map(cut);
		this.findings = findings.map(cut);
	}

	private learn({ channel, externalId, parentId }: MetaEvent['route']): void {
		// The dashboard's test bodies say 0: nobody's account.
		if (!channel || !externalId || externalId.length < SHORTEST_ID) return;
		const key = `${channel}/${externalId}`;
		const parent = parentId && parentId.length >= SHORTEST_ID ? parentId : null;
		this.known.set(key, { channel, externalId, parentId: this.known.get(key)?.parentId ?? parent });
	}

	accountsOf(tenant: number): Account[] {
		return [...this.known.values()].map(({ channel, externalId, parentId }) => ({
			channel,
			externalId: ownId(tenant, externalId),
			parentId: parentId && ownId(tenant, parentId),
		}));
	}

	tenantOf(index: number): number {
		return Math.floor(index / BLOCK) % 2;
	}

	/** The same for the same seed and index. */
	at(index: number): FuzzCase {
		const random = seeded(this.seed, index);
		const { name, parts } = random.of(random.chance(FROM_FINDINGS) ? this.findings : this.fixtures);
		const body = this.fresh(random, index, parts);
		const rawBody = this.mutated(random, body);
		const found = { index, fixture: name, ...signed(rawBody) };
		if (random.chance(0.98)) return found;
		return {
			...found,
			signature: random.of([undefined, '', 'sha256=00', found.signature?.slice(1), `sha256=${'0'.repeat(64)}`]),
		};
	}

	/** The tenant's accounts; mostly another person and a message that was not there yet, else a duplicate. */
	private fresh(random: Random, index: number, parts: Fixture['parts']): string {
		const owned = (id: string): string => ownId(this.tenantOf(index), id);
		const repeated = random.chance(0.15);
		const person = String(100 + random.below(900));
		return parts
			.map(({ text, id }) => {
				if (id === 'account') return owned(text);
				if (id === null || repeated) return text;
				return id === 'person' ? text.slice(0, -3) + person : `${text}${index}`;
			})
			.join('');
	}

	private mutated(random: Random, text: string): Buffer {
		const how = random.next();
		if (how < 0.04) return Buffer.from(text);
		if (how < 0.16) return mutateBytes(random, Buffer.from(text));
		return Buffer.from(mutateTree(random, JSON.parse(text) as unknown));
	}
}

const ownId = (tenant: number, id: string): string => (tenant === 0 ? id : `77${id}`);

function personIdsOf({ contact }: MetaEvent): Array<string | null> {
	return contact ? [contact.phone, contact.bsuid, contact.parentBsuid, contact.igsid, contact.psid] : [];
}

/** A pattern that cuts a text at any of these ids, the longest first. */
function oneOf(ids: readonly string[]): RegExp {
	const sorted = [...ids].sort((left, right) => right.length - left.length);
	return new RegExp(`(${sorted.map((id) => id.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|')})`, 'g');
}
