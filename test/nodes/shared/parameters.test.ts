import { leasedTurn } from '../../../nodes/shared/leases';
import { jsonParameter, locatorId, secretList } from '../../../nodes/shared/parameters';
import { executeContext } from '../support/contexts';
import { nodes } from '../support/manifest';

const description = nodes.find(({ className }) => className === 'QueueClaim')!.node.description;
const reading = (parameters: Record<string, unknown>) => executeContext({ description, items: [{}], parameters });
const id = '3f0c8e2a-7c1d-4f6e-9b1a-2d5e8c7f4a10';

test.each([
	['a locator by id', { __rl: true, mode: 'id', value: id }],
	['a locator from the list', { __rl: true, mode: 'list', value: id, cachedResultName: 'FitPro' }],
	['plain text', ` ${id} `],
])('%s gives the id', (_, tenant) => {
	expect(locatorId(reading({ tenant }), 'tenant', 0)).toBe(id);
});

test.each([
	['nothing picked', { mode: 'list', value: '' }, /"tenant" is empty/],
	['an expression that came out empty', { mode: 'id', value: undefined }, /"tenant" is empty/],
	['a name', { mode: 'id', value: 'FitPro' }, /"tenant" is not an id/],
])('%s is refused by field', (_, tenant, message) => {
	expect(() => locatorId(reading({ tenant }), 'tenant', 0)).toThrow(message);
});

test('secrets may be given one a line', () => {
	expect(secretList(' one \r\n\ntwo,three\n')).toEqual(['one', 'two', 'three']);
	expect(secretList(undefined)).toEqual([]);
});

test('an object may be given as such or as its text', () => {
	expect(jsonParameter(reading({ turn: { a: 1 } }), 'turn', 0)).toEqual({ a: 1 });
	expect(jsonParameter(reading({ turn: '{"a":1}' }), 'turn', 0)).toEqual({ a: 1 });
	expect(() => jsonParameter(reading({ turn: '{' }), 'turn', 0)).toThrow(/"turn" is not JSON/);
});

test('a turn that lost its lease fields on the way is refused by field', () => {
	const turn = { tenantId: id, conversationId: id, turnId: 7, leaseToken: 3 };
	expect(leasedTurn(reading({ turn }), 0)).toEqual(turn);
	expect(() => leasedTurn(reading({ turn: { ...turn, leaseToken: undefined } }), 0)).toThrow(/no leaseToken/);
	expect(() => leasedTurn(reading({ turn: 'null' }), 0)).toThrow(/no tenantId/);
});
