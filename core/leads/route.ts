import { z } from 'zod/v4';
import type { TurnRoute } from '../agents';
import type { KnownContact, LeadClass, PersonalReason } from './types';

export type RouteReason =
	| 'answered_class'
	| 'known_contact'
	| 'known_client'
	| 'personal'
	| 'active_client'
	| 'spam'
	| 'disqualified'
	| 'class_not_answered'
	| 'plan_limit';

/** What becomes of a turn once its sender is known. */
export interface LeadRoute {
	/** answer: the agent replies; person: a person takes over; silence: nothing is sent. */
	action: 'answer' | 'person' | 'silence';
	reason: RouteReason;
}

export interface RouteInput {
	classification: LeadClass;
	personalReason: PersonalReason | null;
	known: KnownContact | null;
	overLimit: boolean;
	answeredClasses: readonly LeadClass[];
}

const to = (action: LeadRoute['action'], reason: RouteReason): LeadRoute => ({ action, reason });

const isClient = ({ contactType, autoClassifyAs }: KnownContact): boolean =>
	contactType === 'cliente' || autoClassifyAs === 'CLIENTE_VIP';

/** Known people are answered by machine only where the tenant said so; one who may buy needs a person then. */
function routeKnown(known: KnownContact, classification: LeadClass): LeadRoute | null {
	if (known.autoRespond && known.skipAiAnalysis) {
		return classification === 'SPAM' ? to('silence', 'spam') : to('answer', 'known_contact');
	}
	if (isClient(known) && classification !== 'SPAM') return to('person', 'known_client');
	return classification.startsWith('LEAD_') && known.autoClassifyAs !== 'PESSOAL'
		? to('person', 'known_contact')
		: to('silence', 'known_contact');
}

/** Who is answered, who gets a person, and who is left alone. */
export function routeLead({
	classification,
	personalReason,
	known,
	overLimit,
	answeredClasses,
}: RouteInput): LeadRoute {
	const decided = known && routeKnown(known, classification);
	if (decided) return decided;
	const answered = answeredClasses.includes(classification);
	switch (classification) {
		case 'PESSOAL':
			return personalReason === 'cliente_ativo' ? to('person', 'active_client') : to('silence', 'personal');
		case 'SPAM':
			return to('silence', 'spam');
		case 'DESQUALIFICADO':
			return answered ? to('answer', 'answered_class') : to('silence', 'disqualified');
		case 'LEAD_HOT':
		case 'LEAD_WARM':
		case 'LEAD_COLD':
			if (!answered) return to('silence', 'class_not_answered');
			return overLimit ? to('silence', 'plan_limit') : to('answer', 'answered_class');
	}
}

const routed = z.object({
	known: z.boolean().default(false),
	route: z.object({ action: z.enum(['answer', 'person', 'silence']), reason: z.string().max(100) }),
});

/** The route that an item carries from the classifier, for the reply; nothing where the turn was not classified. */
export function turnRouteOf(lead: unknown): TurnRoute | undefined {
	const parsed = routed.safeParse(lead);
	return parsed.success ? { ...parsed.data.route, firm: parsed.data.known } : undefined;
}
