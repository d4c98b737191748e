import { createHash } from 'node:crypto';
import type { LeadClass } from './types';

/** How many widths of the hysteresis below HOT are still near it. */
const NEAR_WIDTHS = 2;

export interface TreatmentInput {
	classification: LeadClass;
	score: number;
	/** Score from which a lead is HOT, and the tenant's hysteresis in points. */
	hot: number;
	hysteresis: number;
	/** Share of near-threshold leads that are treated as HOT: the tenant's setting. */
	explorationShare: number;
	/** Places left of today's HOT capacity (`hot_places_left`). */
	hotPlacesLeft: number;
	/** The text gives orders to the machine. */
	injection: boolean;
	optedOut: boolean;
	/** 0 to below 1. `explorationDraw` gives a person the same number on every turn. */
	random: number;
}

/** What is done with a lead, and with which probability it was: columns of classified_leads. */
export interface TreatmentChoice {
	treatment: 'hot' | 'standard' | 'none';
	treatPropensity: number;
	explorationArm: 'explore' | 'exploit' | null;
}

const ANSWERED: readonly LeadClass[] = ['LEAD_HOT', 'LEAD_WARM', 'LEAD_COLD'];

/**
 * HOT leads are treated as HOT. Of those just below, a small share is too, so that the loop learns whom the threshold
 * misses; everybody else is treated as what they are. SPAM, PESSOAL and the rest are never explored.
 */
export function chooseTreatment(input: TreatmentInput): TreatmentChoice {
	if (!ANSWERED.includes(input.classification) || input.optedOut)
		return { treatment: 'none', treatPropensity: 1, explorationArm: null };
	if (input.classification === 'LEAD_HOT') return { treatment: 'hot', treatPropensity: 1, explorationArm: null };
	if (!mayExplore(input)) return { treatment: 'standard', treatPropensity: 1, explorationArm: null };
	return input.random < input.explorationShare
		? { treatment: 'hot', treatPropensity: input.explorationShare, explorationArm: 'explore' }
		: { treatment: 'standard', treatPropensity: 1 - input.explorationShare, explorationArm: 'exploit' };
}

const mayExplore = ({ score, hot, hysteresis, explorationShare, hotPlacesLeft, injection }: TreatmentInput): boolean =>
	explorationShare > 0 && hotPlacesLeft > 0 && !injection && score < hot && score >= hot - NEAR_WIDTHS * hysteresis;

/** A number from 0 to below 1 for a person: writing more often does not mean being drawn more often. */
export const explorationDraw = (tenantId: string, leadKey: string, salt = ''): number =>
	createHash('sha256').update(`exploration|${tenantId}|${leadKey}|${salt}`).digest().readUInt32BE(0) / 2 ** 32;
