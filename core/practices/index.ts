/** What tenants share when both sides agreed: consent, practices, offers, and the way back. Off until somebody agrees. */
export { recordPracticeConsent, type PracticeConsent } from './consent';
export { CONSENT_TEXT_VERSION, consentText } from './consent-texts';
export { FLOOR, REVERT_JOB, SHAREABLE_OPERATIONS, SOURCES } from './defaults';
export { offerPractices, type Offer } from './offer';
export { actOnPractices, createPracticesLink, openPractices, type ActedPractices } from './open';
export { refreshPractices, type RefreshCounts } from './refresh';
export { runPracticeReverts } from './revert';
export { readPractices, type PracticesView } from './store';
