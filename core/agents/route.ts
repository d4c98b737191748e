import type { SentinelResult } from './sentinel';
import type { SentinelVerdict, TurnRoute } from './types';

/** Checks that stand before the route: whoever opts out or is with a person is served whatever their class. */
const BEFORE_EVERY_ROUTE = ['opt_out', 'conversation_in_handoff', 'contact_opted_out'];
/** And before one that may be wrong about a stranger. */
const BEFORE_A_GUESS = [...BEFORE_EVERY_ROUTE, 'asked_for_person'];

/** The route as a verdict of the ledger, beside those of the checks. */
export const routeVerdict = ({ action, reason }: TurnRoute): SentinelVerdict => ({
	check: 'lead_route',
	stage: 'input',
	fired: action !== 'answer',
	broken: false,
	action: action === 'answer' ? 'allow' : action === 'person' ? 'handoff' : 'silence',
	reason:
		action === 'answer'
			? 'The class of the lead is answered.'
			: action === 'person'
				? 'Whoever wrote is for a person of the team.'
				: 'Whoever wrote is not answered by the agent.',
	details: { route: reason },
});

/** Whether the route decides, or a check that stands before it. */
export const routeDecides = ({ action, firm }: TurnRoute, { verdicts }: SentinelResult): boolean => {
	const before = firm ? BEFORE_EVERY_ROUTE : BEFORE_A_GUESS;
	return action !== 'answer' && !verdicts.some(({ check, fired }) => fired && before.includes(check));
};
