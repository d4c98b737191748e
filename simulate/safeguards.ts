import { offlineGate } from '../core/improvement/gate';
import { addOutcome, decideStage, whyOpen } from '../core/rollouts';

/** The parts of core that keep the loop honest. A test puts another part in to see what breaks without this one. */
export interface Safeguards {
	/** Only leads whose outcome is known count. Without it, no news is taken for a loss. */
	maturity: boolean;
	/** Who proposes and who judges see different people. */
	holdOut: boolean;
	offlineGate: typeof offlineGate;
	/** A person's leads count once. */
	onePerPerson: boolean;
	/** A change goes to 10 % first. */
	canary: boolean;
	addOutcome: typeof addOutcome;
	decideStage: typeof decideStage;
	whyOpen: typeof whyOpen;
}

export const REAL: Safeguards = {
	maturity: true,
	holdOut: true,
	offlineGate,
	onePerPerson: true,
	canary: true,
	addOutcome,
	decideStage,
	whyOpen,
};
