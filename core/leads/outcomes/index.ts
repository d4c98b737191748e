export {
	listOutcomes,
	OUTCOME_KINDS,
	recordOutcome,
	VERDICTS,
	type NewOutcome,
	type OutcomeKind,
	type RecordedOutcome,
	type Verdict,
} from './record';
export {
	createVerdictLinks,
	readVerdictLink,
	recordVerdictLink,
	type LinkPorts,
	type LinkRequest,
} from './verdict-links';
export { confirmationPage, failurePage, thanksPage, type PageLanguage } from './verdict-page';
export { receiveOutcome, type SignedRequest } from './receive';
export { HORIZON_DAYS, VERDICT_LINK_DAYS } from './defaults';
