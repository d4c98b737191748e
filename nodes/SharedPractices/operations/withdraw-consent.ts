import { showFor, tenantField, type Operation } from '../../shared';
import { consentFields, languageField } from '../fields';
import { recordConsent } from '../record-consent';

export const description: Operation['description'] = showFor({ operation: ['withdrawConsent'] }, [
	tenantField(),
	...consentFields,
	languageField,
]);

export const execute: Operation['execute'] = async (call) => await recordConsent(call, false);
