import { isOpen, nextOpening } from '../../../../core/agents/sentinel';
import { parseAgentSpec } from '../../../../core/agents';
import { agency, agencySpec, turn } from '../support';
import { onInput } from './verdict';

const office = { from: '09:00', to: '18:00' };
const week = { monday: [office], tuesday: [office], wednesday: [office], thursday: [office], friday: [office] };
const hoursOf = (openingHours: object) => parseAgentSpec(agencySpec({ openingHours })).openingHours;
const at = (iso: string) => new Date(iso);

describe('isOpen', () => {
	test.each([
		['Monday 08:59 in São Paulo', '2026-11-23T11:59:00Z', false],
		['Monday 09:00', '2026-11-23T12:00:00Z', true],
		['Monday 17:59', '2026-11-23T20:59:59Z', true],
		['Monday 18:00', '2026-11-23T21:00:00Z', false],
		['Saturday noon', '2026-11-21T15:00:00Z', false],
		['Monday in UTC but Sunday in São Paulo', '2026-11-23T02:00:00Z', false],
	])('%s', (_, iso, open) => {
		expect(isOpen(hoursOf(week), 'America/Sao_Paulo', at(iso))).toBe(open);
	});

	test.each([
		['Friday 23:00', '2026-11-28T02:00:00Z', true],
		['Saturday 01:59, still Friday night', '2026-11-28T04:59:00Z', true],
		['Saturday 02:00', '2026-11-28T05:00:00Z', false],
		['Friday 01:00, no Thursday night', '2026-11-27T04:00:00Z', false],
	])('a bar on Friday from 22:00 to 02:00: %s', (_, iso, open) => {
		expect(isOpen(hoursOf({ friday: [{ from: '22:00', to: '02:00' }] }), 'America/Sao_Paulo', at(iso))).toBe(open);
	});

	test('no hours at all means always open, a whole day is 00:00 to 24:00', () => {
		expect(isOpen(hoursOf({}), 'UTC', at('2026-11-22T03:00:00Z'))).toBe(true);
		expect(isOpen(hoursOf({ sunday: [{ from: '00:00', to: '24:00' }] }), 'UTC', at('2026-11-22T23:59:59Z'))).toBe(true);
	});
});

describe('nextOpening', () => {
	test.each([
		['Saturday waits for Monday', week, 'America/Sao_Paulo', '2026-11-21T15:00:00Z', '2026-11-23T12:00:00.000Z'],
		['before opening on the same day', week, 'America/Sao_Paulo', '2026-11-23T10:00:00Z', '2026-11-23T12:00:00.000Z'],
		[
			'lunch break',
			{
				monday: [
					{ from: '14:00', to: '18:00' },
					{ from: '09:00', to: '12:00' },
				],
			},
			'UTC',
			'2026-11-23T12:30:00Z',
			'2026-11-23T14:00:00.000Z',
		],
		['only one day a week', { monday: [office] }, 'UTC', '2026-11-23T18:00:00Z', '2026-11-30T09:00:00.000Z'],
		[
			'over the night in which New York turns the clock back',
			{ monday: [office], sunday: [] },
			'America/New_York',
			'2026-10-31T20:00:00Z',
			'2026-11-02T14:00:00.000Z',
		],
		[
			'in the week before, an hour earlier in UTC',
			{ monday: [office] },
			'America/New_York',
			'2026-10-24T20:00:00Z',
			'2026-10-26T13:00:00.000Z',
		],
	])('%s', (_, hours, zone, now, expected) => {
		expect(nextOpening(hoursOf(hours), zone, at(now))?.toISOString()).toBe(expected);
	});
});

describe('opening_hours', () => {
	test.each([
		['answer', 'allow', {}],
		['defer', 'defer', { deferUntil: '2026-11-23T12:00:00.000Z' }],
		['handoff', 'handoff', {}],
	] as const)('outside the hours with "%s" asks for %s', async (outside, action, details) => {
		const bundle = agency({ openingHours: { ...week, outside } });
		expect(await onInput('opening_hours', bundle, turn('oi'))).toMatchObject({ fired: true, action, details });
	});

	test('within the hours nothing fires', async () => {
		const bundle = agency({ openingHours: { ...week, outside: 'defer' } });
		expect((await onInput('opening_hours', bundle, turn('oi'), at('2026-11-23T15:00:00Z'))).fired).toBe(false);
	});
});
