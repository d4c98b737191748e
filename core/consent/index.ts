export {
	addConsent,
	consentsOf,
	PURPOSES,
	recordConsent,
	type Consent,
	type ConsentEvent,
	type Purpose,
} from './consent';
