import type { LookupAddress } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/** Addresses that are not the public internet: this machine, private networks, link-local with cloud metadata, and what embeds them. */
const INSIDE = new BlockList();
for (const [network, bits] of [
	['0.0.0.0', 8],
	['10.0.0.0', 8],
	['100.64.0.0', 10],
	['127.0.0.0', 8],
	['169.254.0.0', 16],
	['172.16.0.0', 12],
	['192.0.0.0', 24],
	['192.0.2.0', 24],
	['192.88.99.0', 24],
	['192.168.0.0', 16],
	['198.18.0.0', 15],
	['198.51.100.0', 24],
	['203.0.113.0', 24],
	['224.0.0.0', 3],
] as const)
	INSIDE.addSubnet(network, bits, 'ipv4');

/** Of version 6 only global unicast is outside, and of that not what tunnels or documents. */
const OUTSIDE_6 = new BlockList();
OUTSIDE_6.addSubnet('2000::', 3, 'ipv6');
const INSIDE_6 = new BlockList();
for (const [network, bits] of [
	['2001::', 23],
	['2001:db8::', 32],
	['2002::', 16],
] as const)
	INSIDE_6.addSubnet(network, bits, 'ipv6');

/** Whether an address, not a name, may be called from here. */
export function isPublicAddress(address: string): boolean {
	const version = isIP(address);
	if (version === 4) return !INSIDE.check(address, 'ipv4');
	return version === 6 && OUTSIDE_6.check(address, 'ipv6') && !INSIDE_6.check(address, 'ipv6');
}

/** Why this URL may not be called at all; null when it may be tried. */
export function urlProblem(url: string, allowLocal: boolean): string | null {
	let parsed: URL;
	try {
		parsed = new URL(url);
	} catch {
		return 'it is not a URL';
	}
	if (parsed.username || parsed.password) return 'it holds a user name or password';
	if (allowLocal) return ['http:', 'https:'].includes(parsed.protocol) ? null : 'it is neither http nor https';
	if (parsed.protocol !== 'https:') return 'it is not https';
	const host = parsed.hostname.replace(/^\[|\]$/g, '');
	if (isIP(host) && !isPublicAddress(host)) return 'its address is not public';
	return /(^|\.)(localhost|local|internal|home\.arpa)$/i.test(host.replace(/\.$/, '')) ? 'its name is local' : null;
}

/** Asks for every address of a name; the system's own unless a test says otherwise. */
export type Resolve = (
	hostname: string,
	options: { all: true },
	done: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/** The address is judged where the connection is made, so that a name cannot answer differently the second time. */
export const publicLookup =
	(resolve: Resolve): LookupFunction =>
	(hostname, options, done) => {
		resolve(hostname, { ...options, all: true }, (error, addresses) => {
			if (error) return done(error, '', 0);
			const inside = addresses.find(({ address }) => !isPublicAddress(address));
			if (inside || addresses.length === 0)
				return done(Object.assign(new URIError('not a public address'), { code: 'NOT_PUBLIC' }), '', 0);
			if (options.all) return done(null, addresses);
			done(null, addresses[0].address, addresses[0].family);
		});
	};
