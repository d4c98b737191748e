import type { HandoffReason, SentinelAction, SentinelStage, SentinelVerdict, TurnContext } from '../types';
import type { ToolStep } from '../../plugins';
import type { SentinelPolicy } from '../bundle';

/** One text to judge, with all that a check may look at. */
export interface SentinelInput {
	/** Input stage: the burst, a message a line. Output stage: one message about to be sent. */
	text: string;
	context: TurnContext;
	now: Date;
	/** Output stage: what the agent may call, and what it called in this turn. */
	tools?: TurnTools;
}

export interface TurnTools {
	offered: ReadonlyArray<{ plugin: string; name: string }>;
	steps: readonly ToolStep[];
}

/** A check's word; the runner adds name and stage. `reason` and `details` hold no customer text. */
export interface CheckOutcome {
	fired: boolean;
	action: SentinelAction;
	reason: string;
	details?: Record<string, unknown>;
	/** For action `rewrite`: the messages to send instead. */
	rewritten?: string[];
}

export type Check = (input: SentinelInput) => CheckOutcome | Promise<CheckOutcome>;

/** From an agent's policy to a check; what can be prepared once is prepared here. */
export type CheckFactory = (policy: SentinelPolicy) => Check;

export interface CheckDefinition {
	stage: SentinelStage;
	create: CheckFactory;
	/** Why a person takes over when this check decides so. */
	handoffReason: HandoffReason;
	/** Settles the turn whatever else fired: who opted out or is with a person gets no machine. */
	settles?: true;
}

/** What a stage decided. */
export interface SentinelResult {
	action: SentinelAction;
	/** Name of the check that decided; null when all let the text pass. */
	decidedBy: string | null;
	handoffReason: HandoffReason;
	verdicts: SentinelVerdict[];
	/** The text to go on with; several where a check split it. */
	texts: string[];
	/** ISO 8601, for action `defer`. */
	deferUntil: string | null;
}

export const pass = (reason: string, details?: Record<string, unknown>): CheckOutcome => ({
	fired: false,
	action: 'allow',
	reason,
	details,
});
