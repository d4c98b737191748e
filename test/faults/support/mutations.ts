import type { Random } from './seeded';

type Holder = Record<string, unknown> | unknown[];

/** A place in a JSON value: the object or array that holds it, and its key there. */
interface Place {
	holder: Holder;
	key: string | number;
}

const isHolder = (value: unknown): value is Holder => typeof value === 'object' && value !== null;

/** Every place of a value below its root, up to a bound: a giant array must not make the next mutation slow. */
function places(root: unknown, limit = 2_000): Place[] {
	const found: Place[] = [];
	const open: unknown[] = [root];
	while (open.length > 0 && found.length < limit) {
		const holder = open.pop();
		if (!isHolder(holder)) continue;
		const keys: Array<string | number> = Array.isArray(holder) ? holder.map((_, index) => index) : Object.keys(holder);
		for (const key of keys) {
			found.push({ holder, key });
			open.push(read({ holder, key }));
		}
	}
	return found;
}

const read = ({ holder, key }: Place): unknown => (holder as Record<string | number, unknown>)[key];

/** Own properties only: a key `__proto__` must become part of the body and not of the object. */
const write = ({ holder, key }: Place, value: unknown): void =>
	void Object.defineProperty(holder, key, { value, enumerable: true, configurable: true, writable: true });

function remove({ holder, key }: Place): void {
	if (Array.isArray(holder)) holder.splice(Number(key), 1);
	else delete holder[key];
}

const asText = (value: unknown): string => (typeof value === 'string' ? value : '');

const copy = <T>(value: T): T => (value === undefined ? value : (JSON.parse(JSON.stringify(value)) as T));

/** A number that JSON.stringify would not write: the text is put in afterwards. */
const RAW = '\u0001raw:';
const raw = (text: string): string => `${RAW}${text}`;
export const toText = (body: unknown): string =>
	(JSON.stringify(body) ?? 'null').replace(/"\\u0001raw:([^"]*)"/g, '$1');

const NUMBERS = [
	'0', '-0', '-1', '0.5', '1e-400', '1e400', '-1e308', '2147483648', '-2147483649', '9007199254740993', '9223372036854775808',
	'-9223372036854775809', '99999999999', '1e21', '123456789012345678901234567890', '3.14159265358979323846264338327950288',
]; // prettier-ignore
const KEYS = [
	'__proto__',
	'constructor',
	'prototype',
	'hasOwnProperty',
	'toString',
	'then',
	'',
	' ',
	'\u0000',
	'\ud800',
	'length',
];
const TIMES = [
	'',
	'0',
	'-1',
	'9999999999999',
	'8640000000000001',
	'2026-13-45T99:99:99Z',
	'0000-00-00',
	'Infinity',
	'NaN',
	'2026-02-30',
	'1e9',
];
/** What jsonb refuses. */
const HARD_BITS = ['\u0000', '\ud800', '\udfff'];
const BITS = [
	'\u0000',
	'\ud800',
	'\udfff',
	'\ud83d',
	'😀',
	'\uffff',
	'\u202e',
	"'",
	'"',
	'\\',
	'\\u0000',
	'$1',
	'%s',
	'{{1}}',
	'\r\n',
	'é',
	'𝔘',
];

/** Digits and letters that do not compress: an index entry of them is as long as it looks. */
const noise = (random: Random, length: number): string => {
	const alphabet = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.çãéñ漢字かな한글😀🜲';
	const letters = [...alphabet];
	return Array.from({ length }, () => random.of(letters)).join('');
};

/** Ideographs from all over: three bytes each, and nothing to compress. */
const wide = (random: Random, length: number): string =>
	Array.from({ length }, () => String.fromCodePoint(0x4e00 + random.below(20_000))).join('');

/** A text that is JSON itself, changed inside: what it holds is not what the body holds. */
function insideText(random: Random, text: string): string {
	let inner: unknown;
	try {
		inner = JSON.parse(text);
	} catch {
		inner = null;
	}
	if (!isHolder(inner) || places(inner).length === 0) inner = { flow_token: 'x', answer: text };
	const place = random.of(places(inner));
	write(place, withBits(random, String(JSON.stringify(read(place)))));
	return toText(inner);
}

/** A value of another type, or of its own type and out of bounds. */
function strangeValue(random: Random, value: unknown): unknown {
	const text = typeof value === 'string' ? value : 'x';
	const number = typeof value === 'number' || typeof value === 'string' ? Number(value) : 1;
	const makers: Array<() => unknown> = [
		() => null,
		() => random.chance(0.5),
		() => raw(random.of(NUMBERS)),
		() => random.of(TIMES),
		() => [],
		() => ({}),
		() => [value],
		() => ({ [random.of(['id', 'body', 'text', 'code', 'value'])]: value }),
		() => '',
		() => (typeof value === 'string' && /^-?\d+$/.test(value) ? raw(value) : JSON.stringify(value)),
		() => withBits(random, text),
		() => noise(random, random.of([20, 200, 511, 512, 513, 600])),
		() => wide(random, random.of([170, 512, 512, 2_000])),
		() => `${'x'.repeat(random.below(4))}${'😀'.repeat(random.of([60, 1_000]))}`,
		() => insideText(random, text),
		() => insideText(random, text),
		() => text.repeat(random.of([2, 50, 2_000])).slice(0, 100_000),
		() => `${noise(random, random.of([1, 1_998, 1_999, 2_000]))}😀${noise(random, 50)}`,
		() => -Math.abs(number || 1),
		() => (number || 1) + 0.5,
		() => JSON.stringify({ a: withBits(random, text), [random.of(KEYS)]: [null, 1, text] }),
	];
	return random.of(makers)();
}

