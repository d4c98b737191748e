import type { ClaimKind } from './text/claim-form';
import { findClaims } from './text/claims';
import { pass, type CheckFactory, type SentinelInput } from './types';

/** By the names of the catalogue's tools: whose agents may claim it at all, and which call makes it true. */
const TOOLS: Record<ClaimKind, { offered: string[]; done: string[] }> = {
	booked: { offered: ['check_availability', 'book_slot'], done: ['book_slot', 'reschedule_booking'] },
	moved: {
		offered: ['check_availability', 'book_slot', 'reschedule_booking'],
		done: ['reschedule_booking', 'book_slot'],
	},
	cancelled: { offered: ['check_availability', 'book_slot', 'cancel_booking'], done: ['cancel_booking'] },
	deal: { offered: ['create_deal'], done: ['create_deal'] },
	call: { offered: ['request_call'], done: ['request_call'] },
};

const nameOf = (tool: string): string => tool.slice(tool.lastIndexOf('.') + 1);

/** Done in this turn; or known from before, and nothing of the kind failed in this turn. */
function isTrue(kind: ClaimKind, { context, tools }: SentinelInput, saidBefore: ReadonlySet<ClaimKind>): boolean {
	const { done } = TOOLS[kind];
	const calls = (tools?.steps ?? []).filter(({ tool }) => done.includes(nameOf(tool)));
	if (calls.some(({ status }) => status === 'ok')) return true;
	if (calls.length > 0) return false;
	const earlier = (context.toolCalls ?? []).some(({ tool, status }) => status === 'ok' && done.includes(tool));
	return earlier || saidBefore.has(kind);
}

/** A reply that says to have done what only a tool does, and no tool did it: a customer who waits for nothing. */
export const createClaimedWithoutToolCheck: CheckFactory = () => (input) => {
	const offered = (input.tools?.offered ?? []).map(({ name }) => name);
	const canBe = (kind: ClaimKind): boolean => TOOLS[kind].offered.some((name) => offered.includes(name));
	const claims = findClaims(input.text)
		.map((kinds) => kinds.filter(canBe))
		.filter((kinds) => kinds.length > 0);
	if (claims.length === 0) return pass('The reply does not say that a tool did something.');
	// What a person of the team said, or the agent before, which was checked then, stands.
	const saidBefore = new Set(
		input.context.history.filter(({ role }) => role !== 'contact').flatMap(({ text }) => findClaims(text).flat()),
	);
	const untrue = claims.filter((kinds) => !kinds.some((kind) => isTrue(kind, input, saidBefore)));
	if (untrue.length === 0)
		return pass('What the reply says to be done was done by a tool, or stands in the conversation.');
	return {
		fired: true,
		action: 'block',
		reason:
			'The reply says that something was booked, cancelled, registered or arranged, and no tool did it in this conversation.',
		details: {
			claims: [...new Set(untrue.flat())],
			tools: [...new Set((input.tools?.steps ?? []).map(({ tool, status }) => `${tool}: ${status}`))],
		},
	};
};
