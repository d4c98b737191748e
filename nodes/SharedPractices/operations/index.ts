import type { Operation } from '../../shared';
import * as act from './act';
import * as createPageLink from './create-page-link';
import * as get from './get';
import * as giveConsent from './give-consent';
import * as offer from './offer';
import * as openPage from './open-page';
import * as refresh from './refresh';
import * as takeBack from './take-back';
import * as withdrawConsent from './withdraw-consent';

export const OPERATIONS: Record<string, Operation> = {
	act,
	createPageLink,
	get,
	giveConsent,
	offer,
	openPage,
	refresh,
	takeBack,
	withdrawConsent,
};
