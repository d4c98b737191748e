import { EVENT_KIND_OPTIONS } from '../../../nodes/MetaTrigger/event-kinds';

test('the kinds are offered by name, in order, each once', () => {
	const names = EVENT_KIND_OPTIONS.map(({ name }) => name);
	expect(names).toEqual([...names].sort((left, right) => left.localeCompare(right, 'en')));
	expect(new Set(names).size).toBe(names.length);
	expect(EVENT_KIND_OPTIONS.map(({ value }) => value)).toEqual(
		expect.arrayContaining(['message', 'status', 'leadgen', 'unknown']),
	);
});
