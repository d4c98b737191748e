import { isOpen, nextOpening } from './opening-times';
import { pass, type CheckFactory } from './types';

/** Outside the opening hours: answers, waits for the next opening or leaves it to a person, as the agent's setting says. */
export const createOpeningHoursCheck: CheckFactory =
	({ openingHours, timeZone }) =>
	({ now }) => {
		if (isOpen(openingHours, timeZone, now)) return pass('Within the opening hours.');
		if (openingHours.outside === 'handoff') {
			return { fired: true, action: 'handoff', reason: 'Outside the opening hours; the agent leaves it to a person.' };
		}
		const opening = nextOpening(openingHours, timeZone, now);
		if (openingHours.outside === 'defer' && opening) {
			const details = { deferUntil: opening.toISOString() };
			return {
				fired: true,
				action: 'defer',
				reason: 'Outside the opening hours; answered at the next opening.',
				details,
			};
		}
		return { fired: true, action: 'allow', reason: 'Outside the opening hours; the agent answers all the same.' };
	};