function withBits(random: Random, text: string): string {
	const at = random.below(text.length + 1);
	const bits = random.chance(0.5) ? HARD_BITS : BITS;
	return text.slice(0, at) + random.of(bits).repeat(random.of([1, 1, 3])) + text.slice(at);
}

function nest(random: Random, value: unknown): unknown {
	const depth = random.of([3, 20, 45, 58, 62, 65, 200, 5_000]);
	// Very deep values travel as text: a recursive writer of this test would be the first to fall.
	if (depth > 100) return raw('['.repeat(depth) + ']'.repeat(depth));
	let nested = value;
	for (let level = 0; level < depth; level += 1) nested = depth % 2 === 0 ? [nested] : { a: nested };
	return nested;
}

type Mutation = (random: Random, root: unknown) => void;

/** Mostly a value and not what holds others: there are fewer of those, but they take most of the body with them. */
const somewhere = (random: Random, root: unknown): Place | null => {
	const all = places(root);
	const values = random.chance(0.6) ? all.filter((place) => !isHolder(read(place))) : [];
	return values.length > 0 ? random.of(values) : all.length > 0 ? random.of(all) : null;
};
const at =
	(change: (random: Random, place: Place, root: unknown) => void): Mutation =>
	(random, root) => {
		const place = somewhere(random, root);
		if (place) change(random, place, root);
	};

const MUTATIONS: readonly Mutation[] = [
	at((_random, place) => remove(place)),
	(random, root) => {
		const texts = places(root).filter((place) => /^[[{]/.test(asText(read(place))));
		const place = texts.length > 0 ? random.of(texts) : somewhere(random, root);
		if (place) write(place, insideText(random, asText(read(place))));
	},
	at((random, place) => write(place, strangeValue(random, read(place)))),
	at((random, place) => write(place, strangeValue(random, read(place)))),
	at((random, place) => write(place, strangeValue(random, read(place)))),
	// Swap two places.
	at((random, place, root) => {
		const other = somewhere(random, root);
		if (!other) return;
		const [here, there] = [copy(read(place)), copy(read(other))];
		write(place, there);
		write(other, here);
	}),
	// The same value under another key, or twice in a list.
	at((random, { holder, key }) => {
		if (Array.isArray(holder)) return void holder.push(copy(holder[Number(key)]));
		const keys = Object.keys(holder);
		write({ holder, key: random.chance(0.5) ? random.of(KEYS) : `${random.of(keys)}_2` }, copy(holder[key]));
	}),
	// A key renamed.
	at((random, { holder, key }) => {
		if (Array.isArray(holder)) return;
		const value = holder[key];
		delete holder[key];
		write({ holder, key: random.of([...KEYS, String(key).toUpperCase(), noise(random, 300)]) }, value);
	}),
	at((random, { holder }) => {
		if (!Array.isArray(holder)) write({ holder, key: random.of(KEYS) }, strangeValue(random, 'x'));
	}),
	at((random, place) => write(place, nest(random, read(place)))),
	// A list with very many equal or nearly equal items.
	at((random, { holder, key }) => {
		const value = copy((holder as Record<string | number, unknown>)[key]);
		const text = JSON.stringify(value) ?? 'null';
		const count = Math.min(random.of([2, 30, 300, 1_000]), Math.floor(150_000 / text.length));
		const list = Array.from({ length: count }, (_, index) =>
			random.chance(0.2) ? copy(value) : (JSON.parse(text.replace(/wamid\.[\w+/=]+/, `$&${index}`)) as unknown),
		);
		write({ holder, key }, list);
	}),
];

/** The body changed in one to four places. */
export function mutateTree(random: Random, body: unknown): string {
	const root = { body: copy(body) };
	for (let times = random.of([1, 1, 1, 2, 3, 4]); times > 0; times -= 1) random.of(MUTATIONS)(random, root);
	return toText(root.body);
}

/** The bytes changed: bits flipped, a piece cut out, doubled or put elsewhere. */
export function mutateBytes(random: Random, body: Buffer): Buffer {
	const bytes = Buffer.from(body);
	const place = random.below(bytes.length);
	const length = random.below(Math.min(200, bytes.length - place) + 1);
	switch (random.below(4)) {
		case 0:
			return Buffer.concat([bytes.subarray(0, place), bytes.subarray(place + length)]);
		case 1:
			return Buffer.concat([bytes.subarray(0, place + length), bytes.subarray(place)]);
		default:
			for (let flips = random.of([1, 1, 2, 8]); flips > 0; flips -= 1) {
				bytes[random.below(bytes.length)] ^= 1 << random.below(8);
			}
			return bytes;
	}
}
